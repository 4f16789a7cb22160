import { canonicalText } from '../core/canonical.ts';
import type { RegionCode, ScheduleId, Sha256 } from '../core/ids.ts';
import type { LocalDay } from '../core/time.ts';
import { isWithin, lineageOf, parentOf } from '../region/tier.ts';
import type { Schedule } from '../schedule/schedule.schema.ts';
import type { Place } from './audience.ts';
import { preparePlans } from './compile.ts';
import type { Planner, World } from './compile.ts';
import type { Plan } from './plan.schema.ts';

/** A place, and the bytes its device may cache. */
export interface CountedPlace extends Place {
  readonly cacheBytes: number;
}

/** Screens that resolve alike before and alike after, whose plan changes. */
export interface Kind {
  readonly place: Place;
  readonly before: Plan;
  readonly after: Plan;
  readonly screens: number;
  /** Screens by the bytes that their devices may cache. */
  readonly byCache: ReadonlyMap<number, number>;
}

/** Which screens a change reaches. */
export interface Reach {
  /** Those that most screens share first. */
  readonly kinds: readonly Kind[];
  readonly changed: number;
  readonly inRegion: number;
  readonly byRegion: readonly {
    readonly region: RegionCode;
    readonly changed: number;
    readonly screens: number;
  }[];
}

/** What a change puts, seen from two worlds. */
export interface Touched {
  /** Schedules that are new, said anew, or whose playlist is. */
  readonly schedules: ReadonlySet<ScheduleId>;
  readonly reserved: ReadonlySet<string>;
}

/** Work that is long gives way between its steps. */
export type Steps<Result> = Generator<void, Result, void>;

/** Schedules, or places, between two steps. */
const SLICE = 100;

/** What differs between two worlds; things that are the same object are not compared. */
export function* touchedBetween(before: World, after: World): Steps<Touched> {
  const known = new Map(before.schedules.map((one) => [one.id, one]));
  const playlists = new Set<string>();
  for (const [id, playlist] of after.playlists)
    if (!isSame(before.playlists.get(id), playlist)) playlists.add(id);
  yield;
  const schedules = new Set<ScheduleId>();
  for (const [index, schedule] of after.schedules.entries()) {
    if (index % SLICE === 0) yield;
    if (playlists.has(schedule.playlist) || !isSame(known.get(schedule.id), schedule))
      schedules.add(schedule.id);
  }
  const windows = new Map(before.reserved.map((one) => [one.id, one]));
  const reserved = new Set<string>(
    after.reserved.filter((one) => !isSame(windows.get(one.id), one)).map((one) => one.id),
  );
  return { schedules, reserved };
}

function isSame(a: object | undefined, b: object): boolean {
  return a === b || (a !== undefined && canonicalText(a) === canonicalText(b));
}

/** A world without the schedules of which no plan can be made, and those schedules. */
export function plannable(world: World): { readonly world: World; readonly left: readonly Schedule[] } {
  const isWhole = (schedule: Schedule) =>
    world.playlists.get(schedule.playlist)?.items.every(({ asset }) => world.assets.has(asset)) ?? false;
  const left = world.schedules.filter((one) => !isWhole(one));
  if (left.length === 0) return { world, left };
  return { world: { ...world, schedules: world.schedules.filter(isWhole) }, left };
}

interface Group {
  readonly place: Place;
  screens: number;
  readonly byCache: Map<number, number>;
  readonly byRegion: Map<RegionCode, number>;
}

