import { canonicalText, sha256Hex } from '../../../shared/core/canonical.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { clockTextAt, instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import { can, scopeOf } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import { DRAFT_STATE_ZH } from '../../../shared/schedule/draft.api.ts';
import type { Draft, DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { ReviewDemand } from '../../../shared/schedule/review.schema.ts';
import type { OwnedAsset } from '../asset/asset.port.ts';
import type { DraftHead, ReviewRecord } from './draft.port.ts';

/** What may happen to a draft, to whom and when: pure, so that what is shown and what is done agree. */

const ACTIONS = {
  edit: ['修改', 'edited'],
  submit: ['送审', 'submitted'],
  recall: ['撤回', 'recalled'],
  review: ['审核', 'reviewed'],
  publish: ['发布', 'published'],
  discard: ['作废', 'discarded'],
} as const;
export type DraftAction = keyof typeof ACTIONS;

/** How far a draft got through the reviews demanded of it now. */
export interface Progress {
  readonly demand: ReviewDemand;
  /** Approvals of what the draft says, in the round under way, by stage. */
  readonly approvals: readonly ReviewRecord[];
  readonly passed: number;
  /** It waits, and has passed all that is demanded. */
  readonly complete: boolean;
}

/** What a review covers: the edits, and the descriptions of assets that come with them. */
export function hashOf(edits: readonly DraftEdit[], describes: readonly OwnedAsset[] = []): Sha256 {
  return sha256Hex(canonicalText(describes.length === 0 ? edits : { edits, describes }));
}

/** @param demand what is demanded now, which may have grown since the reviews were made. */
export function progressOf(
  draft: DraftHead,
  reviews: readonly ReviewRecord[],
  demand: ReviewDemand,
): Progress {
  if (draft.state === 'published')
    return { demand, approvals: [], passed: draft.stages ?? 0, complete: false };
  const waits = draft.state === 'submitted' || draft.state === 'approved';
  const approvals = waits
    ? reviews.filter(
        ({ round, verdict, hash }) => round === draft.round && verdict === 'approve' && hash === draft.hash,
      )
    : [];
  const last = approvals.at(-1);
  const enough = approvals.length >= demand.stages;
  // The demand may have been raised to a higher region after the last stage was passed by a lower one.
  const final = demand.stages === 0 || (last !== undefined && isWithin(demand.final, last.held));
  const passed = Math.min(approvals.length, final ? demand.stages : demand.stages - 1);
  return { demand, approvals, passed, complete: waits && enough && final };
}

/** Why `actor` may not do this to the draft as it stands; `null` where nothing is in the way. */
export function refusalOf(
  action: DraftAction,
  actor: Actor,
  draft: DraftHead,
  progress: Progress,
): AppError | null {
  if (!isTime(action, draft, progress)) return untimely(action, draft, progress);
  switch (action) {
    case 'edit':
    case 'submit':
    case 'discard':
      return lacking(actor, 'schedule.edit', draft);
    case 'recall': {
      const own = draft.submittedBy === actor.account || draft.editors.includes(actor.account);
      return own ? lacking(actor, 'schedule.edit', draft) : forbidden('schedule.edit');
    }
    case 'review':
      return reviewRefusal(actor, draft, progress);
    case 'publish':
      return lacking(actor, 'schedule.publish', draft);
    default:
      return action satisfies never;
  }
}

/** The same for every act, as the API tells it. */
export function mayOf(actor: Actor, draft: DraftHead, progress: Progress): Draft['may'] {
  const may = (action: DraftAction) => refusalOf(action, actor, draft, progress) === null;
  return {
    edit: may('edit'),
    submit: may('submit') && draft.count > 0,
    recall: may('recall'),
    review: may('review'),
    publish: may('publish') && draft.count > 0,
    discard: may('discard'),
  };
}

/** The highest region over which somebody may review the draft. */
export function reviewerRegion(actor: Actor, draft: DraftHead): RegionCode | null {
  const held = scopeOf(actor, 'schedule.review').filter((region) => isWithin(draft.region, region));
  return held.sort((a, b) => a.length - b.length)[0] ?? null;
}

/** @throws AppError DRAFT_CHANGED where another revision than the one that was read is there. */
export function demandRevision(draft: DraftHead, revision: number): void {
  if (draft.revision === revision) return;
  const at = instantOfMs(draft.changedAtMs);
  throw new AppError('DRAFT_CHANGED', {
    name: draft.changedBy.name,
    time: `${localDayAt(at)} ${clockTextAt(at)}`,
    revision: draft.revision,
  });
}

/** Whether its state, and what is demanded, let this be done by anybody at all. */
function isTime(action: DraftAction, { state }: DraftHead, { demand, complete }: Progress): boolean {
  const open = state === 'draft' || state === 'returned';
  const waits = state === 'submitted' || state === 'approved';
  switch (action) {
    case 'edit':
    case 'submit':
    case 'discard':
      return open;
    case 'recall':
      return waits;
    case 'review':
      return waits && !complete;
    case 'publish':
      return complete || (state === 'draft' && demand.stages === 0);
    default:
      return action satisfies never;
  }
}

function untimely(action: DraftAction, draft: DraftHead, { demand }: Progress): AppError {
  const { state, region } = draft;
  const over = state === 'published' || state === 'discarded';
  if (action === 'publish' && !over && state !== 'returned')
    return new AppError('REVIEW_DEMANDED', { region, stages: demand.stages });
  const [zh, en] = ACTIONS[action];
  return new AppError('DRAFT_STATE', {
    state: DRAFT_STATE_ZH[state],
    stateEn: state,
    action: zh,
    actionEn: en,
  });
}

function reviewRefusal(actor: Actor, draft: DraftHead, { approvals, demand }: Progress): AppError | null {
  if (!can(actor, 'schedule.review', draft.region)) return forbidden('schedule.review');
  const before = [...draft.editors, ...approvals.map((review) => review.by.account)];
  if (before.includes(actor.account)) return new AppError('REVIEW_OTHER_PERSON');
  const isLast = approvals.length + 1 >= demand.stages;
  if (isLast && !can(actor, 'schedule.review', demand.final))
    return new AppError('REVIEW_HIGHER_REGION', { region: demand.final });
  return null;
}

/** Quotas, reserved windows and review demands also need the ability over policy. */
function lacking(
  actor: Actor,
  ability: 'schedule.edit' | 'schedule.publish',
  { region, policies }: DraftHead,
): AppError | null {
  if (!can(actor, ability, region)) return forbidden(ability);
  return policies && !can(actor, 'policy.manage', region) ? forbidden('policy.manage') : null;
}

function forbidden(ability: string): AppError {
  return new AppError('FORBIDDEN', { ability });
}
