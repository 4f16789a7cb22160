import type { PlaylistId, RegionCode, ScheduleId, Sha256 } from '../../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../../shared/core/time.ts';
import { clockTextAt, midnightOfLocalDay } from '../../../shared/core/time.ts';
import type { Plan, PlanSchedule } from '../../../shared/plan/plan.schema.ts';
import { secondsOf } from '../../../shared/schedule/windows.ts';
import type { ReservedWindow } from '../../../shared/schedule/schedule.schema.ts';
import type { TimelineEntry } from '../../../shared/schedule/timeline.ts';

/** Regions of one lineage, one per tier. */
export const REGION = {
  province: '41',
  city: '4101',
  county: '410122',
  township: '410122100',
  village: '410122100201',
} as const satisfies Record<string, string>;
export type TierName = keyof typeof REGION;

/** Item lengths in seconds; asset hashes follow from the schedule's id and the item's number. */
export interface MadeSchedule {
  readonly id: string;
  readonly class?: PlanSchedule['class'];
  readonly tier?: TierName;
  readonly items?: readonly number[];
  /** `HH:MM-HH:MM`, one or several. */
  readonly windows?: readonly string[];
  readonly days?: PlanSchedule['days'];
  readonly excludeDates?: readonly string[];
  readonly from?: string;
  readonly to?: string | null;
  readonly priority?: number;
  readonly weight?: number;
  readonly once?: boolean;
}

export interface MadeReserve {
  readonly tier: TierName;
  readonly windows: readonly string[];
  readonly days?: ReservedWindow['days'];
}

export interface MadePlan {
  readonly schedules: readonly MadeSchedule[];
  readonly reserved?: readonly MadeReserve[];
  readonly weights?: Partial<Plan['tierWeights']>;
  readonly off?: readonly string[];
  readonly work?: readonly string[];
}

/** The made-up hash of an item. */
export function assetOf(schedule: string, item: number): Sha256 {
  const hex = [...`${schedule}/${item}`].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0'));
  return hex.join('').padEnd(64, '0').slice(0, 64) as Sha256;
}

/** A plan in few words; each schedule has a playlist of its own. */
export function makePlan(made: MadePlan): Plan {
  const playlists: Plan['playlists'] = {};
  for (const { id, items = [60] } of made.schedules)
    playlists[id as PlaylistId] = {
      name: id,
      items: items.map((durationS, item) => ({ asset: assetOf(id, item), durationS, fit: 'contain' })),
    };
  return {
    format: 'kepu-plan/1',
    rulesVersion: 1,
    tierWeights: { province: 4, city: 2, county: 2, township: 1, village: 1, ...made.weights },
    reserved: (made.reserved ?? []).map((reserve, index) => ({
      id: `reserve-${index}` as ScheduleId,
      region: REGION[reserve.tier] as RegionCode,
      days: reserve.days ?? 'every',
      excludeDates: [],
      windows: reserve.windows.map(windowOf),
      validity: { from: '2026-01-01' as LocalDay, to: null },
    })),
    schedules: made.schedules.map((one) => ({
      id: one.id as ScheduleId,
      name: one.id,
      class: one.class ?? 'rotation',
      region: REGION[one.tier ?? 'county'] as RegionCode,
      playlist: one.id as PlaylistId,
      days: one.days ?? 'every',
      excludeDates: (one.excludeDates ?? []) as LocalDay[],
      windows: (one.windows ?? ['00:00-24:00']).map(windowOf),
      validity: { from: (one.from ?? '2026-01-01') as LocalDay, to: (one.to ?? null) as LocalDay | null },
      priority: one.priority ?? 0,
      weight: one.weight ?? 1,
      once: one.once ?? false,
    })),
    playlists,
    assets: {},
    holidays: { off: (made.off ?? []) as LocalDay[], work: (made.work ?? []) as LocalDay[] },
  };
}

function windowOf(text: string): { start: string; end: string } {
  const [start = '', end = ''] = text.split('-');
  return { start, end };
}

/** The instant of a local day's clock time. */
export function instant(day: string, clock: string): Instant {
  return (midnightOfLocalDay(day as LocalDay) + secondsOf(clock)) as Instant;
}

/** Entries as `HH:MM:SS-HH:MM:SS schedule/item`, for reading; built-in filler is `-`. */
export function told(entries: readonly TimelineEntry[]): string[] {
  return entries.map(
    (entry) =>
      `${clockTextAt(entry.start)}-${clockTextAt(entry.end)} ${entry.schedule === null ? '-' : `${entry.schedule}/${entry.item}`}`,
  );
}
