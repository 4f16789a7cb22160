import type { DenialId, ScheduleId } from '../core/ids.ts';
import type { DayNumber, Instant } from '../core/time.ts';
import { dayNumberOf, midnightOf } from '../core/time.ts';
import type { Plan } from '../plan/plan.schema.ts';
import type { Program, Rule } from './compile.ts';
import { durationOf, hardStartAfter } from './decide.ts';
import { denialsAt } from './denials.ts';
import type { Step } from './resolve-segment.ts';
import type { Epoch, Opening, OpenPiece, Scene } from './segment.ts';
import type { Denial } from './timeline.ts';
import { stretchOn } from './windows.ts';
import type { Stretch } from './windows.ts';

/** A denial that says which it is, where that is known. */
export type NamedDenial = Denial & { readonly id?: DenialId };

/** What an item would run into (DESIGN.md section 4, boundaries). */
export interface Boundary {
  readonly kind: 'hard-start' | 'reserved' | 'midnight' | 'window-end';
  readonly at: Instant;
}

/** How a schedule stands at an instant; `by` is the schedule, reserved window or denial in its way. */
export type Standing =
  | { readonly name: 'on-air' | 'empty' | 'no-quota' | 'played-once'; readonly by: null }
  /** `opens`: its next window within {@link LOOK_AHEAD_DAYS}. */
  | { readonly name: 'closed'; readonly by: null; readonly opens: Instant | null }
  /** `until`: when that ends; `null` for until further notice. */
  | { readonly name: 'reserved' | 'denied'; readonly by: string; readonly until: Instant | null }
  | { readonly name: 'outranked' | 'waiting' | 'not-cut'; readonly by: ScheduleId | null }
  | {
      readonly name: 'does-not-fit';
      readonly by: string | null;
      /** The next item, by its place in the playlist, and its length. */
      readonly item: number;
      readonly durationS: number;
      readonly boundary: Boundary;
    };

/** How far ahead a closed schedule's next window is looked for. */
export const LOOK_AHEAD_DAYS = 14;

/** What is explained. */
export interface Explained {
  readonly plan: Plan;
  readonly denials: readonly NamedDenial[];
  readonly program: Program;
  readonly scene: Scene;
}

/** An instant of a resolved segment. */
export interface Moment {
  readonly at: Instant;
  /** What is on. */
  readonly step: Step;
  /** The epoch that holds the instant. */
  readonly epoch: Epoch;
  /** The last time that something else could have begun: when what is on began, or something opened since. */
  readonly asked: { readonly epoch: Epoch; readonly at: number };
}

const NOTHING_DENIED = denialsAt([], 0);

/** Why `rule` is on at a moment, or the exact reason why it is not. */
export function standingAt(explained: Explained, rule: Rule, moment: Moment): Standing {
  const { entry } = moment.step;
  if (entry.schedule === rule.id) return { name: 'on-air', by: null };
  if (rule.items.length === 0) return { name: 'empty', by: null };
  const open = openOf(moment.epoch, rule);
  const [first] = open;
  if (first === undefined) return closedOrReserved(explained, rule, moment.at);
  const denied = deniedAt(explained, rule, moment);
  if (denied !== null) return denied;
  if (rule.class === 'rotation' && !moment.step.progress.queue.admits(rule.rank))
    return { name: 'no-quota', by: null };
  if (rule.class === 'rotation') return rotationStanding(explained, rule, first, moment);
  if (rule.class === 'filler') return { name: 'outranked', by: entry.schedule };
  return mandatoryStanding(explained, open, moment);
}

/** The pieces of a schedule's windows that are open in an epoch, in order. */
function openOf(epoch: Epoch, rule: Rule): readonly OpenPiece[] {
  const open =
    rule.class === 'mandatory'
      ? epoch.mandatory
      : rule.class === 'filler'
        ? epoch.filler
        : (epoch.rotation[rule.rank] ?? []);
  return open.filter(({ opening }) => opening.rule === rule);
}

function mandatoryStanding(
  explained: Explained,
  open: readonly OpenPiece[],
  { step, epoch, asked }: Moment,
): Standing {
  const { progress, choice } = step;
  const next = (piece: OpenPiece) => progress.nextItem(piece.opening, epoch.denials);
  const piece = open.find((one) => next(one) >= 0);
  if (piece === undefined) return { name: 'played-once', by: null };
  if (choice.kind === 'mandatory' && choice.opening.order < piece.opening.order)
    return { name: 'outranked', by: choice.opening.rule.id };
  return unfit(explained, piece, { step, asked }) ?? { name: 'not-cut', by: step.entry.schedule };
}

function rotationStanding(explained: Explained, rule: Rule, piece: OpenPiece, moment: Moment): Standing {
  const { step, asked } = moment;
  const { entry, choice, progress } = step;
  if (choice.kind === 'mandatory') return { name: 'outranked', by: entry.schedule };
  if (choice.kind !== 'rotation')
    return unfit(explained, piece, { step, asked }) ?? { name: 'not-cut', by: entry.schedule };
  const began = explained.scene.epochs[step.index] as Epoch;
  const [then] = openOf(began, rule);
  const wasCandidate =
    then !== undefined && piece.start <= entry.start && progress.nextItem(then.opening, began.denials) >= 0;
  if (!wasCandidate) return { name: 'not-cut', by: entry.schedule };
  return (
    unfit(explained, then, { step, asked: { epoch: began, at: entry.start } }) ?? {
      name: 'waiting',
      by: entry.schedule,
    }
  );
}

