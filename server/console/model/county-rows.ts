import { isRanked, unknownShare } from '../../../shared/assessment/format.ts';
import type { RegionFigure } from '../../../shared/assessment/assessment.schema.ts';
import { cityKeyOf } from './tiles.ts';
import type { RateRange, Ratio, Standing } from './rates.ts';
import { compareNullable, isNeverContacted, regionRate, standingsOf } from './rates.ts';

/** A county as a row of the table: its figure and what is derived from it once. */
export interface CountyRow {
  readonly figure: RegionFigure;
  readonly city: string;
  readonly on: RateRange | null;
  readonly used: RateRange | null;
  readonly unknown: Ratio | null;
  /** Every screen of it was never heard from. */
  readonly silent: boolean;
  readonly standing: Standing | null;
}

/** Rows with their provisional places among all the counties given. */
export function countyRows(figures: readonly RegionFigure[]): CountyRow[] {
  const standings = standingsOf(
    figures.map((figure) => ({
      key: figure.region,
      rate: isRanked(figure.sums) ? regionRate('on', figure) : null,
    })),
  );
  return figures.map((figure) => ({
    figure,
    city: cityKeyOf(figure.region),
    on: regionRate('on', figure),
    used: regionRate('used', figure),
    unknown: figure.sums.requiredS === 0 ? null : unknownShare(figure.sums),
    silent: isNeverContacted(figure.counts),
    standing: standings.get(figure.region) ?? null,
  }));
}

export const SORT_KEYS = [
  'rank',
  'name',
  'city',
  'service',
  'online',
  'due',
  'on',
  'used',
  'unknown',
  'never',
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly key: SortKey;
  /** 1 smallest first, -1 largest first. */
  readonly direction: 1 | -1;
}

/** From the address: `on` upwards, `-on` downwards; anything unknown is the best first. */
export function parseSort(text: string): Sort {
  const direction = text.startsWith('-') ? -1 : 1;
  const key = SORT_KEYS.find((known) => known === text.replace(/^-/, ''));
  return key === undefined ? { key: 'rank', direction: 1 } : { key, direction };
}

export function sortText(sort: Sort): string {
  return sort.direction === 1 ? sort.key : `-${sort.key}`;
}

/** A click on a column's head: the other way round, or that column with its useful end first. */
export function toggleSort(sort: Sort, key: SortKey): Sort {
  if (sort.key === key) return { key, direction: sort.direction === 1 ? -1 : 1 };
  return { key, direction: key === 'rank' || key === 'name' || key === 'city' ? 1 : -1 };
}

const byCode = (a: CountyRow, b: CountyRow) => (a.figure.region < b.figure.region ? -1 : 1);
const byName = new Intl.Collator('zh-CN');

/** Sorted without rounding; rows with nothing to show come last either way, ties go by code. */
export function sortRows(rows: readonly CountyRow[], sort: Sort): CountyRow[] {
  const { direction } = sort;
  const count = (pick: (row: CountyRow) => number) => (a: CountyRow, b: CountyRow) =>
    (pick(a) - pick(b)) * direction;
  const ratio = (pick: (row: CountyRow) => Ratio | null) => (a: CountyRow, b: CountyRow) =>
    compareNullable(pick(a), pick(b), direction);
  const compare = {
    rank: (a: CountyRow, b: CountyRow) => {
      if (a.standing === null || b.standing === null)
        return a.standing === b.standing ? 0 : a.standing === null ? 1 : -1;
      return (a.standing.rank - b.standing.rank) * direction;
    },
    name: (a: CountyRow, b: CountyRow) => byName.compare(a.figure.name, b.figure.name) * direction,
    city: (a: CountyRow, b: CountyRow) => (a.city === b.city ? 0 : a.city < b.city ? -1 : 1) * direction,
    service: count((row) => row.figure.counts.inService),
    online: count((row) => row.figure.counts.online),
    due: count((row) => row.figure.counts.dueNow),
    on: ratio((row) => row.on?.known ?? null),
    used: ratio((row) => row.used?.known ?? null),
    unknown: ratio((row) => row.unknown),
    never: count((row) => row.figure.counts.neverContacted),
  }[sort.key];
  return [...rows].sort((a, b) => compare(a, b) || byCode(a, b));
}

/** Rows of one city (empty text: all) whose name, city or code holds `text`. */
export function filterRows(rows: readonly CountyRow[], city: string, text: string): CountyRow[] {
  const wanted = text.trim();
  return rows.filter(
    (row) =>
      (city === '' || row.city === city) &&
      (wanted === '' ||
        row.figure.name.includes(wanted) ||
        row.figure.parentName.includes(wanted) ||
        row.figure.region.startsWith(wanted)),
  );
}
