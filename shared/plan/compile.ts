import type { Asset } from '../asset/asset.schema.ts';
import { AppError } from '../core/errors.ts';
import type { PlaylistId, RegionCode, Sha256 } from '../core/ids.ts';
import { dayNumberOfLocalDay } from '../core/time.ts';
import type { LocalDay } from '../core/time.ts';
import { lineageOf, parentOf, tierOf, tierRank } from '../region/tier.ts';
import { tierWeights } from '../schedule/quota.ts';
import type {
  DayRule,
  Playlist,
  QuotaPolicy,
  ReservedWindow,
  Schedule,
  Window,
} from '../schedule/schedule.schema.ts';
import { audienceTest } from './audience.ts';
import type { Place } from './audience.ts';
import { RULES_VERSION } from './plan.schema.ts';
import type { Plan, PlanSchedule } from './plan.schema.ts';

/** Statutory days (法定节假日): weekdays that are off, weekend days that are worked (调休). */
export type StatutoryDays = Plan['holidays'];

/** Everything on air in the province, from which plans are made. */
export interface World {
  readonly schedules: readonly Schedule[];
  readonly playlists: ReadonlyMap<PlaylistId, Playlist>;
  readonly assets: ReadonlyMap<Sha256, Asset>;
  readonly quotas: readonly QuotaPolicy[];
  readonly reserved: readonly ReservedWindow[];
  readonly holidays: StatutoryDays;
}

/** Makes plans for the places of one world on one day. */
export interface Planner {
  /** Equal for places that resolve alike, so that their plan is made once. */
  alike(place: Place): string;
  plan(place: Place): Plan;
}

/**
 * Days for which an ended schedule stays in plans: its last window may run over midnight, and the
 * resolver starts at the last midnight that no mandatory window crosses, a chain of at most 7 days
 * (SCHEDULING.md rule 4).
 */
const KEPT_DAYS = { mandatory: 8, rotation: 1, filler: 1, reserved: 8 } as const;

/**
 * Prepares to make plans (DESIGN.md section 5) for screens anywhere in `world`. A plan holds what a
 * place can show from `today` on; schedules that have ended are gone, schedules still to come are in
 * it, and what is kept has its dates from its first day on, past ones included (rule 6). Same world,
 * same place, same day: same plan, whatever the order of what comes in.
 */
export function preparePlans(world: World, today: LocalDay): Planner {
  const schedules = world.schedules
    .filter((schedule) => isCurrent(schedule, KEPT_DAYS[schedule.class], today))
    .sort(byId)
    .map(candidate);
  const reserved = world.reserved
    .filter((window) => isCurrent(window, KEPT_DAYS.reserved, today))
    .sort(byId)
    .map((window, order) => ({ order, window: { ...window, ...timing(window) } }));
  // A screen is reached only from its own line of regions, so each is asked for few of twenty thousand.
  const issued = inLine(Map.groupBy(schedules, (entry) => entry.region));
  const kept = inLine(Map.groupBy(reserved, (entry) => entry.window.region));
  const policies = Map.groupBy(world.quotas, (policy) => policy.region);
  // A region without a policy of its own has its parent's weights.
  const weightsOf = memo((region: RegionCode): Plan['tierWeights'] => {
    const parent = parentOf(region);
    if (parent !== null && !policies.has(region)) return weightsOf(parent);
    return tierWeights(above(policies, region), region);
  });
  const weightsTextOf = memo((region: RegionCode) => Object.values(weightsOf(region)).join());
  const content = contentBook(world);
  const daysFrom = memo((from: LocalDay) => statutoryDaysFrom(from, world.holidays));

  const found = (place: Place) => {
    const reaching = issued(place.region).filter((entry) => entry.reaches(place));
    const windows = kept(place.region);
    if (windows.length === 0) return { reaching, cutting: windows };
    const lowest = Math.max(-1, ...reaching.map((entry) => rankOf(entry.region)));
    // A window that no lower tier is there to be kept from would only make like plans differ.
    return { reaching, cutting: windows.filter((entry) => rankOf(entry.window.region) < lowest) };
  };

  return {
    alike(place) {
      const { reaching, cutting } = found(place);
      const orders = [reaching, cutting].map((list) => list.map((entry) => entry.order).join());
      return `${orders.join(';')};${weightsTextOf(place.region)}`;
    },
    plan(place) {
      const { reaching, cutting } = found(place);
      const chosen = reaching.map((entry) => entry.planned());
      const windows = cutting.map((entry) => entry.window);
      return {
        format: 'kepu-plan/1',
        rulesVersion: RULES_VERSION,
        tierWeights: weightsOf(place.region),
        reserved: windows,
        schedules: chosen,
        ...contentOf(chosen, content),
        holidays: statutoryDaysFor([...chosen, ...windows], daysFrom),
      };
    },
  };
}

/** What the region itself and those above it have. */
function above<Entry>(byRegion: ReadonlyMap<RegionCode, readonly Entry[]>, region: RegionCode): Entry[] {
  return lineageOf(region).flatMap((code) => byRegion.get(code) ?? []);
}

/** What a region itself and those above it have, in order; regions that add nothing share their parent's list. */
function inLine<Entry extends { readonly order: number }>(
  byRegion: ReadonlyMap<RegionCode, readonly Entry[]>,
): (region: RegionCode) => readonly Entry[] {
  const lineFrom = memo((region: RegionCode): readonly Entry[] => {
    const parent = parentOf(region);
    const line = parent === null ? [] : lineFrom(parent);
    const own = byRegion.get(region) ?? [];
    return own.length === 0 ? line : [...line, ...own].sort(byOrder);
  });
  return lineFrom;
}

