import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, ScheduleId } from '../../../shared/core/ids.ts';
import { instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { Place } from '../../../shared/plan/audience.ts';
import { audienceTest } from '../../../shared/plan/audience.ts';
import { isWithin, lineageOf, tierOf } from '../../../shared/region/tier.ts';
import type { ScheduleRow, ScheduleState } from '../../../shared/schedule/apply.api.ts';
import type { ScheduleDetail } from '../../../shared/schedule/draft.api.ts';
import { stateByDays } from '../../../shared/schedule/schedule-state.ts';
import { scheduleSchema } from '../../../shared/schedule/schedule.schema.ts';
import type { Schedule, ScheduleClass } from '../../../shared/schedule/schedule.schema.ts';
import { assetsOf } from './air.ts';
import type { Air } from './air.ts';
import type { DeskDeps, DraftDesk } from './draft-desk.ts';
import { toldReview } from './draft-view.ts';
import type { ContentVersion, PastVersion } from './schedule.port.ts';

export interface ScheduleFilter {
  /** Regions whose own schedules, those below and those above are shown. */
  readonly scope: readonly RegionCode[];
  readonly region: RegionCode | undefined;
  readonly class: ScheduleClass | undefined;
  /** Left out: all but those that were withdrawn. */
  readonly state: ScheduleState | undefined;
  readonly text: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Where screens in service stand. */
export type Places = () => Promise<readonly Place[]>;

interface Known {
  readonly schedule: Schedule;
  readonly version: ContentVersion;
}

/** Schedules as people look them up: lists, and one with all its versions. */
export function makeScheduleLists(deps: DeskDeps & { readonly desk: DraftDesk; readonly places: Places }) {
  const { store, drafts, air, assets, region, denials, clock, desk, places } = deps;
  const today = () => localDayAt(instantOfMs(clock.nowMs()));

  /** Asked once per issuing region: the schedules that are taken down for all that they reach. */
  function takenDownBy() {
    const now = instantOfMs(clock.nowMs());
    const asked = new Map<RegionCode, Promise<ReadonlySet<string>>>();
    const ask = async (code: RegionCode) => {
      const denied = await denials.affecting(code, now, (now + 1) as Instant);
      return new Set(denied.filter(({ kind }) => kind === 'schedule').map(({ subject }) => subject));
    };
    return async ({ id, region: code }: Schedule): Promise<boolean> => {
      const known = asked.get(code) ?? ask(code);
      asked.set(code, known);
      return (await known).has(id);
    };
  }

  async function stateOf(
    { schedule }: Known,
    isTakenDown: (schedule: Schedule) => Promise<boolean>,
  ): Promise<ScheduleState> {
    const state = stateByDays(schedule.validity, today());
    return state !== 'ended' && (await isTakenDown(schedule)) ? 'taken-down' : state;
  }

  /** Those on air, or those that were withdrawn, each with its last version. */
  async function known(now: Air, state: ScheduleState | undefined): Promise<Known[]> {
    if (state === 'withdrawn')
      return (await store.offAir()).map((version) => ({
        version,
        schedule: scheduleSchema.parse(JSON.parse(version.body)),
      }));
    return [...now.byKey.values()].flatMap(({ version, parsed }) =>
      parsed.kind === 'schedule' ? [{ version, schedule: parsed.value }] : [],
    );
  }

  return {
    /** A page of schedules, higher tiers first. */
    async list(filter: ScheduleFilter): Promise<{ rows: ScheduleRow[]; total: number }> {
      const now = await air.now();
      const isTakenDown = takenDownBy();
      const found = (await known(now, filter.state)).filter(({ schedule }) => matches(schedule, filter));
      const states = new Map<Known, ScheduleState>();
      for (const one of found)
        states.set(one, filter.state === 'withdrawn' ? 'withdrawn' : await stateOf(one, isTakenDown));
      const shown = found
        .filter((one) => filter.state === undefined || states.get(one) === filter.state)
        .sort(byTierAndId);
      const rows = shown.slice(filter.offset, filter.offset + filter.limit).map((one): ScheduleRow => {
        const { id, name, region: code, playlist, days, windows, validity } = one.schedule;
        const list = now.byKey.get(`playlist ${playlist}`)?.parsed;
        return {
          id,
          name,
          class: one.schedule.class,
          region: code,
          regionName: desk.regionName(code),
          tier: tierOf(code),
          playlist,
          playlistName: list?.kind === 'playlist' ? list.value.name : playlist,
          days,
          windows,
          validity,
          state: states.get(one) ?? 'on-air',
          version: one.version.version,
          changedAtMs: one.version.fromMs,
        };
      });
      return { rows, total: shown.length };
    },

    /** The region that issues a schedule, or issued it last. @throws AppError SCHEDULE_UNKNOWN. */
    async issuerOf(id: ScheduleId): Promise<RegionCode> {
      return (await lastOf(id)).region;
    },

    /** All versions that are, or were, on air, latest first; none for a schedule that never was. */
    async history(id: ScheduleId): Promise<ScheduleDetail['versions']> {
      return told(await store.versions('schedule', id));
    },

    /** One schedule with all its versions. @throws AppError SCHEDULE_UNKNOWN. */
    async detail(id: ScheduleId): Promise<ScheduleDetail> {
      const versions = await store.versions('schedule', id);
      const last = await lastOf(id, versions);
      const schedule = scheduleSchema.parse(JSON.parse(last.body));
      const now = await air.now();
      const held = now.byKey.get(`playlist ${schedule.playlist}`);
      const playlist =
        held?.parsed.kind === 'playlist' ? { version: held.version.version, body: held.parsed.value } : null;
      const named = playlist === null ? [] : assetsOf([playlist.body]);
      const described = await assets.described(named);
      const isOn = last.toMs === null;
      return {
        id,
        region: last.region,
        regionNames: region.names(last.region),
        tier: tierOf(last.region),
        state: isOn ? await stateOf({ schedule, version: last }, takenDownBy()) : 'withdrawn',
        playlist,
        assets: named.flatMap((sha256) => described.get(sha256)?.asset ?? []),
        versions: await told(versions),
        screens: isOn ? (await places()).filter(audienceTest(schedule)).length : 0,
      };
    },
  };

  /** Versions as people read them, with the reviews that let each pass. */
  async function told(versions: readonly PastVersion[]): Promise<ScheduleDetail['versions']> {
    const reviews = await drafts.reviews([...new Set(versions.flatMap((one) => one.draft ?? []))]);
    return versions.map((one) => ({
      version: one.version,
      fromMs: one.fromMs,
      toMs: one.toMs,
      byName: one.by.name,
      draft: one.draft,
      reviews: (one.draft === null ? [] : (reviews.get(one.draft) ?? [])).map(toldReview),
      body: scheduleSchema.parse(JSON.parse(one.body)),
      end: one.end === null ? null : { kind: one.end.kind, byName: one.end.by.name, reason: one.end.reason },
    }));
  }

  async function lastOf(id: ScheduleId, versions?: readonly PastVersion[]): Promise<PastVersion> {
    const [last] = versions ?? (await store.versions('schedule', id));
    if (last === undefined) throw new AppError('SCHEDULE_UNKNOWN', { id });
    return last;
  }
}

function matches(one: Schedule, { scope, region, text, class: only }: ScheduleFilter): boolean {
  return (
    scope.some((held) => isWithin(one.region, held) || lineageOf(held).includes(one.region)) &&
    (region === undefined || isWithin(one.region, region)) &&
    (only === undefined || one.class === only) &&
    (text === undefined || one.name.includes(text) || one.id.includes(text))
  );
}

function byTierAndId({ schedule: a }: Known, { schedule: b }: Known): number {
  return a.region.length - b.region.length || (a.id < b.id ? -1 : 1);
}
