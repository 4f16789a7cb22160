import type { DayNumber } from '../core/time.ts';
import { DAY_S, dayNumberOf, midnightOf } from '../core/time.ts';
import type { Instant } from '../core/time.ts';
import { TIERS } from '../region/tier.ts';
import type { Program, Reserve, Rule } from './compile.ts';
import { isCrossed } from './compile.ts';
import type { DenialState } from './denials.ts';
import { denialChanges, denialsAt } from './denials.ts';
import type { Denial } from './timeline.ts';
import { clip, splitAt, stretchOn, subtract } from './windows.ts';
import type { Stretch } from './windows.ts';

/**
 * Local days that are resolved together: from a midnight that no mandatory window crosses to the
 * next such (SCHEDULING.md rule 4). Nothing that happens before it matters inside.
 */
export interface Segment extends Stretch {
  readonly firstDay: DayNumber;
  readonly afterLastDay: DayNumber;
}

/** Longest chain of days that publishing allows. */
export const LONGEST_CHAIN_DAYS = 7;

/** One window of one schedule on one day. */
export interface Opening {
  readonly rule: Rule;
  /** Where the whole window starts and ends, before anything is cut out of it. */
  readonly start: number;
  readonly end: number;
  /** What is left of it inside the segment; items end by the end of their piece. */
  readonly pieces: readonly Stretch[];
  /** Place in the order of its class: the smaller outranks. */
  readonly order: number;
}

/** A piece of a window, with the window it is of. */
export interface OpenPiece extends Stretch {
  readonly opening: Opening;
}

/** Between two neighbouring edges nothing opens, closes, or is denied or lifted. */
export interface Epoch extends Stretch {
  readonly day: DayNumber;
  readonly denials: DenialState;
  /** In order. */
  readonly mandatory: readonly OpenPiece[];
  /** By tier rank; one per schedule. */
  readonly rotation: readonly (readonly OpenPiece[])[];
  /** In order. */
  readonly filler: readonly OpenPiece[];
  /** A window opens, or a denial begins or is lifted, where this epoch begins. */
  readonly opens: boolean;
}

/** A start of a mandatory's window or of what a reserved window left of it. */
export interface HardStart {
  readonly at: number;
  readonly opening: Opening;
}

/** Everything that is known of a segment before it is resolved. */
export interface Scene {
  readonly segment: Segment;
  readonly epochs: readonly Epoch[];
  /** By instant. */
  readonly hardStarts: readonly HardStart[];
  /** How many mandatory windows there are; their orders are below it. */
  readonly mandatoryCount: number;
}

/** The segment that holds an instant. */
export function segmentAt(program: Program, instant: Instant): Segment {
  const day = dayNumberOf(instant);
  let firstDay = day;
  while (!isClean(program, firstDay)) firstDay = (firstDay - 1) as DayNumber;
  let afterLastDay = (day + 1) as DayNumber;
  while (!isClean(program, afterLastDay)) afterLastDay = (afterLastDay + 1) as DayNumber;
  return { firstDay, afterLastDay, start: midnightOf(firstDay), end: midnightOf(afterLastDay) };
}

/**
 * Whether resolving may begin at this day's midnight. Publishing refuses a chain of crossed midnights
 * longer than seven; should a plan hold one all the same, every seventh midnight of it is taken as
 * clean, so that a player's work stays bounded and every machine still answers alike.
 */
function isClean(program: Program, day: DayNumber): boolean {
  if (!isCrossed(program, day)) return true;
  if (day % LONGEST_CHAIN_DAYS !== 0) return false;
  let before = 0;
  while (before < LONGEST_CHAIN_DAYS && isCrossed(program, (day - before - 1) as DayNumber)) before += 1;
  let after = 0;
  while (after < LONGEST_CHAIN_DAYS && isCrossed(program, (day + after + 1) as DayNumber)) after += 1;
  return before + 1 + after >= LONGEST_CHAIN_DAYS;
}

/** Lays out a segment: which pieces of which windows are open when, in which order, under which denials. */
export function layOut(program: Program, denials: readonly Denial[], segment: Segment): Scene {
  const midnights: number[] = [];
  for (let day = segment.firstDay; day <= segment.afterLastDay; day = (day + 1) as DayNumber)
    midnights.push(midnightOf(day));
  const open = (rules: readonly Rule[]) => piecesOf(inOrder(openingsOf(program, rules, segment, midnights)));
  const mandatory = open(program.mandatory);
  const rotation = open(program.rotation);
  const filler = open(program.filler);

  const changes = denialChanges(denials).filter((at) => at > segment.start && at < segment.end);
  const edges = new Set<number>([...midnights, ...changes]);
  const starts = new Set<number>(changes);
  for (const piece of [...mandatory, ...rotation, ...filler]) {
    edges.add(piece.start).add(piece.end);
    starts.add(piece.start);
  }
  const instants = [...edges].sort((a, b) => a - b);
  const openMandatory = openFrom(mandatory, instants);
  const openFiller = openFrom(filler, instants);
  // An edge concerns one tier, so each keeps its list while the others' change.
  const openTiers = TIERS.map((_, rank) =>
    openFrom(
      rotation.filter(({ opening }) => opening.rule.rank === rank),
      instants,
      longestOfEach,
    ),
  );
  const epochs = instants.slice(1).map((end, index): Epoch => {
    const start = instants[index] as number;
    return {
      start,
      end,
      day: dayNumberOf(start as Instant),
      denials: denialsAt(denials, start),
      mandatory: openMandatory[index] as readonly OpenPiece[],
      rotation: openTiers.map((open) => open[index] as readonly OpenPiece[]),
      filler: openFiller[index] as readonly OpenPiece[],
      opens: starts.has(start),
    };
  });
  const hardStarts = mandatory
    .map(({ start, opening }): HardStart => ({ at: start, opening }))
    .sort((a, b) => a.at - b.at || a.opening.order - b.opening.order);
  return {
    segment,
    epochs,
    hardStarts,
    mandatoryCount: mandatory.reduce((count, { opening }) => Math.max(count, opening.order + 1), 0),
  };
}

