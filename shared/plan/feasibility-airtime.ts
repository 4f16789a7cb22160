import type { ScheduleId } from '../core/ids.ts';
import type { DayNumber } from '../core/time.ts';
import { DAY_S, midnightOf } from '../core/time.ts';
import { TIERS } from '../region/tier.ts';
import { compile } from '../schedule/compile.ts';
import { walkSegment } from '../schedule/resolve-segment.ts';
import type { Step } from '../schedule/resolve-segment.ts';
import { layOut, segmentAt } from '../schedule/segment.ts';
import type { DenialState } from '../schedule/denials.ts';
import type { Epoch, OpenPiece, Scene } from '../schedule/segment.ts';
import type { Denial } from '../schedule/timeline.ts';
import type { Plan } from './plan.schema.ts';

/** Seconds of a local day by what is on; built-in filler is `empty`. They sum to 86 400. */
export interface ClassAirtime {
  readonly mandatory: number;
  readonly rotation: number;
  readonly filler: number;
  readonly empty: number;
}

/** A tier's part of a day's rotation. */
export interface TierAirtime {
  readonly airtimeS: number;
  /** Its converted target (SCHEDULING.md rule 21), seconds. */
  readonly targetS: number;
  /** Nothing of it is open that day. */
  readonly empty: boolean;
}

export interface ScheduleAirtime {
  readonly airtimeS: number;
  /** Showings that begin that day. */
  readonly plays: number;
  /** The items of its playlist that are on. */
  readonly items: ReadonlySet<number>;
}

/** What a plan gives to whom on a local day. */
export interface DayAirtime {
  readonly classes: ClassAirtime;
  /** In the order of {@link TIERS}. */
  readonly tiers: readonly TierAirtime[];
  /** Only schedules that are on. */
  readonly schedules: ReadonlyMap<ScheduleId, ScheduleAirtime>;
  /** Every schedule that has an open window, on or not. */
  readonly open: ReadonlySet<ScheduleId>;
}

interface Counts {
  readonly classes: Record<keyof ClassAirtime, number>;
  /** Rotation seconds by which tiers had a candidate then, as bits by rank. */
  readonly candidates: Map<number, number>;
  readonly schedules: Map<ScheduleId, { airtimeS: number; plays: number; items: Set<number> }>;
  readonly byRank: number[];
}

/**
 * Prepares to count a plan's days, under what is denied where a screen is meant.
 * @throws AppError PLAN_RULES_UNKNOWN when the plan names rules that this program does not resolve.
 */
export function airtimeOf(plan: Plan, denials: readonly Denial[] = []): (day: DayNumber) => DayAirtime {
  const program = compile(plan);
  const weights = TIERS.map((tier) => plan.tierWeights[tier]);
  return (day) => {
    const from = midnightOf(day);
    const scene = layOut(program, denials, segmentAt(program, from));
    const within = { from, to: from + DAY_S };
    const counts: Counts = {
      classes: { mandatory: 0, rotation: 0, filler: 0, empty: 0 },
      candidates: new Map(),
      schedules: new Map(),
      byRank: TIERS.map(() => 0),
    };
    walkSegment(program, scene, (step) => {
      if (step.entry.start >= within.to) return false;
      if (step.entry.end > from) count(counts, { scene, step, weights, ...within });
      return true;
    });
    const open = openOn(scene, within);
    const openRanks = new Set(program.rotation.filter((rule) => open.has(rule.id)).map((rule) => rule.rank));
    return {
      classes: counts.classes,
      tiers: TIERS.map((_, rank) => ({
        airtimeS: counts.byRank[rank] ?? 0,
        targetS: targetOf(counts.candidates, weights, rank),
        empty: !openRanks.has(rank),
      })),
      schedules: counts.schedules,
      open,
    };
  };
}

interface Counted {
  readonly scene: Scene;
  readonly step: Step;
  readonly weights: readonly number[];
  readonly from: number;
  readonly to: number;
}

function count(counts: Counts, { scene, step, weights, from, to }: Counted): void {
  const { entry, choice, index } = step;
  const start = Math.max(entry.start, from);
  const end = Math.min(entry.end, to);
  counts.classes[choice.kind === 'built-in' ? 'empty' : choice.kind] += end - start;
  if (choice.kind === 'built-in') return;
  const { rule } = choice.opening;
  const told = counts.schedules.get(rule.id) ?? { airtimeS: 0, plays: 0, items: new Set<number>() };
  told.airtimeS += end - start;
  if (entry.start >= from) told.plays += 1;
  told.items.add(entry.item);
  counts.schedules.set(rule.id, told);
  if (choice.kind !== 'rotation') return;
  counts.byRank[rule.rank] = (counts.byRank[rule.rank] ?? 0) + end - start;
  // Who shares may change while an item is on: a window opens or closes under it.
  for (let at = index; at < scene.epochs.length; at += 1) {
    const epoch = scene.epochs[at] as Epoch;
    if (epoch.start >= end) break;
    const seconds = Math.min(epoch.end, end) - Math.max(epoch.start, start);
    if (seconds <= 0) continue;
    const bits = candidatesIn(epoch, weights);
    counts.candidates.set(bits, (counts.candidates.get(bits) ?? 0) + seconds);
  }
}

/** The tiers that have a candidate, as the resolver sees them: open, with something to show, quota above 0. */
function candidatesIn(epoch: Epoch, weights: readonly number[]): number {
  return epoch.rotation.reduce(
    (bits, pieces, rank) =>
      (weights[rank] ?? 0) > 0 && pieces.some((piece) => mayShow(piece, epoch.denials))
        ? bits | (1 << rank)
        : bits,
    0,
  );
}

/** Whether anything of it may be shown. */
function mayShow({ opening: { rule } }: OpenPiece, denials: DenialState): boolean {
  return (
    !denials.any ||
    (!denials.deniesSchedule(rule.id) && rule.items.some(({ asset }) => !denials.deniesAsset(asset)))
  );
}

/** Rule 21: the sum over the rotation time of the weight divided by the weights of all candidates. */
function targetOf(candidates: ReadonlyMap<number, number>, weights: readonly number[], rank: number): number {
  let target = 0;
  for (const [bits, seconds] of candidates) {
    if ((bits & (1 << rank)) === 0) continue;
    const all = weights.reduce((sum, weight, at) => ((bits & (1 << at)) === 0 ? sum : sum + weight), 0);
    target += (seconds * (weights[rank] ?? 0)) / all;
  }
  return target;
}

function openOn(scene: Scene, { from, to }: { readonly from: number; readonly to: number }): Set<ScheduleId> {
  const open = new Set<ScheduleId>();
  for (const epoch of scene.epochs) {
    if (epoch.end <= from || epoch.start >= to) continue;
    for (const piece of [...epoch.mandatory, ...epoch.rotation.flat(), ...epoch.filler])
      open.add(piece.opening.rule.id);
  }
  return open;
}