/** Groups the places by kind and finds the kinds whose plans differ, every one of them exactly. */
export function* reachOf(
  { before, after, today }: { readonly before: World; readonly after: World; readonly today: LocalDay },
  { region, places }: { readonly region: RegionCode; readonly places: readonly CountedPlace[] },
): Steps<Reach> {
  const plannerBefore = preparePlans(before, today);
  yield;
  const plannerAfter = preparePlans(after, today);
  yield;
  const inside = places.filter((place) => isWithin(place.region, region));
  const groups = yield* grouped([plannerBefore, plannerAfter], inside, region);
  const nameOf = planNames();
  const kinds: Kind[] = [];
  const changedIn = new Map<RegionCode, number>();
  for (const group of groups) {
    yield;
    const { place, screens, byCache } = group;
    const plans = { before: plannerBefore.plan(place), after: plannerAfter.plan(place) };
    if (nameOf(plans.before) === nameOf(plans.after)) continue;
    kinds.push({ place, screens, byCache, ...plans });
    for (const [code, count] of group.byRegion) changedIn.set(code, (changedIn.get(code) ?? 0) + count);
  }
  const screensIn = new Map<RegionCode, number>();
  for (const group of groups)
    for (const [code, count] of group.byRegion) screensIn.set(code, (screensIn.get(code) ?? 0) + count);
  return {
    kinds: kinds.sort((a, b) => b.screens - a.screens || (a.place.region < b.place.region ? -1 : 1)),
    changed: kinds.reduce((sum, kind) => sum + kind.screens, 0),
    inRegion: inside.length,
    byRegion: [...screensIn]
      .map(([code, screens]) => ({ region: code, changed: changedIn.get(code) ?? 0, screens }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
  };
}

/**
 * Names plans so that equal bytes are equal names, without writing them: plans of one planner share
 * their parts as objects, so that each part's text is made once and numbered.
 */
function planNames(): (plan: Plan) => string {
  const numbers = new Map<string, number>();
  const known = new WeakMap<object, number>();
  const numbered = (part: object, textOf: () => string): number => {
    const before = known.get(part);
    if (before !== undefined) return before;
    const text = textOf();
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    known.set(part, number);
    return number;
  };
  const part = (one: object) => numbered(one, () => canonicalText(one));
  return (plan) => {
    // A playlist's name stands for its assets too: what is said of them is the same in a whole world.
    const playlist = (id: string) => {
      const one = plan.playlists[id as keyof Plan['playlists']];
      if (one === undefined) return -1;
      const assets = () => canonicalText(one.items.map(({ asset }) => plan.assets[asset] ?? null));
      return numbered(one, () => `${canonicalText(one)} ${assets()}`);
    };
    return [
      Object.values(plan.tierWeights).join(),
      plan.reserved.map(part).join(),
      plan.schedules.map((one) => `${part(one)}:${playlist(one.playlist)}`).join(),
      part(plan.holidays),
    ].join(';');
  };
}

function* grouped(
  planners: readonly Planner[],
  places: readonly CountedPlace[],
  region: RegionCode,
): Steps<readonly Group[]> {
  const groups = new Map<string, Group>();
  // Places that stand and are called alike are asked once.
  const alike = new Map<string, Group>();
  for (const [index, place] of places.entries()) {
    if (index % SLICE === 0) yield;
    const called = JSON.stringify([place.region, place.tags, place.groups]);
    let group = alike.get(called);
    if (group === undefined) {
      const key = planners.map((planner) => planner.alike(place)).join('\n');
      group = groups.get(key) ?? { place, screens: 0, byCache: new Map(), byRegion: new Map() };
      groups.set(key, group);
      alike.set(called, group);
    }
    const child = childHolding(place.region, region);
    group.screens += 1;
    group.byCache.set(place.cacheBytes, (group.byCache.get(place.cacheBytes) ?? 0) + 1);
    group.byRegion.set(child, (group.byRegion.get(child) ?? 0) + 1);
  }
  return [...groups.values()];
}

/** The region one tier below `region` that holds `code`; `region` itself where the screen stands in it directly. */
function childHolding(code: RegionCode, region: RegionCode): RegionCode {
  return lineageOf(code).find((one) => parentOf(one) === region) ?? region;
}

/** Bytes of an asset with all its parts. */
export function bytesOf(asset: Plan['assets'][string]): number {
  return asset.parts.reduce((sum, part) => sum + part.sizeBytes, asset.sizeBytes);
}

/** The assets that touched schedules name, each with those schedules. */
export function touchedAssets(world: World, touched: Touched): ReadonlyMap<Sha256, readonly ScheduleId[]> {
  const named = new Map<Sha256, ScheduleId[]>();
  for (const schedule of world.schedules) {
    if (!touched.schedules.has(schedule.id)) continue;
    for (const { asset } of world.playlists.get(schedule.playlist)?.items ?? []) {
      const by = named.get(asset);
      if (by === undefined) named.set(asset, [schedule.id]);
      else if (by.at(-1) !== schedule.id) by.push(schedule.id);
    }
  }
  return named;
}
