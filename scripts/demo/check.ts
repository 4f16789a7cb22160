import { setTimeout as sleep } from 'node:timers/promises';
import { onRate, onRateUpper, ratePercent } from '../../shared/assessment/format.ts';
import { regionFiguresSchema, screenDaySchema } from '../../shared/assessment/assessment.schema.ts';
import type { RegionFigure, ScreenDay } from '../../shared/assessment/assessment.schema.ts';
import type { RegionCode, ScreenId } from '../../shared/core/ids.ts';
import { clockTextAt, instantOfMs, localDayAt } from '../../shared/core/time.ts';
import { screenTimelineSchema } from '../../shared/plan/plan.api.ts';
import type { NamedEntry } from '../../shared/plan/plan.api.ts';
import { countyOf, parentOf } from '../../shared/region/tier.ts';
import { livePageSchema } from '../../shared/telemetry/live-screen.schema.ts';
import type { CenterApi } from '../center/center-api.ts';
import { PROVINCE } from './places.ts';

export interface CheckOptions {
  readonly api: CenterApi;
  readonly screen: ScreenId;
  readonly region: RegionCode;
  /** Unix milliseconds: only what happened since counts. */
  readonly sinceMs: number;
  readonly say: (line: string) => void;
  /** Asked between two looks; throws when there is nothing left to wait for. */
  readonly demandAlive: () => void;
}

const WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 1_000;

/** What the check saw; `null` for what it waited for in vain. */
export interface CheckResult {
  /** The scheduled item that the real player painted. */
  readonly painted: { readonly entry: NamedEntry; readonly frames: number } | null;
  /** The figure of the real player's county, and the stretch of its journal that is in it. */
  readonly figure: { readonly county: RegionFigure; readonly onS: number; readonly records: number } | null;
}

/**
 * Waits until the real player painted what the timeline says, and until its county's figure holds time
 * proven by this run's journal, for three minutes at most.
 */
export async function checkOnAir(options: CheckOptions): Promise<CheckResult> {
  const { say, demandAlive } = options;
  const deadlineMs = Date.now() + WITHIN_MS;
  let painted: CheckResult['painted'] = null;
  let figure: CheckResult['figure'] = null;
  for (let waited = 0; Date.now() < deadlineMs; waited += 1) {
    demandAlive();
    if (painted === null) {
      painted = await lookAtGlass(options);
      if (painted !== null) say(`画出来了：${paintedText(painted)}`);
    }
    if (painted !== null) figure = await lookAtFigure(options);
    if (figure !== null) {
      say(`算出来了：${figureText(figure)}`);
      break;
    }
    if (waited > 0 && waited % 15 === 0)
      say(painted === null ? '等真实播放器画出排期内的节目…' : '等它的运行日志算进县区数字…');
    await sleep(LOOK_EVERY_MS);
  }
  return { painted, figure };
}

/** What is still missing, in words; empty when all is there. */
export function missingOf({ painted, figure }: CheckResult): string[] {
  const missing: string[] = [];
  if (painted === null) missing.push('真实播放器没有画出排期内的节目');
  if (figure === null) missing.push('县区数字里没有它这次的运行日志');
  return missing;
}

/** The live state, held against the timeline that the center resolves for the same instant. */
async function lookAtGlass({ api, screen, region }: CheckOptions): Promise<CheckResult['painted']> {
  const live = await api.get(`/api/live?${new URLSearchParams({ region, limit: '500' })}`, livePageSchema);
  const row = live.rows.find((one) => one.screen === screen);
  if (row === undefined || !row.online || row.showing.kind !== 'item' || row.painted === 0) return null;
  const { showing } = row;
  const query = new URLSearchParams({ from: String(showing.start), to: String(showing.start + 1) });
  const timeline = await api.get(`/api/screens/${screen}/timeline?${query}`, screenTimelineSchema);
  const entry = timeline.stretches
    .flatMap(({ entries }) => entries)
    .find(
      ({ start, asset, schedule }) =>
        start === showing.start && asset === showing.asset && schedule === showing.schedule,
    );
  return entry === undefined ? null : { entry, frames: row.painted };
}

/** The county's figure, once this run's part of the screen's day is on, seen by the center, and rests on records. */
async function lookAtFigure({ api, screen, region, sinceMs }: CheckOptions): Promise<CheckResult['figure']> {
  const code = countyOf(region) ?? region;
  const day = localDayAt(instantOfMs(Date.now()));
  const own = provenSince(
    await api.get(`/api/assessment/screens/${screen}/days/${day}`, screenDaySchema),
    sinceMs,
  );
  if (own.onS === 0 || own.records === 0) return null;
  const query = new URLSearchParams({ parent: parentOf(code) ?? PROVINCE, tier: 'county', day });
  const figures = await api.get(`/api/assessment/regions?${query}`, regionFiguresSchema);
  const county = figures.rows.find((row) => row.region === code);
  if (county === undefined || county.sums.verifiedS === 0 || county.sums.onS < own.onS) return null;
  return { county, ...own };
}

function provenSince({ intervals }: ScreenDay, sinceMs: number): { onS: number; records: number } {
  const proven = intervals.filter(
    ({ state, verified, end }) => state === 'on' && verified && end * 1000 > sinceMs,
  );
  return {
    onS: proven.reduce((sum, { start, end }) => sum + end - start, 0),
    records: proven
      .flatMap(({ records }) => records)
      .reduce((sum, { first, last }) => sum + last - first + 1, 0),
  };
}

function paintedText({ entry, frames }: NonNullable<CheckResult['painted']>): string {
  const when = `${clockTextAt(instantOfMs(entry.start * 1000))}–${clockTextAt(instantOfMs(entry.end * 1000))}`;
  return `「${entry.title ?? ''}」，排期「${entry.scheduleName ?? ''}」（${entry.regionName ?? ''}），${when}，累计 ${frames} 帧`;
}

function figureText({ county, onS, records }: NonNullable<CheckResult['figure']>): string {
  const { sums } = county;
  const [low, high] = [onRate(sums), onRateUpper(sums)].map(({ numerator, denominator }) =>
    ratePercent(numerator, denominator),
  );
  return (
    `${county.name} 今日开机率 ${low}–${high} %（未结算）：开 ${sums.onS} 秒、未知 ${sums.unknownS} 秒、应开 ${sums.requiredS} 秒，` +
    `核实 ${sums.verifiedS} 秒；这台这次开 ${onS} 秒，依据 ${records} 条运行日志`
  );
}
