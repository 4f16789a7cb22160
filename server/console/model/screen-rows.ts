import type { ScreenFigure } from '../../../shared/assessment/assessment.schema.ts';
import { unknownShare } from '../../../shared/assessment/format.ts';
import type { RateRange, Ratio } from './rates.ts';
import { compareNullable, rateOf } from './rates.ts';

/** A screen as a row of its county's table. */
export interface ScreenRow {
  readonly screen: ScreenFigure;
  readonly on: RateRange | null;
  readonly used: RateRange | null;
  readonly unknown: Ratio | null;
}

export function screenRows(screens: readonly ScreenFigure[]): ScreenRow[] {
  return screens.map((screen) => ({
    screen,
    on: rateOf('on', screen.sums, screen.neverContacted),
    used: rateOf('used', screen.sums, screen.neverContacted),
    unknown: screen.sums.requiredS === 0 ? null : unknownShare(screen.sums),
  }));
}

export const SCREEN_SORT_KEYS = ['name', 'place', 'online', 'on', 'used', 'unknown', 'contact'] as const;
export type ScreenSortKey = (typeof SCREEN_SORT_KEYS)[number];

export interface ScreenSort {
  readonly key: ScreenSortKey;
  readonly direction: 1 | -1;
}

/** From the address; anything unknown is the worst first, for that is what a county looks for. */
export function parseScreenSort(text: string): ScreenSort {
  const key = SCREEN_SORT_KEYS.find((known) => known === text.replace(/^-/, ''));
  return key === undefined ? { key: 'on', direction: 1 } : { key, direction: text.startsWith('-') ? -1 : 1 };
}

export function screenSortText(sort: ScreenSort): string {
  return sort.direction === 1 ? sort.key : `-${sort.key}`;
}

const byName = new Intl.Collator('zh-CN', { numeric: true });

/** Sorted without rounding; rows with nothing to show come last either way. */
export function sortScreens(rows: readonly ScreenRow[], sort: ScreenSort): ScreenRow[] {
  const { direction } = sort;
  const compare = {
    name: (a: ScreenRow, b: ScreenRow) => byName.compare(a.screen.name, b.screen.name) * direction,
    place: (a: ScreenRow, b: ScreenRow) =>
      (a.screen.region < b.screen.region ? -1 : a.screen.region > b.screen.region ? 1 : 0) * direction,
    online: (a: ScreenRow, b: ScreenRow) => (Number(a.screen.online) - Number(b.screen.online)) * direction,
    on: (a: ScreenRow, b: ScreenRow) => compareNullable(a.on?.known ?? null, b.on?.known ?? null, direction),
    used: (a: ScreenRow, b: ScreenRow) =>
      compareNullable(a.used?.known ?? null, b.used?.known ?? null, direction),
    unknown: (a: ScreenRow, b: ScreenRow) => compareNullable(a.unknown, b.unknown, direction),
    contact: (a: ScreenRow, b: ScreenRow) =>
      ((a.screen.lastContactMs ?? 0) - (b.screen.lastContactMs ?? 0)) * direction,
  }[sort.key];
  return [...rows].sort(
    (a, b) =>
      compare(a, b) ||
      byName.compare(a.screen.name, b.screen.name) ||
      (a.screen.screen < b.screen.screen ? -1 : 1),
  );
}
