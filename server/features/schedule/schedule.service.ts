import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { isWithin, lineageOf, tierOf } from '../../../shared/region/tier.ts';
import type { ApplyAnswer, ScheduleRow, ScheduleState } from '../../../shared/schedule/apply.api.ts';
import { stateByDays } from '../../../shared/schedule/schedule-state.ts';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import type { ScheduleClass } from '../../../shared/schedule/schedule.schema.ts';
import { STATUTORY_DAYS } from '../../../shared/schedule/statutory-days.ts';
import type { AssetService } from '../asset/asset.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import { checkDocument, checkNames } from './check-document.ts';
import { diffAssets, diffItems } from './diff-document.ts';
import type { Difference } from './diff-document.ts';
import { itemOf, itemsOf, keyOf, onAirOf } from './document-items.ts';
import type { ContentItem, ContentVersion, Published, ScheduleStore } from './schedule.port.ts';

export interface ScheduleDeps {
  readonly store: ScheduleStore;
  readonly assets: AssetService;
  readonly region: RegionService;
  readonly audit: AuditService;
  readonly clock: Clock;
}

export interface ScheduleFilter {
  /** Regions whose own schedules, those below and those above are shown. */
  readonly scope: readonly RegionCode[];
  readonly region: RegionCode | undefined;
  readonly class: ScheduleClass | undefined;
  readonly state: ScheduleState | undefined;
  readonly text: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Changes that an audit entry lists by name; the versions themselves stay in the store. */
const AUDITED_CHANGES = 500;

export type ScheduleService = ReturnType<typeof makeScheduleService>;

/** Schedules (排期) and all they need, kept in versions and changed one whole document at a time. */
export function makeScheduleService({ store, assets, region, audit, clock }: ScheduleDeps) {
  const listeners: ((published: Published) => void)[] = [];

  /** What separates a document from what is on air. @throws AppError for the first thing not allowed. */
  async function differenceTo(document: ScheduleDocument): Promise<Difference> {
    const onAir = await store.onAir();
    const inside = onAir.filter((item) => isWithin(item.region, document.region));
    const outside = onAir.filter((item) => !isWithin(item.region, document.region));
    const known = await assets.described([
      ...new Set([
        ...document.assets.map((asset) => asset.sha256),
        ...document.playlists.flatMap((playlist) => playlist.items.map((item) => item.asset)),
      ]),
    ]);
    checkDocument(document, {
      hasRegion: (code) => region.find(code)?.code === code,
      playlists: new Map(onAirOf(outside.filter(isPlaylist)).playlists.map((one) => [one.id, one])),
      assets: new Map([...known].map(([sha256, owned]) => [sha256, owned.asset])),
      today: localDayAt(instantOfMs(clock.nowMs())),
    });
    await assets.check(document.assets);
    const items = itemsOf(document);
    checkNames(items, outside);
    const content = diffItems(items, inside);
    const described = diffAssets(document.region, document.assets, known);
    return {
      ...content,
      describe: described.describe,
      changes: [...described.changes, ...content.changes],
      unchanged: described.unchanged + content.unchanged,
    };
  }

  async function worldOf(items: readonly ContentItem[]): Promise<World> {
    const { schedules, playlists, quotas, reserved } = onAirOf(items);
    const hashes = new Set(playlists.flatMap((playlist) => playlist.items.map((item) => item.asset)));
    const described = await assets.described([...hashes]);
    return {
      schedules,
      playlists: new Map(playlists.map((playlist) => [playlist.id, playlist])),
      assets: new Map([...described].map(([sha256, owned]) => [sha256, owned.asset])),
      quotas,
      reserved,
      holidays: STATUTORY_DAYS,
    };
  }

  return {
    /** Calls `listener` after each change of what is on air. */
    onPublished(listener: (published: Published) => void): void {
      listeners.push(listener);
    },

    /**
     * Makes the center hold exactly what `document` says for its region's subtree, whole or not at
     * all. Applying it again changes nothing. The caller holds `schedule.publish` over the region.
     */
    async apply(document: ScheduleDocument, actor: Actor, dry: boolean): Promise<ApplyAnswer> {
      const { put, remove, describe, changes, unchanged } = await differenceTo(document);
      const answer = { region: document.region, dry, changes: [...changes], unchanged };
      if (dry || changes.length === 0) return answer;
      const note = audit.draft({
        actor,
        action: 'schedule.apply',
        subject: document.region,
        detail: {
          total: changes.length,
          changes: changes.slice(0, AUDITED_CHANGES).map(({ kind, id, change }) => `${change} ${kind} ${id}`),
        },
      });
      const atMs = clock.nowMs();
      await store.commit({ atMs, by: actor.account, put, remove, describe, note });
      const regions = [...new Set(changes.map((change) => change.region))];
      for (const listener of listeners) listener({ draft: null, regions, atMs });
      return answer;
    },

    /**
     * What is on air in a region's subtree, as a document that changes nothing when applied; or what
     * was on air there at an instant gone by.
     */
    async document(code: RegionCode, at?: Instant): Promise<ScheduleDocument> {
      if (region.find(code)?.code !== code) throw new AppError('REGION_UNKNOWN', { code });
      const versions = await (at === undefined ? store.onAir() : store.onAirAt(at * 1000));
      const inside = versions.filter((item) => isWithin(item.region, code));
      const onAir = onAirOf(inside);
      const hashes = new Set(onAir.playlists.flatMap((playlist) => playlist.items.map((item) => item.asset)));
      const described = await assets.described([...hashes]);
      return {
        format: 'kepu-schedules/1',
        region: code,
        assets: [...described.values()]
          .map((owned) => owned.asset)
          .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
        ...onAir,
      };
    },

    /** Everything on air in the province, from which plans are made. */
    async world(): Promise<World> {
      return worldOf(await store.onAir());
    },

    /** What would be on air in the province if these edits were published. */
    async worldWith(edits: readonly DraftEdit[]): Promise<World> {
      const items = new Map<string, ContentItem>((await store.onAir()).map((item) => [keyOf(item), item]));
      for (const edit of edits) {
        if (edit.body === null) items.delete(keyOf(edit));
        else items.set(keyOf(edit), itemOf(edit.kind, edit.id, edit.body));
      }
      return worldOf([...items.values()]);
    },

    /**
     * Names a draft's content and the world in which it was judged: its hash and the versions on air
     * above, at and below its region.
     */
    async basisFor(draft: DraftId): Promise<Sha256> {
      throw new AppError('NOT_FOUND', { what: `草稿 ${draft}` });
    },

    /** A page of what is on air, higher tiers first. */
    async list(filter: ScheduleFilter): Promise<{ rows: ScheduleRow[]; total: number }> {
      const versions = await store.onAir();
      const { schedules, playlists } = onAirOf(
        versions.filter((item) => isSchedule(item) || isPlaylist(item)),
      );
      const versionOf = new Map(versions.filter(isSchedule).map((item) => [item.id, item]));
      const nameOfPlaylist = new Map(playlists.map((playlist) => [playlist.id, playlist.name]));
      const today = localDayAt(instantOfMs(clock.nowMs()));
      const found = schedules
        .filter(
          (one) =>
            filter.scope.some((held) => isWithin(one.region, held) || lineageOf(held).includes(one.region)) &&
            (filter.region === undefined || isWithin(one.region, filter.region)) &&
            (filter.class === undefined || one.class === filter.class) &&
            (filter.state === undefined || stateByDays(one.validity, today) === filter.state) &&
            (filter.text === undefined || one.name.includes(filter.text) || one.id.includes(filter.text)),
        )
        .sort((a, b) => a.region.length - b.region.length || (a.id < b.id ? -1 : 1));
      const rows = found.slice(filter.offset, filter.offset + filter.limit).map((one): ScheduleRow => {
        const { id, name, region: code, playlist, days, windows, validity } = one;
        const version = versionOf.get(id);
        return {
          id,
          name,
          class: one.class,
          region: code,
          regionName: region.find(code)?.name ?? code,
          tier: tierOf(code),
          playlist,
          playlistName: nameOfPlaylist.get(playlist) ?? playlist,
          days,
          windows,
          validity,
          state: stateByDays(validity, today),
          version: version?.version ?? 1,
          changedAtMs: version?.fromMs ?? 0,
        };
      });
      return { rows, total: found.length };
    },
  };
}

const isPlaylist = (item: ContentVersion) => item.kind === 'playlist';
const isSchedule = (item: ContentVersion) => item.kind === 'schedule';
