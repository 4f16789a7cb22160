import { AppError } from '../../../shared/core/errors.ts';
import type { AccountId, DraftId, Sha256 } from '../../../shared/core/ids.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import { draftIdSchema } from '../../../shared/core/ids.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { can } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { isPolicyEdit } from '../../../shared/schedule/draft.api.ts';
import type { DraftEdit, ReviewSaid } from '../../../shared/schedule/draft.api.ts';
import type { DeskDeps, DraftDesk, OnDesk } from './draft-desk.ts';
import { draftAssets, demandForm } from './draft-check.ts';
import { demandRevision, hashOf, progressOf, refusalOf, reviewerRegion } from './draft-rules.ts';
import type { DraftAction } from './draft-rules.ts';
import type { DraftMove, ReviewRecord } from './draft.port.ts';

/** Random characters of a draft's id. */
const ID_LENGTH = 16;

export interface Saving {
  readonly title: string;
  readonly edits: readonly DraftEdit[];
}

export type DraftLife = ReturnType<typeof makeDraftLife>;

/** A draft's way from its first saving to its last review. Publishing is a story of its own. */
export function makeDraftLife(deps: DeskDeps & { readonly desk: DraftDesk }) {
  const { drafts, air, audit, clock, random, desk } = deps;

  /** @throws AppError DRAFT_CHANGED, DRAFT_STATE, or why this person may not. */
  async function opened(id: DraftId, revision: number, step: Step): Promise<OnDesk> {
    const on = await desk.open(id);
    const refusal = refusalOf(step.action, step.actor, on.draft, on.progress);
    // A person who may not is told so before hearing who changed what.
    if (refusal?.code === 'FORBIDDEN') throw refusal;
    demandRevision(on.draft, revision);
    if (refusal !== null) throw refusal;
    return on;
  }

  async function moved(move: DraftMove): Promise<void> {
    if (await drafts.move(move)) return;
    throw new AppError('CONFLICT', { detail: `${move.id} changed meanwhile` });
  }

  /** Ends or reopens a draft without more ado. */
  async function simply(action: 'recall' | 'discard', { id, revision, actor }: Act): Promise<void> {
    const { draft } = await opened(id, revision, { action, actor });
    const note = audit.draft({ actor, action: `draft.${action}`, subject: id, detail: { revision } });
    const to = action === 'recall' ? 'draft' : 'discarded';
    await moved({ id, revision, from: draft.state, to, note });
  }

  return {
    /** @throws AppError REGION_UNKNOWN, BAD_REQUEST, CONFLICT, SCHEDULE_REFUSED, FORBIDDEN. */
    async create(region: RegionCode, { title, edits }: Saving, actor: Actor): Promise<DraftId> {
      demandForm({ region, edits }, await air.now(), desk.hasRegion);
      demandPolicy(region, edits, actor);
      const id = draftIdSchema.parse(`d-${randomBase32(random, ID_LENGTH)}`);
      const content = { title, edits, describes: [], hash: hashOf(edits) };
      await drafts.insert(
        { id, region, state: 'draft', ...content, by: actor.account, atMs: clock.nowMs() },
        null,
      );
      return id;
    },

    /** Saves over the revision that was read. @throws AppError DRAFT_CHANGED where there is another. */
    async change({ id, revision, actor }: Act, { title, edits }: Saving): Promise<void> {
      const { draft, air: now } = await opened(id, revision, { action: 'edit', actor });
      demandForm({ region: draft.region, edits }, now, desk.hasRegion);
      demandPolicy(draft.region, edits, actor);
      const { describes } = draft;
      const content = { title, edits, describes, hash: hashOf(edits, describes) };
      const saved = await drafts.change({
        id,
        revision,
        ...content,
        by: actor.account,
        atMs: clock.nowMs(),
      });
      // Somebody else was faster: this says who, or what happened to it.
      if (!saved) await opened(id, revision, { action: 'edit', actor });
    },

    /** Hands it to review; where none is demanded it is ready to be published. */
    async submit({ id, revision, actor }: Act): Promise<void> {
      const on = await opened(id, revision, { action: 'submit', actor });
      const { draft, progress } = on;
      if (draft.count === 0) throw new AppError('DRAFT_EMPTY');
      await desk.demandSound(on, actor, 'schedule.edit');
      const { stages } = progress.demand;
      const note = audit.draft({
        actor,
        action: 'draft.submit',
        subject: id,
        detail: { region: draft.region, title: draft.title, hash: draft.hash, revision, stages },
      });
      await moved({
        id,
        revision,
        from: draft.state,
        to: stages === 0 ? 'approved' : 'submitted',
        submitted: { by: actor.account, atMs: clock.nowMs() },
        note,
      });
    },

    recall: (act: Act) => simply('recall', act),
    discard: (act: Act) => simply('discard', act),

    /** One stage of its review, passed or returned. */
    async review({ id, revision, actor }: Act, said: Omit<ReviewSaid, 'revision'>): Promise<void> {
      const on = await opened(id, revision, { action: 'review', actor });
      const { draft, progress } = on;
      if (said.hash !== draft.hash) throw new AppError('REVIEW_CONTENT_CHANGED');
      const held = reviewerRegion(actor, draft) ?? draft.region;
      const review: ReviewRecord = {
        draft: id,
        round: draft.round,
        stage: progress.approvals.length + 1,
        verdict: said.verdict,
        comment: said.comment,
        hash: draft.hash,
        assets: [...new Set(said.assets)],
        held,
        by: { account: actor.account, name: actor.name },
        atMs: clock.nowMs(),
      };
      const { verdict, stage, comment, assets, hash } = review;
      const note = audit.draft({
        actor,
        action: verdict === 'approve' ? 'draft.approve' : 'draft.return',
        subject: id,
        detail: { region: draft.region, stage, hash, comment, assets: assets.length },
      });
      const move = { id, revision, from: draft.state, review, note };
      if (verdict === 'return') return moved({ ...move, to: 'returned' });
      const { complete } = progressOf(draft, [...on.reviews, review], progress.demand);
      if (!complete) return moved({ ...move, to: 'submitted' });
      await moved({ ...move, to: 'approved', passed: await passedAssets(deps, on, review) });
    },
  };
}

