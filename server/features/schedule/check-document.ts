import type { Asset } from '../../../shared/asset/asset.schema.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { PlaylistId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { DAY_S, dayNumberOfLocalDay } from '../../../shared/core/time.ts';
import type { DayNumber, LocalDay } from '../../../shared/core/time.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import { makeDaySet } from '../../../shared/schedule/day-set.ts';
import type { HolidayCalendar } from '../../../shared/schedule/day-set.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import type { Playlist, Schedule } from '../../../shared/schedule/schedule.schema.ts';
import { LONGEST_CHAIN_DAYS } from '../../../shared/schedule/segment.ts';
import { spanOf } from '../../../shared/schedule/windows.ts';
import { keyOf } from './document-items.ts';
import type { ContentItem, ContentVersion } from './schedule.port.ts';

/** What a document is judged against. */
export interface Surroundings {
  /** Whether a code is a region in use. */
  isRegion(code: RegionCode): boolean;
  /** Playlists that are on air outside the document's subtree. */
  readonly playlists: ReadonlyMap<PlaylistId, Playlist>;
  /** Assets that were described before. */
  readonly assets: ReadonlyMap<Sha256, Asset>;
  readonly calendar: HolidayCalendar;
  readonly today: LocalDay;
}

/**
 * Whether a region may say what a document says (DESIGN.md section 4, authority): everything inside
 * its own subtree, every region real, every playlist its own or of a region above, every asset known,
 * every item short enough for its window.
 * @throws AppError REGION_UNKNOWN, SCHEDULE_OUTSIDE_AUTHORITY, PLAYLIST_UNKNOWN, ASSET_UNKNOWN,
 *   SCHEDULE_ITEM_TOO_LONG, SCHEDULE_CHAIN_TOO_LONG for the first thing that is wrong.
 */
export function checkDocument(document: ScheduleDocument, around: Surroundings): void {
  const real = (code: RegionCode) => {
    if (!around.isRegion(code)) throw new AppError('REGION_UNKNOWN', { code });
  };
  const inside = (holder: RegionCode, target: RegionCode) => {
    real(target);
    if (!isWithin(target, holder))
      throw new AppError('SCHEDULE_OUTSIDE_AUTHORITY', { region: holder, target });
  };

  real(document.region);
  for (const one of [...document.playlists, ...document.schedules, ...document.quotas, ...document.reserved])
    inside(document.region, one.region);

  const described = new Set([...around.assets.keys(), ...document.assets.map((asset) => asset.sha256)]);
  for (const { items } of document.playlists)
    for (const { asset: sha256 } of items)
      if (!described.has(sha256)) throw new AppError('ASSET_UNKNOWN', { sha256 });

  const own = new Map(document.playlists.map((playlist) => [playlist.id, playlist]));
  for (const schedule of document.schedules) {
    for (const code of schedule.audience.regions) inside(schedule.region, code);
    for (const code of schedule.audience.exclude.regions) real(code);
    const playlist = own.get(schedule.playlist) ?? around.playlists.get(schedule.playlist);
    if (playlist === undefined) throw new AppError('PLAYLIST_UNKNOWN', { id: schedule.playlist });
    checkPlaylist(schedule, playlist);
    checkChain(schedule, around);
  }
}

function checkPlaylist(schedule: Schedule, playlist: Playlist): void {
  // A region below that owned the playlist could change what the region above shows.
  if (!isWithin(schedule.region, playlist.region))
    throw new AppError('SCHEDULE_OUTSIDE_AUTHORITY', {
      region: playlist.region,
      target: `${schedule.id} (${schedule.region})`,
    });
  const longest = Math.max(
    ...schedule.windows.map((window) => {
      const { start, end } = spanOf(window);
      return end - start;
    }),
  );
  const tooLong = playlist.items.find((item) => item.durationS > longest);
  if (tooLong !== undefined)
    throw new AppError('SCHEDULE_ITEM_TOO_LONG', {
      schedule: schedule.id,
      asset: tooLong.asset,
      seconds: tooLong.durationS,
      longest,
    });
}

/** How far ahead chains are looked for; every weekly or yearly pattern shows itself by then. */
const CHAIN_SEARCH_DAYS = 400;

/**
 * A mandatory that runs over midnight after midnight would have to be resolved from its first day on
 * (SCHEDULING.md rule 4). Judged for each schedule alone, because which of several meet on a screen is
 * known only screen by screen.
 */
function checkChain(schedule: Schedule, { calendar, today }: Surroundings): void {
  if (schedule.class !== 'mandatory' || !schedule.windows.some((window) => spanOf(window).end > DAY_S))
    return;
  const days = makeDaySet(schedule, calendar);
  const first = dayNumberOfLocalDay(schedule.validity.from > today ? schedule.validity.from : today);
  let crossed = 0;
  for (let day = first; day < first + CHAIN_SEARCH_DAYS; day = (day + 1) as DayNumber) {
    crossed = days.holds(day) ? crossed + 1 : 0;
    if (crossed > LONGEST_CHAIN_DAYS)
      throw new AppError('SCHEDULE_CHAIN_TOO_LONG', { schedule: schedule.id, days: LONGEST_CHAIN_DAYS });
  }
}

/**
 * Nothing is named twice, and no name is already taken outside the subtree that the document replaces.
 * @throws AppError CONFLICT.
 */
export function checkNames(items: readonly ContentItem[], outside: readonly ContentVersion[]): void {
  const taken = new Map(outside.map((item) => [keyOf(item), item.region]));
  for (const item of items) {
    const holder = taken.get(keyOf(item));
    if (holder !== undefined) throw new AppError('CONFLICT', { detail: `${keyOf(item)} (${holder})` });
    taken.set(keyOf(item), item.region);
  }
}
