import { AppError } from '../../../shared/core/errors.ts';
import { draftIdSchema } from '../../../shared/core/ids.ts';
import type { DraftId } from '../../../shared/core/ids.ts';
import { randomBase32 } from '../../../shared/core/ports.ts';
import { can } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { ApplyAnswer } from '../../../shared/schedule/apply.api.ts';
import { draftEditSchema, isPolicyEdit, issuedTiers } from '../../../shared/schedule/draft.api.ts';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import { assetsOf } from './air.ts';
import type { Air } from './air.ts';
import { checkNames, judge, refuse } from './check-document.ts';
import { diffAssets, diffItems } from './diff-document.ts';
import type { Difference } from './diff-document.ts';
import { gather, itemsOf, keyOf, parseItem } from './document-items.ts';
import { demandOn } from './draft-desk.ts';
import { hashOf } from './draft-rules.ts';
import type { Publishing, PublishingDeps } from './publishing.ts';

/** Random characters of a draft's id. */
const ID_LENGTH = 16;
/** What another change in between looks like to somebody who applies a document. */
const MEANWHILE: ReadonlySet<string> = new Set(['DRAFT_OUTDATED', 'DRAFT_STATE', 'FEASIBILITY_STALE']);

/** Applying a schedule document: the difference to what is on air becomes one draft. */
export function makeApply(deps: PublishingDeps & { readonly publishing: Publishing }) {
  const { drafts, air, assets, audit, clock, random, desk, inTurn, publishing, suspensions } = deps;

  /** What separates a document from what is on air. @throws AppError for the first thing not allowed. */
  async function differenceTo(document: ScheduleDocument, now: Air): Promise<Difference> {
    const inside = now.versions.filter((item) => isWithin(item.region, document.region));
    const outside = now.versions.filter((item) => !isWithin(item.region, document.region));
    const around = gather(outside.flatMap((item) => now.byKey.get(keyOf(item))?.parsed ?? []));
    const hashes = [...document.assets.map((asset) => asset.sha256), ...assetsOf(document.playlists)];
    const known = await assets.described([...new Set(hashes)]);
    if (!desk.hasRegion(document.region)) throw new AppError('REGION_UNKNOWN', { code: document.region });
    refuse(
      judge(document, now, {
        hasRegion: desk.hasRegion,
        playlists: new Map(around.playlists.map((one) => [one.id, one])),
        assets: new Map([...known].map(([sha256, owned]) => [sha256, owned.asset])),
        quotas: around.quotas,
        today: desk.today(),
      }),
    );
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

  /** The draft of a difference: the one that waits already, or a new one handed in at once. */
  async function draftOf(document: ScheduleDocument, actor: Actor, difference: Difference, now: Air) {
    const { region } = document;
    const edits = editsOf(difference);
    const policies = edits.some(isPolicyEdit);
    if (policies && !can(actor, 'policy.manage', region))
      throw new AppError('FORBIDDEN', { ability: 'policy.manage' });
    // What is said of assets by themselves needs this too.
    if (difference.describe.length > 0 && !can(actor, 'asset.manage', region))
      throw new AppError('FORBIDDEN', { ability: 'asset.manage' });
    const hash = hashOf(edits, difference.describe);
    const waiting = await drafts.waitingLike(region, hash);
    if (waiting !== null) return { id: waiting, isNew: false };
    // Whoever may only publish publishes what others wrote.
    if (!can(actor, 'schedule.edit', region)) throw new AppError('FORBIDDEN', { ability: 'schedule.edit' });
    const { stages } = demandOn(now, { region, tiers: issuedTiers(edits) });
    const id = draftIdSchema.parse(`d-${randomBase32(random, ID_LENGTH)}`);
    const title = `整套应用 ${desk.regionName(region)}`;
    const note = audit.draft({
      actor,
      action: 'draft.submit',
      subject: id,
      detail: { region, title, hash, revision: 1, stages },
    });
    await drafts.insert(
      {
        id,
        region,
        title,
        state: stages === 0 ? 'approved' : 'submitted',
        edits,
        describes: difference.describe,
        hash,
        by: actor.account,
        atMs: clock.nowMs(),
      },
      note,
    );
    return { id, isNew: true };
  }

  /** What cannot go on air is not left lying about as if it could. */
  async function dropped(id: DraftId, actor: Actor): Promise<void> {
    const note = audit.draft({ actor, action: 'draft.discard', subject: id });
    await drafts.move({ id, revision: 1, from: 'approved', to: 'discarded', note });
  }

  /**
   * Makes the center hold exactly what `document` says for its region's subtree, whole or not at
   * all: at once where no review is demanded of the region, else as a draft that waits for it.
   * Applying it again changes nothing; once its draft is approved, it publishes that. The caller
   * holds `schedule.publish` over the region, and where it becomes a new draft `schedule.edit` too.
   */
  return async function apply(document: ScheduleDocument, actor: Actor, dry: boolean): Promise<ApplyAnswer> {
    const { region } = document;
    const made = await inTurn(async () => {
      const now = await air.now();
      const difference = await differenceTo(document, now);
      const { changes, unchanged } = difference;
      const answer = { region, dry, changes: [...changes], unchanged };
      if (dry || changes.length === 0) return { answer, draft: null };
      const issuing = new Set([region, ...difference.put.map(({ item }) => item.region)]);
      await suspensions.demandNone([...issuing], actor, 'schedule.publish');
      return { answer, draft: await draftOf(document, actor, difference, now) };
    });
    const { answer, draft } = made;
    if (draft === null) return { ...answer, draft: null, state: 'unchanged' };
    const { draft: held, progress } = await desk.open(draft.id);
    // Somebody who applied the same at the same moment was faster.
    if (held.state === 'published') return { ...answer, draft: draft.id, state: 'published' };
    if (held.state !== 'submitted' && held.state !== 'approved') throw meanwhile();
    if (!progress.complete) return { ...answer, draft: draft.id, state: 'submitted' };
    try {
      await publishing.publishApplied({ id: draft.id, revision: held.revision, actor });
    } catch (error) {
      if (draft.isNew) await dropped(draft.id, actor);
      if (!(error instanceof AppError) || !MEANWHILE.has(error.code)) throw error;
      throw meanwhile(error);
    }
    return { ...answer, draft: draft.id, state: 'published' };
  };
}

function meanwhile(cause?: unknown): AppError {
  return new AppError('CONFLICT', { detail: '期间有别的发布，再应用一次（published meanwhile）' }, cause);
}

function editsOf({ put, remove }: Difference): DraftEdit[] {
  return [
    ...put.map(({ item, replaces }) => {
      const body = parseItem(item).value;
      return { kind: item.kind, id: item.id, base: replaces, body } as DraftEdit;
    }),
    ...remove.map(({ kind, id, version }) => draftEditSchema.parse({ kind, id, base: version, body: null })),
  ];
}