/** Who acts on which draft, as it was read. */
export interface Act {
  readonly id: DraftId;
  readonly revision: number;
  readonly actor: Actor;
}

interface Step {
  readonly action: DraftAction;
  readonly actor: Actor;
}

/**
 * The assets that pass their review with the last stage.
 * @throws AppError ASSET_UNREVIEWED where one was neither reviewed before nor looked at now.
 */
async function passedAssets(
  deps: Pick<DeskDeps, 'drafts'> & { readonly desk: DraftDesk },
  on: OnDesk,
  last: ReviewRecord | null,
): Promise<NonNullable<DraftMove['passed']>> {
  const { draft, progress, air } = on;
  const named = draftAssets(draft, air);
  const before = await deps.drafts.reviewed(named, draft.region);
  const seen = new Map<Sha256, AccountId>();
  for (const { assets, by } of last === null ? progress.approvals : [...progress.approvals, last])
    for (const sha256 of assets) if (!seen.has(sha256)) seen.set(sha256, by.account);
  const unseen = named.filter((sha256) => !before.has(sha256) && !seen.has(sha256));
  if (unseen.length > 0) {
    const known = await deps.desk.assetsFor(draft, air);
    const titles = unseen.slice(0, 5).map((sha256) => known.get(sha256)?.asset.title ?? sha256);
    throw new AppError('ASSET_UNREVIEWED', { count: unseen.length, titles: titles.join('、') });
  }
  const passed = named.filter((sha256) => !before.has(sha256));
  return {
    region: progress.demand.final,
    assets: new Map(passed.flatMap((sha256) => [[sha256, seen.get(sha256)] as const]).filter(hasPerson)),
  };
}

/** The same at publishing, where the demand may have shrunk since. @throws AppError ASSET_UNREVIEWED. */
export async function demandReviewed(
  deps: Pick<DeskDeps, 'drafts'> & { readonly desk: DraftDesk },
  on: OnDesk,
): Promise<void> {
  if (on.progress.demand.stages > 0) await passedAssets(deps, on, null);
}

function hasPerson(entry: readonly [Sha256, AccountId | undefined]): entry is readonly [Sha256, AccountId] {
  return entry[1] !== undefined;
}

function demandPolicy(region: RegionCode, edits: readonly DraftEdit[], actor: Actor): void {
  if (edits.some(isPolicyEdit) && !can(actor, 'policy.manage', region))
    throw new AppError('FORBIDDEN', { ability: 'policy.manage' });
}
