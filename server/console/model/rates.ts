import type { Rate } from '../../../shared/assessment/format.ts';
import { compareRates } from '../../../shared/assessment/format.ts';
import type { FigureSums, RegionFigure, ScreenCounts } from '../../../shared/assessment/assessment.schema.ts';

/** An exact quotient of whole seconds (or screens) whose denominator is above zero. */
export type Ratio = Rate;

/**
 * An unsettled figure: proven so far, and what it may become once unknown time is reported
 * (DESIGN.md section 7). `upper` is `null` where no upper end may be shown (ACCOUNTING.md rule 20).
 */
export interface RateRange {
  readonly known: Ratio;
  readonly upper: Ratio | null;
}

export type RateKind = 'on' | 'used';

/** A rate from its sums; `null` when nothing was required (ΣS = 0, shown as —). */
export function rateOf(kind: RateKind, sums: FigureSums, neverContacted: boolean): RateRange | null {
  if (sums.requiredS === 0) return null;
  const numerator = kind === 'on' ? sums.onS : sums.usedS;
  const denominator = sums.requiredS;
  return {
    known: { numerator, denominator },
    upper: neverContacted ? null : { numerator: numerator + sums.unknownS, denominator },
  };
}

/** Whether no screen behind a region's figure was ever heard from. */
export function isNeverContacted(counts: ScreenCounts): boolean {
  return counts.inService > 0 && counts.neverContacted === counts.inService;
}

/** A region's rate. */
export function regionRate(kind: RateKind, row: Pick<RegionFigure, 'sums' | 'counts'>): RateRange | null {
  return rateOf(kind, row.sums, isNeverContacted(row.counts));
}

/** A part of a whole, `null` when the whole is empty. */
export function shareOf(numerator: number, denominator: number): Ratio | null {
  return denominator === 0 ? null : { numerator, denominator };
}

/** Compares with "nothing to show" always last, whatever the direction. */
export function compareNullable(a: Ratio | null, b: Ratio | null, direction: 1 | -1): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return compareRates(a, b) * direction;
}

/** A provisional place and the places it may still become. */
export interface Standing {
  readonly rank: number;
  readonly best: number;
  readonly worst: number;
}

/**
 * Provisional ranks by the proven rate, unrounded; each with its possible interval: the best place
 * if its unknown time all turns out on and nobody else's does, the worst the other way round.
 * Rows that are not ranked have none. A row without an upper end may rise no higher than it stands.
 */
export function standingsOf<Key>(
  rows: readonly { readonly key: Key; readonly rate: RateRange | null }[],
): ReadonlyMap<Key, Standing> {
  const ranked = rows.flatMap(({ key, rate }) =>
    rate === null ? [] : [{ key, known: rate.known, upper: rate.upper ?? rate.known }],
  );
  const above = (from: Ratio, pick: (row: (typeof ranked)[number]) => Ratio) =>
    ranked.filter((other) => compareRates(pick(other), from) > 0).length;
  return new Map(
    ranked.map((row) => [
      row.key,
      {
        rank: above(row.known, (other) => other.known) + 1,
        best: above(row.upper, (other) => other.known) + 1,
        // Its own upper end lies above its known one only when it has unknown time: not its rival.
        worst: above(row.known, (other) => other.upper) + (compareRates(row.upper, row.known) > 0 ? 0 : 1),
      },
    ]),
  );
}

/** Lower ends of the rate scale's classes in percent. */
export const RATE_STEPS = [75, 80, 85, 90, 95] as const;

/** The first class on the teal side of the scale, which is split at the assessment line. */
export const SPLIT_CLASS = 4;

/** The assessment line in percent: the lower end of {@link SPLIT_CLASS}. */
export const SPLIT_PERCENT = RATE_STEPS[SPLIT_CLASS - 2];

/** Class 1 … 6 of the rate scale (look.css --s1 … --s6), by the unrounded rate. */
export function rateClass(rate: Ratio): 1 | 2 | 3 | 4 | 5 | 6 {
  const passed = RATE_STEPS.filter((step) => rate.numerator * 100 >= step * rate.denominator).length;
  return (passed + 1) as 1 | 2 | 3 | 4 | 5 | 6;
}
