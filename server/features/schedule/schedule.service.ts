import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { ContentOnAir, DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { Policies } from '../../../shared/schedule/policy.api.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import { assetsOf, makeAirReader } from './air.ts';
import { makeApply } from './apply.ts';
import { keyOf, onAirOf } from './document-items.ts';
import type { DeskDeps } from './draft-desk.ts';
import { makeDraftDesk } from './draft-desk.ts';
import { makeDraftView } from './draft-view.ts';
import { makeDraftLife } from './life.ts';
import { policiesFor } from './policies.ts';
import { makePublishing } from './publishing.ts';
import type { Places } from './schedule-lists.ts';
import { makeScheduleLists } from './schedule-lists.ts';
import type { DraftContent } from './draft.port.ts';
import type { Published } from './schedule.port.ts';
import type { SuspensionStore } from './suspension.port.ts';
import { makeSuspensions } from './suspensions.ts';
import { makeTurn } from './turn.ts';
import { makeWithdrawing } from './withdrawing.ts';

export interface ScheduleDeps extends Omit<DeskDeps, 'air' | 'suspensions'> {
  readonly suspensions: SuspensionStore;
  readonly places: Places;
}

export type ScheduleService = ReturnType<typeof makeScheduleService>;

/**
 * Schedules (排期) and all they need, from the first draft to the last version. Each story is a file of
 * its own; what changes anything runs one after another, so that what was judged is what is done.
 */
export function makeScheduleService(given: ScheduleDeps) {
  const { store, assets } = given;
  const listeners: ((published: Published) => void)[] = [];
  const inTurn = makeTurn();
  const air = makeAirReader({ store, assets });
  const suspensions = makeSuspensions({ ...given, store: given.suspensions });
  const shared = { ...given, air, suspensions };
  const desk = makeDraftDesk(shared);
  const announce = (published: Published) => {
    for (const listener of listeners) listener(published);
  };
  const deps = { ...shared, desk, inTurn, announce };
  const publishing = makePublishing(deps);
  const life = makeDraftLife(deps);
  const lists = makeScheduleLists(deps);
  const view = makeDraftView(deps);

  return {
    list: lists.list,
    issuerOf: lists.issuerOf,
    detail: lists.detail,
    historyOf: lists.history,
    draft: view.draft,
    drafts: view.list,
    world: air.world,
    worldWith: air.worldWith,
    apply: makeApply({ ...deps, publishing }),
    withdraw: makeWithdrawing(deps),

    /** Calls `listener` after each change of what is on air. */
    onPublished(listener: (published: Published) => void): void {
      listeners.push(listener);
    },

    /**
     * Names a draft's content and the world in which it was judged: its hash and the versions on air
     * above, at and below its region. @throws AppError NOT_FOUND.
     */
    async basisFor(draft: DraftId): Promise<Sha256> {
      return air.basisOf(await desk.need(draft));
    },

    /** The region whose draft it is. @throws AppError NOT_FOUND. */
    regionOf: async (draft: DraftId): Promise<RegionCode> => (await desk.head(draft)).region,

    /** What a draft says, for whoever judges or previews it. @throws AppError NOT_FOUND. */
    async contentOf(
      draft: DraftId,
    ): Promise<
      Pick<DraftContent, 'title' | 'edits' | 'describes' | 'hash'> & { readonly region: RegionCode }
    > {
      const { region: code, title, edits, describes, hash } = await desk.need(draft);
      return { region: code, title, edits, describes, hash };
    },

    /** What is in force for a region. @throws AppError REGION_UNKNOWN. */
    async policies(code: RegionCode): Promise<Policies> {
      if (!desk.hasRegion(code)) throw new AppError('REGION_UNKNOWN', { code });
      return policiesFor(code, await air.now(), {
        nameOf: desk.regionName,
        names: given.region.names(code),
      });
    },

    /**
     * What is on air under a name, for whoever reads its region: those inside `scope`, and those above
     * it, which reach it. @throws AppError NOT_FOUND.
     */
    async onAir(kind: DraftEdit['kind'], id: string, scope: readonly RegionCode[]): Promise<ContentOnAir> {
      const held = (await air.now()).byKey.get(keyOf({ kind, id }));
      const reads = (code: RegionCode) => scope.some((one) => isWithin(code, one) || isWithin(one, code));
      if (held === undefined || !reads(held.version.region)) throw new AppError('NOT_FOUND', { what: id });
      const { parsed, version } = held;
      const described = await assets.described(parsed.kind === 'playlist' ? assetsOf([parsed.value]) : []);
      return {
        version: version.version,
        body: parsed.value,
        assets: [...described.values()].map(({ asset }) => asset),
      };
    },

    create: (...args: Parameters<typeof life.create>) => inTurn(() => life.create(...args)),
    change: (...args: Parameters<typeof life.change>) => inTurn(() => life.change(...args)),
    submit: (...args: Parameters<typeof life.submit>) => inTurn(() => life.submit(...args)),
    recall: (...args: Parameters<typeof life.recall>) => inTurn(() => life.recall(...args)),
    discard: (...args: Parameters<typeof life.discard>) => inTurn(() => life.discard(...args)),
    review: (...args: Parameters<typeof life.review>) => inTurn(() => life.review(...args)),
    publish: publishing.publish,
    suspensions: {
      list: suspensions.list,
      suspend: (...args: Parameters<typeof suspensions.suspend>) =>
        inTurn(() => suspensions.suspend(...args)),
      lift: (...args: Parameters<typeof suspensions.lift>) => inTurn(() => suspensions.lift(...args)),
      regionOf: async (id: string) => (await suspensions.need(id)).issuer,
    },

    /**
     * What is on air in a region's subtree, as a document that changes nothing when applied; or what
     * was on air there at an instant gone by.
     */
    async document(code: RegionCode, at?: Instant): Promise<ScheduleDocument> {
      if (!desk.hasRegion(code)) throw new AppError('REGION_UNKNOWN', { code });
      const versions = await (at === undefined ? store.onAir() : store.onAirAt(at * 1000));
      const onAir = onAirOf(versions.filter((item) => isWithin(item.region, code)));
      const described = await assets.described(assetsOf(onAir.playlists));
      return {
        format: 'kepu-schedules/1',
        region: code,
        assets: [...described.values()]
          .map((owned) => owned.asset)
          .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
        ...onAir,
      };
    },
  };
}
