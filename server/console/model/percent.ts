import { compareRates, rateText } from '../../../shared/assessment/format.ts';
import { DASH, NOTHING } from './format.ts';
import type { Ratio, RateRange } from './rates.ts';

/** Two decimals, half up, from the exact quotient; no sign, no unit: `88.14`. */
export const percentNumber = (ratio: Ratio): string => rateText(ratio);

/** `88.14 %`, or — where there is nothing to show. */
export function percentText(ratio: Ratio | null): string {
  return ratio === null ? NOTHING : `${percentNumber(ratio)} %`;
}

/** One decimal for tiles: `88.1`. */
export function percentShort(ratio: Ratio): string {
  const { numerator, denominator } = ratio;
  const tenths = (BigInt(numerator) * 2_000n + BigInt(denominator)) / (2n * BigInt(denominator));
  return `${tenths / 10n}.${tenths % 10n}`;
}

/**
 * A range in whole percents for tiles: `54–100`, rounded outwards, so that it never looks narrower
 * than it is; `100` and not `100–100` where both ends meet.
 */
export function rangeShort({ known, upper }: RateRange): string {
  const low = (100n * BigInt(known.numerator)) / BigInt(known.denominator);
  const end = upper ?? known;
  const high = (100n * BigInt(end.numerator) + BigInt(end.denominator) - 1n) / BigInt(end.denominator);
  return low === high ? `${low}` : `${low}${DASH}${high}`;
}

/** Whether a range has an upper end that differs from what is proven. */
export function isOpen(range: RateRange): boolean {
  return range.upper !== null && compareRates(range.upper, range.known) !== 0;
}

/** `80.00–88.33`, or the one value when nothing is unknown; — without a denominator. */
export function rangeText(range: RateRange | null): string {
  if (range === null) return NOTHING;
  const low = percentNumber(range.known);
  return range.upper !== null && isOpen(range) ? `${low}${DASH}${percentNumber(range.upper)}` : low;
}
