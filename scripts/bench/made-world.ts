import { sha256Hex } from '../../shared/core/canonical.ts';
import type { RegionCode, Sha256 } from '../../shared/core/ids.ts';
import { regionCodeSchema } from '../../shared/core/ids.ts';
import { localDaySchema } from '../../shared/core/time.ts';
import type { Asset } from '../../shared/asset/asset.schema.ts';
import { preparePlans } from '../../shared/plan/compile.ts';
import type { World } from '../../shared/plan/compile.ts';
import type { Plan } from '../../shared/plan/plan.schema.ts';
import type { Playlist, Schedule, Window } from '../../shared/schedule/schedule.schema.ts';
import { scheduleSchema } from '../../shared/schedule/schedule.schema.ts';

/** Worlds for measuring: made by rule from a seed, so that every run measures the same. */
export const DAY = localDaySchema.parse('2026-11-20');
const SHARED_ASSETS = 300;
/** One line of regions, a schedule's issuer in each. */
const LINE = ['41', '4101', '410122', '410122100', '410122100201'].map((code) =>
  regionCodeSchema.parse(code),
);

/** mulberry32: uniform in [0, 1), the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The assets that all made playlists share. */
export function madeAssets(): Asset[] {
  return Array.from({ length: SHARED_ASSETS }, (_, index): Asset => {
    const video = index % 2 === 0;
    return {
      sha256: assetName(index),
      kind: video ? 'video' : 'image',
      mime: video ? 'video/mp4' : 'image/webp',
      sizeBytes: 1_000_000 + index,
      title: `科普素材第 ${index} 号`,
      durationS: video ? 15 + (index % 8) * 15 : null,
      parts: [],
    };
  });
}

function assetName(index: number): Sha256 {
  return sha256Hex(`made asset ${index}`);
}

export interface MadeContent {
  readonly schedule: Schedule;
  readonly playlist: Playlist;
}

/**
 * A schedule of a region with a playlist of its own: of ten, one mandatory of some minutes, eight
 * rotations of some hours, one filler. All times are multiples of five seconds.
 */
export function madeContent(region: RegionCode, index: number, patch: object = {}): MadeContent {
  const random = seeded(index * 7_919 + Number(region.slice(-6)));
  const id = `${region}-${index}`;
  const turn = index % 10;
  const kind = turn === 0 ? 'mandatory' : turn === 9 ? 'filler' : 'rotation';
  const startMinute = Math.floor(random() * 20 * 60);
  const lengthMinutes =
    kind === 'mandatory' ? 4 + Math.floor(random() * 8) : 120 + Math.floor(random() * 600);
  const schedule = scheduleSchema.parse({
    id,
    name: `第 ${index} 号排期`,
    class: kind,
    region,
    playlist: id,
    windows: [kind === 'filler' ? { start: '00:00', end: '24:00' } : windowOf(startMinute, lengthMinutes)],
    validity: { from: '2026-11-01', to: null },
    ...(kind === 'rotation' && { weight: 1 + (index % 3) }),
    ...patch,
  });
  const items = Array.from({ length: 3 + Math.floor(random() * 6) }, () => ({
    asset: assetName(Math.floor(random() * SHARED_ASSETS)),
    durationS: 15 + 5 * Math.floor(random() * 22),
    fit: 'contain' as const,
  }));
  const playlist = scheduleSchema.shape.playlist.parse(id);
  return { schedule, playlist: { id: playlist, name: `第 ${index} 号节目单`, region, items } };
}

function windowOf(startMinute: number, lengthMinutes: number): Window {
  return { start: clockOf(startMinute), end: clockOf(Math.min(startMinute + lengthMinutes, 24 * 60)) };
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** A world of these contents. */
export function worldOf(contents: readonly MadeContent[]): World {
  return {
    schedules: contents.map(({ schedule }) => schedule),
    playlists: new Map(contents.map(({ playlist }) => [playlist.id, playlist])),
    assets: new Map(madeAssets().map((asset) => [asset.sha256, asset])),
    quotas: [],
    reserved: [],
    holidays: { off: [], work: [] },
  };
}

/**
 * The plan of one place with so many schedules, spread over the five tiers.
 * @param sharing how many schedules of a tier show the same playlist, as a tier's programmes do that are
 *   on at several times of day; 1 gives every schedule its own
 */
export function madePlan(schedules: number, sharing = 1): Plan {
  const contents = Array.from({ length: schedules }, (_, index) => {
    const region = regionOf(index, schedules);
    const first = index - (index % sharing);
    return madeContent(region, index, { playlist: `${regionOf(first, schedules)}-${first}` });
  });
  return preparePlans(worldOf(contents), DAY).plan({
    region: LINE.at(-1) as RegionCode,
    tags: [],
    groups: [],
  });
}

function regionOf(index: number, schedules: number): RegionCode {
  return LINE[Math.floor((index * LINE.length) / schedules)] as RegionCode;
}
