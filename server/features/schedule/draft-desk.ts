import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock, Random } from '../../../shared/core/ports.ts';
import { instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { Ability, Actor } from '../../../shared/identity/abilities.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import { reviewDemand } from '../../../shared/schedule/review.schema.ts';
import type { ReviewDemand } from '../../../shared/schedule/review.schema.ts';
import type { LintProblem } from '../../../shared/schedule/schedule-lint.ts';
import type { OwnedAsset } from '../asset/asset.port.ts';
import type { AssetService } from '../asset/asset.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { RegionService } from '../region/region.service.ts';
import type { Air, AirReader } from './air.ts';
import { demandCurrent, demandForm, draftAssets, problemsOf, stepsOf } from './draft-check.ts';
import { progressOf } from './draft-rules.ts';
import type { Progress } from './draft-rules.ts';
import type { DraftHead, DraftRecord, DraftStore, ReviewRecord } from './draft.port.ts';
import type { DenialBook, FeasibilityGate, ScheduleStore } from './schedule.port.ts';
import type { Suspensions } from './suspensions.ts';
import { refuse } from './check-document.ts';
import { keyOf } from './document-items.ts';

/** What the stories of a draft's life work with. */
export interface DeskDeps {
  readonly store: ScheduleStore;
  readonly drafts: DraftStore;
  readonly air: AirReader;
  readonly suspensions: Suspensions;
  readonly assets: AssetService;
  readonly region: RegionService;
  readonly audit: AuditService;
  readonly gate: FeasibilityGate;
  readonly denials: DenialBook;
  readonly clock: Clock;
  readonly random: Random;
}

/** A draft and all that is needed to judge it. */
export interface OnDesk {
  readonly draft: DraftRecord;
  readonly reviews: readonly ReviewRecord[];
  readonly progress: Progress;
  readonly air: Air;
}

export type DraftDesk = ReturnType<typeof makeDraftDesk>;

/** Lays drafts out to be judged: what they say, how far they got, what is on air around them. */
export function makeDraftDesk({ store, drafts, air, assets, region, suspensions, clock }: DeskDeps) {
  const hasRegion = (code: RegionCode) => region.find(code)?.code === code;
  const today = () => localDayAt(instantOfMs(clock.nowMs()));

  async function need(id: DraftId): Promise<DraftRecord> {
    const draft = await drafts.get(id);
    if (draft === null) throw new AppError('NOT_FOUND', { what: `草稿 ${id}` });
    return draft;
  }

  /** The described assets that a draft brings, its own descriptions before those known. */
  async function assetsFor(draft: DraftRecord, now: Air): Promise<ReadonlyMap<Sha256, OwnedAsset>> {
    const named = draftAssets(draft, now);
    const known = await assets.described(named);
    const own = new Map(draft.describes.map((owned) => [owned.asset.sha256, owned]));
    const found = named.map((sha256) => own.get(sha256) ?? known.get(sha256));
    return new Map(found.filter((one) => one !== undefined).map((one) => [one.asset.sha256, one]));
  }

  async function problems(draft: DraftRecord, now: Air): Promise<LintProblem[]> {
    return problemsOf(draft, now, { hasRegion, assets: await assetsFor(draft, now), today: today() });
  }

  /**
   * A name stays where it was last on air: what was shown under it is the business of who reads it there.
   * @throws AppError CONFLICT.
   */
  async function demandOwnNames({ edits, region: code }: DraftRecord, now: Air): Promise<void> {
    const fresh = edits.filter((edit) => edit.body !== null && !now.byKey.has(keyOf(edit)));
    for (const [key, holder] of await store.lastHolders(fresh))
      if (!isWithin(holder, code)) throw new AppError('CONFLICT', { detail: `${key} (${holder})` });
  }

  return {
    need,

    /** @throws AppError NOT_FOUND. */
    async head(id: DraftId): Promise<DraftHead> {
      const head = await drafts.head(id);
      if (head === null) throw new AppError('NOT_FOUND', { what: `草稿 ${id}` });
      return head;
    },

    hasRegion,
    today,
    assetsFor,
    problems,

    /** The region's name, or its code where it has none. */
    regionName: (code: RegionCode) => region.find(code)?.name ?? code,

    async open(id: DraftId): Promise<OnDesk> {
      const draft = await need(id);
      const reviews = (await drafts.reviews([id])).get(id) ?? [];
      const now = await air.now();
      return { draft, reviews, progress: progressOf(draft, reviews, demandOn(now, draft)), air: now };
    },

    /** How far drafts got, as lists show it. */
    async progress(heads: readonly DraftHead[]): Promise<(head: DraftHead) => Progress> {
      const reviews = await drafts.reviews(heads.map((head) => head.id));
      const now = await air.now();
      const policies = policiesOf(now);
      return (head) =>
        progressOf(head, reviews.get(head.id) ?? [], reviewDemand(policies, head.region, head.tiers));
    },

    /**
     * All that a draft must keep to before it goes on, whoever reviews it.
     * @returns the steps that put it on air.
     * @throws AppError REGION_SUSPENDED, CONFLICT, DRAFT_OUTDATED, SCHEDULE_REFUSED, DRAFT_EMPTY.
     */
    async demandSound({ draft, air: now }: OnDesk, actor: Actor, ability: Ability) {
      const named = draft.edits.flatMap((edit) => (edit.body === null ? [] : [edit.body.region]));
      await suspensions.demandNone([...new Set([draft.region, ...named])], actor, ability);
      demandForm(draft, now, hasRegion);
      await demandOwnNames(draft, now);
      demandCurrent(draft.edits, now);
      refuse(await problems(draft, now));
      const steps = stepsOf(draft.edits, now);
      if (steps.put.length + steps.remove.length + draft.describes.length === 0)
        throw new AppError('DRAFT_EMPTY');
      return steps;
    },
  };
}

/** What is demanded now of a draft. */
export function demandOn(air: Air, { region, tiers }: Pick<DraftHead, 'region' | 'tiers'>): ReviewDemand {
  return reviewDemand(policiesOf(air), region, tiers);
}

function policiesOf(air: Air) {
  return [...air.byKey.values()].flatMap(({ parsed }) => (parsed.kind === 'review' ? [parsed.value] : []));
}