type Timed = Pick<PlanSchedule, 'days' | 'excludeDates' | 'windows' | 'validity'>;

/** Whether any of its windows may still matter on `today`. */
function isCurrent({ validity, days }: Timed, keptDays: number, today: LocalDay): boolean {
  const last = lastDayOf(validity.to, days);
  if (last === undefined) return false;
  return last === null || dayNumberOfLocalDay(last) + keptDays >= dayNumberOfLocalDay(today);
}

/** The last day it can be on; `null` is no end, `undefined` no day at all. */
function lastDayOf(to: LocalDay | null, days: DayRule): LocalDay | null | undefined {
  if (typeof days === 'string' || 'weekdays' in days) return to;
  return days.dates
    .filter((date) => to === null || date <= to)
    .sort()
    .at(-1);
}

/** A schedule that may be in plans. */
interface Candidate {
  readonly order: number;
  readonly region: RegionCode;
  /** As plans hold it: one object for all plans, so that its text is made once. */
  readonly planned: () => PlanSchedule;
  readonly reaches: (place: Place) => boolean;
}

/** Made ready when it is first asked for: most of a province's schedules reach none of the places asked about. */
function candidate(schedule: Schedule, order: number): Candidate {
  let made: PlanSchedule | null = null;
  let test: ((place: Place) => boolean) | null = null;
  return {
    order,
    region: schedule.region,
    planned: () => (made ??= planned(schedule)),
    reaches: (place) => (test ??= audienceTest(schedule))(place),
  };
}

function planned(schedule: Schedule): PlanSchedule {
  const { id, name, region, playlist, validity, priority, weight, once } = schedule;
  return {
    id,
    name,
    class: schedule.class,
    region,
    playlist,
    validity,
    priority,
    weight,
    once,
    ...timing(schedule),
  };
}

/** Days, exclusions and windows in one order, cut to the validity, so that equal meanings are equal bytes. */
function timing({
  days,
  excludeDates,
  windows,
  validity,
}: Timed): Pick<Timed, 'days' | 'excludeDates' | 'windows'> {
  return {
    days: sortedDays(days, validity),
    excludeDates: distinct(excludeDates).filter((date) => isIn(date, validity)),
    windows: distinctWindows(windows),
  };
}

function sortedDays(days: DayRule, validity: Timed['validity']): DayRule {
  if (typeof days === 'string') return days;
  if ('weekdays' in days) return { weekdays: [...new Set(days.weekdays)].sort((a, b) => a - b) };
  const dates = distinct(days.dates).filter((date) => isIn(date, validity));
  // A rule of dates names at least one; with none inside the validity any one of them is never asked.
  return { dates: dates.length > 0 ? dates : distinct(days.dates).slice(0, 1) };
}

function isIn(date: LocalDay, { from, to }: Timed['validity']): boolean {
  return date >= from && (to === null || date <= to);
}

function distinct(dates: readonly LocalDay[]): LocalDay[] {
  return [...new Set(dates)].sort();
}

function distinctWindows(windows: readonly Window[]): Window[] {
  const byText = new Map(windows.map((window) => [`${window.start}-${window.end}`, window]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, window]) => window);
}

/** Playlists and assets as plans hold them: one object for all plans, so that its text is made once. */
interface ContentBook {
  readonly playlist: (id: PlaylistId) => Plan['playlists'][PlaylistId];
  readonly asset: (sha256: Sha256) => Plan['assets'][string];
}

function contentBook(world: World): ContentBook {
  return {
    playlist: memo((id) => {
      const playlist = world.playlists.get(id);
      if (playlist === undefined) throw new AppError('PLAYLIST_UNKNOWN', { id });
      return { name: playlist.name, items: playlist.items };
    }),
    asset: memo((sha256) => {
      const asset = world.assets.get(sha256);
      if (asset === undefined) throw new AppError('ASSET_UNKNOWN', { sha256 });
      // The center's own key signs for now, so there are no reviewers' approvals to carry.
      return { ...asset, approvals: [] };
    }),
  };
}

/** The playlists that the schedules name, and the assets that those name. */
function contentOf(
  schedules: readonly PlanSchedule[],
  content: ContentBook,
): Pick<Plan, 'playlists' | 'assets'> {
  const playlists: Plan['playlists'] = {};
  const assets: Plan['assets'] = {};
  for (const { playlist: id } of schedules) {
    const playlist = content.playlist(id);
    playlists[id] = playlist;
    for (const { asset } of playlist.items) assets[asset] = content.asset(asset);
  }
  return { playlists, assets };
}

const NO_DAYS: StatutoryDays = { off: [], work: [] };

/** The statutory days that a plan needs: none unless something asks for them, and only from its first day on. */
function statutoryDaysFor(
  timed: readonly Timed[],
  daysFrom: (from: LocalDay) => StatutoryDays,
): StatutoryDays {
  const asking = timed.filter(({ days }) => days === 'workdays' || days === 'holidays');
  const from = asking.map(({ validity }) => validity.from).sort()[0];
  return from === undefined ? NO_DAYS : daysFrom(from);
}

function statutoryDaysFrom(from: LocalDay, { off, work }: StatutoryDays): StatutoryDays {
  const kept = (days: readonly LocalDay[]) => distinct(days).filter((day) => day >= from);
  return { off: kept(off), work: kept(work) };
}

function rankOf(region: RegionCode): number {
  return tierRank(tierOf(region));
}

function byOrder(a: { readonly order: number }, b: { readonly order: number }): number {
  return a.order - b.order;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function memo<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}