/** What the next item of an open piece would run into; `null` where it would fit. */
function unfit(
  { scene, plan, program }: Explained,
  { opening, end }: OpenPiece,
  { step: { progress }, asked }: Pick<Moment, 'step' | 'asked'>,
): Standing | null {
  const item = progress.nextItem(opening, asked.epoch.denials);
  const durationS = durationOf(opening, item);
  const outranking = opening.rule.class === 'mandatory' ? opening.order : Infinity;
  const hard = hardStartAfter(scene, progress, asked.epoch, { after: asked.at, outranking });
  if (asked.at + durationS <= Math.min(end, hard?.at ?? Infinity)) return null;
  const unfitItem = { name: 'does-not-fit', item, durationS } as const;
  if (hard !== null && hard.at < end)
    return {
      ...unfitItem,
      by: hard.opening.rule.id,
      boundary: { kind: 'hard-start', at: hard.at as Instant },
    };
  const by = end === opening.end ? null : reserveAt({ plan, program }, opening.rule, end);
  return {
    ...unfitItem,
    by: by?.id ?? null,
    boundary: { kind: pieceEndKind(opening, end, by), at: end as Instant },
  };
}

function pieceEndKind(opening: Opening, end: number, reserve: ReserveAt | null): Boundary['kind'] {
  if (end === opening.end) return 'window-end';
  return reserve === null ? 'midnight' : 'reserved';
}

function closedOrReserved({ plan, program }: Explained, rule: Rule, at: Instant): Standing {
  if (!isOpenUncut(rule, at)) return { name: 'closed', by: null, opens: nextOpening(rule, at) };
  const reserve = reserveAt({ plan, program }, rule, at);
  // A window is open and not here: only a reserved window cuts pieces out.
  if (reserve === null) return { name: 'closed', by: null, opens: nextOpening(rule, at) };
  return { name: 'reserved', by: reserve.id, until: reserve.end as Instant };
}

/** Whether one of its windows holds the instant, before anything is cut out of it. */
function isOpenUncut(rule: Rule, at: Instant): boolean {
  return stretchesAround(rule, at).some(({ start, end }) => start <= at && at < end);
}

interface ReserveAt extends Stretch {
  readonly id: string;
}

/** The reserved window of a higher tier that holds an instant. */
function reserveAt(
  { plan, program }: Pick<Explained, 'plan' | 'program'>,
  rule: Rule,
  at: number,
): ReserveAt | null {
  for (const [index, reserve] of program.reserves.entries()) {
    if (reserve.rank >= rule.rank) continue;
    const held = stretchesAround(reserve, at as Instant).find(({ start, end }) => start <= at && at < end);
    if (held !== undefined) return { id: plan.reserved[index]?.id ?? '', ...held };
  }
  return null;
}

/**
 * Where a schedule's windows and the reserved windows above it begin and end around an instant's day:
 * what is not there at all makes no epochs, and may still turn from reserved into closed.
 */
export function outerEdges({ program }: Explained, rule: Rule, at: Instant): number[] {
  const above = program.reserves.filter((reserve) => reserve.rank < rule.rank);
  return [rule, ...above]
    .flatMap((timed) => stretchesAround(timed, at))
    .flatMap(({ start, end }) => [start, end])
    .sort((a, b) => a - b);
}

/** Windows that start on the instant's day or the day before. */
function stretchesAround({ days, spans }: Pick<Rule, 'days' | 'spans'>, at: Instant): Stretch[] {
  const today = dayNumberOf(at);
  return [today - 1, today].flatMap((day) =>
    days.holds(day as DayNumber) ? spans.map((span) => stretchOn(span, day as DayNumber)) : [],
  );
}

function nextOpening({ days, spans }: Rule, at: Instant): Instant | null {
  const today = dayNumberOf(at);
  for (let day = today; day <= today + LOOK_AHEAD_DAYS; day = (day + 1) as DayNumber) {
    if (!days.holds(day)) continue;
    const starts = spans.map((span) => midnightOf(day) + span.start).filter((start) => start > at);
    if (starts.length > 0) return Math.min(...starts) as Instant;
  }
  return null;
}

/**
 * Denied as a whole, or in all that is left of its playlist. One that plays once and has nothing left
 * even without denials has played, and is not denied.
 */
function deniedAt({ denials }: Explained, rule: Rule, { at, epoch, step }: Moment): Standing | null {
  if (!epoch.denials.any) return null;
  const { progress } = step;
  const open = openOf(epoch, rule);
  if (open.some(({ opening }) => progress.nextItem(opening, epoch.denials) >= 0)) return null;
  if (open.every(({ opening }) => progress.nextItem(opening, NOTHING_DENIED) < 0)) return null;
  const assets = new Set<string>(rule.items.map(({ asset }) => asset));
  const inForce = denials.filter((one) => one.from <= at && (one.to === null || at < one.to));
  const denial =
    inForce.find((one) => one.kind === 'stop-all') ??
    inForce.find((one) => one.kind === 'schedule' && one.subject === rule.id) ??
    inForce.find((one) => one.kind === 'asset' && assets.has(one.subject));
  if (denial === undefined) return null;
  return { name: 'denied', by: denial.id ?? (denial.subject || 'stop-all'), until: denial.to };
}
