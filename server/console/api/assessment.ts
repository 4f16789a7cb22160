import type {
  DayInterval,
  RecordPage,
  RegionFigures,
  ScreenDay,
  ScreenFigure,
} from '../../../shared/assessment/assessment.schema.ts';
import {
  regionFiguresSchema,
  recordPageSchema,
  screenDaySchema,
  screenFigurePageSchema,
} from '../../../shared/assessment/assessment.schema.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import { addressOf, call } from './client.ts';

export interface FiguresQuestion {
  readonly parent: string;
  readonly tier: Tier;
  readonly day: LocalDay;
}

/** The figures of every region of `tier` below `parent` on `day`, and their total. */
export function regionFigures(question: FiguresQuestion, signal?: AbortSignal): Promise<RegionFigures> {
  return call(regionFiguresSchema, '/api/assessment/regions', {
    query: { ...question },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Where the same figures are downloaded as CSV. */
export function regionFiguresCsv(question: FiguresQuestion): string {
  return addressOf('/api/assessment/regions.csv', { ...question });
}

/** Most screens that one page of the center's answer holds, and most that a county's table draws. */
const PAGE = 2_000;
const MOST = 4_000;

/** The screens of a region on `day`; `total` says when there are more than are drawn. */
export async function screenFigures(
  region: string,
  day: LocalDay,
  signal?: AbortSignal,
): Promise<{ readonly rows: readonly ScreenFigure[]; readonly total: number }> {
  const rows: ScreenFigure[] = [];
  for (;;) {
    const page = await call(screenFigurePageSchema, `/api/assessment/regions/${region}/screens`, {
      query: { day, limit: PAGE, offset: rows.length },
      ...(signal === undefined ? {} : { signal }),
    });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(page.total, MOST))
      return { rows, total: page.total };
  }
}

/** One screen's day as intervals with their evidence. */
export function screenDay(screen: string, day: LocalDay, signal?: AbortSignal): Promise<ScreenDay> {
  return call(
    screenDaySchema,
    `/api/assessment/screens/${screen}/days/${day}`,
    signal === undefined ? {} : { signal },
  );
}

/** The journal records that an interval rests on, in the order in which they were written. */
export async function dayRecords(
  screen: string,
  day: LocalDay,
  interval: DayInterval,
  signal?: AbortSignal,
): Promise<RecordPage['records']> {
  const pages = await Promise.all(
    interval.records.map(({ boot, first, last }) =>
      call(recordPageSchema, `/api/assessment/screens/${screen}/days/${day}/records`, {
        query: { boot, first, last },
        ...(signal === undefined ? {} : { signal }),
      }),
    ),
  );
  return pages.flatMap((page) => page.records);
}