function openingsOf(
  program: Program,
  rules: readonly Rule[],
  segment: Segment,
  midnights: readonly number[],
): Omit<Opening, 'order'>[] {
  const openings: Omit<Opening, 'order'>[] = [];
  const holesByRank = new Map<number, Stretch[]>();
  const holesOf = (rank: number): Stretch[] => {
    const known = holesByRank.get(rank);
    if (known !== undefined) return known;
    const holes = program.reserves
      .filter((reserve) => reserve.rank < rank)
      .flatMap((reserve) => stretchesOf(reserve, segment));
    holesByRank.set(rank, holes);
    return holes;
  };
  for (const rule of rules) {
    if (rule.items.length === 0) continue;
    for (const stretch of stretchesOf(rule, segment)) {
      const inside = clip(stretch, segment);
      if (inside === null) continue;
      const left = subtract(inside, holesOf(rule.rank));
      // Mandatory ignores midnight; rotation and filler end by it (SCHEDULING.md rules 4, 11, 12).
      const pieces = rule.class === 'mandatory' ? left : left.flatMap((piece) => splitAt(piece, midnights));
      if (pieces.length > 0) openings.push({ rule, ...stretch, pieces });
    }
  }
  return openings;
}

/** Windows that touch the segment: one that starts the day before may run into it. */
function stretchesOf(timed: Reserve | Rule, segment: Segment): Stretch[] {
  const stretches: Stretch[] = [];
  for (let day = segment.firstDay - 1; day < segment.afterLastDay; day += 1) {
    if (!timed.days.holds(day as DayNumber)) continue;
    for (const span of timed.spans)
      if (day >= segment.firstDay || span.end > DAY_S) stretches.push(stretchOn(span, day as DayNumber));
  }
  return stretches;
}

/** Higher tier, then higher priority, then earlier start of the whole window, then id. */
function inOrder(openings: readonly Omit<Opening, 'order'>[]): Opening[] {
  return openings
    .toSorted(
      (a, b) =>
        a.rule.rank - b.rule.rank ||
        b.rule.priority - a.rule.priority ||
        a.start - b.start ||
        a.rule.index - b.rule.index ||
        a.end - b.end,
    )
    .map((opening, order) => ({ ...opening, order }));
}

/** The pieces of openings, in the openings' order. */
function piecesOf(openings: readonly Opening[]): OpenPiece[] {
  return openings.flatMap((opening) => opening.pieces.map(({ start, end }) => ({ opening, start, end })));
}

/**
 * Which pieces are open from each instant on, in their order. One pass over the instants, which hold
 * every start and end: the list stays the same one while nothing of it opens or closes.
 */
function openFrom(
  pieces: readonly OpenPiece[],
  instants: readonly number[],
  choose: (open: readonly OpenPiece[]) => readonly OpenPiece[] = (open) => open,
): (readonly OpenPiece[])[] {
  const places = new Map(pieces.map((piece, place) => [piece, place]));
  const inOrderOf = (a: OpenPiece, b: OpenPiece) => (places.get(a) as number) - (places.get(b) as number);
  const coming = pieces.toSorted((a, b) => b.start - a.start);
  let open: OpenPiece[] = [];
  let chosen: readonly OpenPiece[] = open;
  let nextEnd = Infinity;
  return instants.map((instant) => {
    const opening: OpenPiece[] = [];
    for (let next = coming.at(-1); next !== undefined && next.start <= instant; next = coming.at(-1)) {
      opening.push(next);
      coming.pop();
    }
    if (opening.length === 0 && nextEnd > instant) return chosen;
    open = [...open, ...opening].filter((piece) => piece.end > instant);
    if (opening.length > 0) open.sort(inOrderOf);
    nextEnd = open.reduce((first, { end }) => Math.min(first, end), Infinity);
    chosen = choose(open);
    return chosen;
  });
}

/** One piece per rotation schedule: where its own windows overlap, the one that ends last. */
function longestOfEach(open: readonly OpenPiece[]): readonly OpenPiece[] {
  // Windows of one span a day are at most a day long and never overlap their own.
  if (open.every(({ opening }) => opening.rule.spans.length === 1)) return open;
  const longest = new Map<Rule, OpenPiece>();
  for (const piece of open) {
    const other = longest.get(piece.opening.rule);
    if (other === undefined || other.end < piece.end) longest.set(piece.opening.rule, piece);
  }
  return [...longest.values()];
}
