import type { RegionCode } from '../../../shared/core/ids.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { LivePage, LiveQuery, LiveScreenRow } from '../../../shared/telemetry/live-screen.schema.ts';

/** Cuts live rows to the caller's scope and question, sorts them and takes one page. */
export function livePage(
  rows: readonly LiveScreenRow[],
  query: LiveQuery,
  { scope, nowMs }: { readonly scope: readonly RegionCode[]; readonly nowMs: number },
): LivePage {
  const { region, state, q, sort, order, limit, offset } = query;
  const seen = rows.filter(
    (row) =>
      scope.some((held) => isWithin(row.region, held)) &&
      (region === undefined || isWithin(row.region, region)),
  );
  const matching = seen.filter(
    (row) => (state === undefined || isIn(row, state)) && (q === undefined || q === '' || mentions(row, q)),
  );
  const sign = order === 'asc' ? 1 : -1;
  const sorted = matching.toSorted((a, b) => sign * COMPARE[sort](a, b) || (a.screen < b.screen ? -1 : 1));
  const online = seen.filter((row) => row.online).length;
  return {
    rows: sorted.slice(offset, offset + limit),
    total: matching.length,
    online,
    offline: seen.length - online,
    nowMs,
  };
}

function isIn(row: LiveScreenRow, state: NonNullable<LiveQuery['state']>): boolean {
  switch (state) {
    case 'online':
      return row.online;
    case 'offline':
      return !row.online;
    case 'playing':
      return row.online && row.showing.kind === 'item';
    case 'waiting':
      return row.online && row.showing.kind !== 'item';
    default:
      return state satisfies never;
  }
}

function mentions(row: LiveScreenRow, q: string): boolean {
  return (
    row.name.includes(q) ||
    row.screen === q ||
    row.device === q ||
    row.region.startsWith(q) ||
    row.regionNames.some((name) => name.includes(q)) ||
    (row.showing.kind === 'item' && row.showing.title.includes(q))
  );
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const COMPARE: Readonly<Record<LiveQuery['sort'], (a: LiveScreenRow, b: LiveScreenRow) => number>> = {
  region: (a, b) => byText(a.region, b.region),
  name: (a, b) => byText(a.name, b.name),
  since: (a, b) => a.sinceMs - b.sinceMs,
  'last-beat': (a, b) => a.lastBeatMs - b.lastBeatMs,
  pending: (a, b) => a.pending - b.pending,
};
