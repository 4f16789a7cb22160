import { henan } from '../../server/infra/region-data.ts';
import type { RegionCode } from '../../shared/core/ids.ts';
import {
  clockTextAt,
  DAY_S,
  instantOfMs,
  isLocalDay,
  localDayAt,
  midnightOfLocalDay,
} from '../../shared/core/time.ts';
import type { Instant, LocalDay } from '../../shared/core/time.ts';
import type { Place } from '../../shared/plan/audience.ts';
import { preparePlans } from '../../shared/plan/compile.ts';
import type { Plan } from '../../shared/plan/plan.schema.ts';
import type { ScheduleDocument } from '../../shared/schedule/schedule-document.ts';
import { STATUTORY_DAYS } from '../../shared/schedule/statutory-days.ts';

/** The plan that a document makes for a place, without a center. */
export function planOf(document: ScheduleDocument, place: Place, day: LocalDay): Plan {
  const world = {
    schedules: document.schedules,
    playlists: new Map(document.playlists.map((playlist) => [playlist.id, playlist])),
    assets: new Map(document.assets.map((asset) => [asset.sha256, asset])),
    quotas: document.quotas,
    reserved: document.reserved,
    holidays: STATUTORY_DAYS,
  };
  return preparePlans(world, day).plan(place);
}

/** Names of the regions in use, by code. */
export async function regionNames(): Promise<ReadonlyMap<RegionCode, string>> {
  const { regions } = await henan.read();
  return new Map(regions.map(({ code, name }) => [code, name]));
}

/** An instant written `2026-11-23 12:00:05`, `2026-11-23T12:00` or with an offset (`…Z`); `null` if it is none. */
export function parseInstant(text: string): Instant | null {
  const local = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (local === null) {
    const ms = /[zZ]$|[+-]\d{2}:\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(ms) ? null : instantOfMs(ms);
  }
  const [, day = '', hours, minutes, seconds = '0'] = local;
  const second = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (!isLocalDay(day) || second >= DAY_S || Number(minutes) > 59 || Number(seconds) > 59) return null;
  return (midnightOfLocalDay(day as LocalDay) + second) as Instant;
}

/** `2026-11-23 12:00:05`, local. */
export function instantText(at: Instant): string {
  return `${localDayAt(at)} ${clockTextAt(at)}`;
}
