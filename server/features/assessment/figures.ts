import type {
  FigureSums,
  RegionFigure,
  RegionFigures,
  ScreenCounts,
  ScreenFigure,
} from '../../../shared/assessment/assessment.schema.ts';
import { METRIC_VERSION } from '../../../shared/assessment/assessment.schema.ts';
import { NO_SUMS, addSums, compareRates, onRate } from '../../../shared/assessment/format.ts';
import { isInService } from '../../../shared/assessment/required-hours.ts';
import type { RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Region } from '../../../shared/region/region.schema.ts';
import { lineageOf } from '../../../shared/region/tier.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';

/** One screen on one day, with what is known of it live. */
export interface AssessedScreen {
  readonly screen: Screen;
  readonly sums: FigureSums;
  readonly online: boolean;
  /** It owes this very second; today only. */
  readonly dueNow: boolean;
  /** On right now by live state (今日开机 only, never assessed). */
  readonly seenLive: boolean;
  readonly lastContactMs: number | null;
}

export const NO_COUNTS: ScreenCounts = {
  inService: 0,
  online: 0,
  dueNow: 0,
  dueToday: 0,
  onToday: 0,
  neverContacted: 0,
  demo: 0,
};

function countsOf(one: AssessedScreen): ScreenCounts {
  const due = one.sums.requiredS > 0;
  return {
    inService: 1,
    online: Number(one.online),
    dueNow: Number(one.dueNow),
    dueToday: Number(due),
    onToday: Number(due && (one.sums.onS > 0 || one.seenLive)),
    neverContacted: Number(one.lastContactMs === null),
    demo: Number(one.screen.demo),
  };
}

function addCounts(a: ScreenCounts, b: ScreenCounts): ScreenCounts {
  return {
    inService: a.inService + b.inService,
    online: a.online + b.online,
    dueNow: a.dueNow + b.dueNow,
    dueToday: a.dueToday + b.dueToday,
    onToday: a.onToday + b.onToday,
    neverContacted: a.neverContacted + b.neverContacted,
    demo: a.demo + b.demo,
  };
}

export interface RegionFiguresInput {
  readonly day: LocalDay;
  readonly nowMs: number;
  readonly parent: Region;
  /** The rows' regions, all inside `parent`. */
  readonly rows: readonly Region[];
  readonly nameOf: (region: RegionCode) => string;
  /** Screens inside `parent`; those not in service on the day count for nothing. */
  readonly screens: readonly AssessedScreen[];
}

/** Pools the screens' sums per region: sums of sums, never means of ratios (DESIGN.md section 7). */
export function poolRegions(input: RegionFiguresInput): RegionFigures {
  const { day, nowMs, parent, rows, nameOf } = input;
  const totals = new Map<RegionCode, { sums: FigureSums; counts: ScreenCounts }>(
    rows.map((row) => [row.code, { sums: NO_SUMS, counts: NO_COUNTS }]),
  );
  let total = { sums: NO_SUMS, counts: NO_COUNTS };
  for (const one of input.screens) {
    const { commissionedOn, retiredOn, region } = one.screen;
    if (!isInService(day, commissionedOn, retiredOn)) continue;
    const counts = countsOf(one);
    total = { sums: addSums(total.sums, one.sums), counts: addCounts(total.counts, counts) };
    // Rows of one tier never nest, so at most one is in a screen's lineage.
    const code = lineageOf(region).find((at) => totals.has(at));
    const row = code === undefined ? undefined : totals.get(code);
    if (code !== undefined && row !== undefined)
      totals.set(code, { sums: addSums(row.sums, one.sums), counts: addCounts(row.counts, counts) });
  }
  const figureOf = (region: Region): Omit<RegionFigure, 'counts' | 'sums'> => ({
    region: region.code,
    name: region.name,
    tier: region.tier,
    parentName: region.parent === null ? '' : nameOf(region.parent),
  });
  return {
    day,
    metricVersion: METRIC_VERSION,
    computedAtMs: nowMs,
    settled: false,
    total: { ...figureOf(parent), ...total },
    rows: rows.map((region) => ({
      ...figureOf(region),
      ...(totals.get(region.code) ?? { sums: NO_SUMS, counts: NO_COUNTS }),
    })),
  };
}

/** Figures of single screens, lowest 开机率 first; one that was never heard from before all others. */
export function screenFigures(
  screens: readonly AssessedScreen[],
  day: LocalDay,
  nameOf: (region: RegionCode) => string,
): ScreenFigure[] {
  return screens
    .filter(({ screen }) => isInService(day, screen.commissionedOn, screen.retiredOn))
    .map(({ screen, sums, online, lastContactMs }) => ({
      screen: screen.id,
      name: screen.name,
      region: screen.region,
      regionName: nameOf(screen.region),
      demo: screen.demo,
      online,
      neverContacted: lastContactMs === null,
      lastContactMs,
      sums,
    }))
    .sort(
      (a, b) =>
        Number(b.neverContacted) - Number(a.neverContacted) ||
        compareRates(onRate(a.sums), onRate(b.sums)) ||
        byId(a.screen, b.screen),
    );
}

function byId(a: ScreenId, b: ScreenId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
