import type { RateRange } from './rates.ts';
import { rateClass, SPLIT_CLASS } from './rates.ts';

/**
 * What a county's tile may say: nothing was required of it, it was never heard from, unknown time
 * still decides, or on which class of the scale it stands.
 */
export type CountyTile =
  | { readonly kind: 'empty' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'undecided'; readonly rate: RateRange }
  | { readonly kind: 'class'; readonly rate: RateRange; readonly step: 1 | 2 | 3 | 4 | 5 | 6 };

/**
 * Whether unknown time decides on which side of the assessment line a rate ends: proven below it,
 * and with all unknown time added on or above it. Exact; a rate without an upper end cannot rise.
 */
export function isUndecided(rate: RateRange): boolean {
  return rate.upper !== null && rateClass(rate.known) < SPLIT_CLASS && rateClass(rate.upper) >= SPLIT_CLASS;
}

/**
 * The tile of a county. A colour is a verdict, so it is given only where unknown time cannot turn it
 * over; after settlement unknown time counts as not on and every rate has its colour.
 */
export function countyTile(
  rate: RateRange | null,
  { silent, settled }: { readonly silent: boolean; readonly settled: boolean },
): CountyTile {
  if (rate === null) return { kind: 'empty' };
  if (silent) return { kind: 'silent' };
  if (!settled && isUndecided(rate)) return { kind: 'undecided', rate };
  return { kind: 'class', rate, step: rateClass(rate.known) };
}

/** How many tiles of each kind there are, those with a class by class from 1 to 6. */
export function countTiles(tiles: readonly CountyTile[]) {
  const of = (kind: CountyTile['kind']) => tiles.filter((tile) => tile.kind === kind).length;
  const classes = [1, 2, 3, 4, 5, 6].map(
    (step) => tiles.filter((tile) => tile.kind === 'class' && tile.step === step).length,
  );
  return { classes, undecided: of('undecided'), silent: of('silent'), empty: of('empty') };
}
