import type {
  DayInterval,
  FigureSums,
  RegionFigure,
  ScreenDay,
} from '../../../shared/assessment/assessment.schema.ts';
import {
  dayIntervalSchema,
  regionFigureSchema,
  screenDaySchema,
} from '../../../shared/assessment/assessment.schema.ts';
import { NO_SUMS } from '../../../shared/assessment/format.ts';
import { midnightOfLocalDay } from '../../../shared/core/time.ts';
import type { LocalDay } from '../../../shared/core/time.ts';

export const DAY = '2026-11-21' as LocalDay;

/** Sums that add up: what is required and neither on nor off is unknown. */
export function makeSums(patch: Partial<FigureSums> = {}): FigureSums {
  const sums = { ...NO_SUMS, ...patch };
  const requiredS = patch.requiredS ?? sums.windowS - sums.exemptS;
  return { ...sums, requiredS, unknownS: patch.unknownS ?? requiredS - sums.onS - sums.offS };
}

export function makeFigure(patch: {
  readonly region: string;
  readonly name?: string;
  readonly parentName?: string;
  readonly sums?: FigureSums;
  readonly counts?: Partial<RegionFigure['counts']>;
}): RegionFigure {
  return regionFigureSchema.parse({
    region: patch.region,
    name: patch.name ?? patch.region,
    tier: 'county',
    parentName: patch.parentName ?? '',
    counts: {
      inService: 1,
      online: 0,
      dueNow: 0,
      dueToday: 0,
      onToday: 0,
      neverContacted: 0,
      demo: 0,
      ...patch.counts,
    },
    sums: patch.sums ?? makeSums(),
  });
}

/** An interval from hour to hour of {@link DAY}. */
export function makeInterval(
  fromHour: number,
  toHour: number,
  state: DayInterval['state'],
  patch: Partial<DayInterval> = {},
): DayInterval {
  const midnight = midnightOfLocalDay(DAY);
  return dayIntervalSchema.parse({
    start: midnight + fromHour * 3600,
    end: midnight + toHour * 3600,
    state,
    required: true,
    exempt: false,
    content: false,
    grade: state === 'on' ? 'A' : null,
    verified: state === 'on',
    cause: null,
    records: [],
    ...patch,
  });
}

export function makeDay(patch: Partial<ScreenDay> = {}): ScreenDay {
  return screenDaySchema.parse({
    screen: 's-aaaaaaaaaaaaaaaa',
    name: '文化广场屏',
    demo: false,
    regionNames: ['河南省', '三门峡市', '卢氏县'],
    day: DAY,
    metricVersion: 1,
    computedAtMs: 0,
    settled: false,
    neverContacted: false,
    requiredHours: [{ start: '08:00', end: '20:00' }],
    sums: makeSums(),
    intervals: [],
    ...patch,
  });
}
