import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Feasibility } from '../../../shared/plan/feasibility.api.ts';
import { feasibilitySchema } from '../../../shared/plan/feasibility.api.ts';
import type {
  Draft,
  DraftEdit,
  DraftRow,
  DraftState,
  ReviewAct,
  Suspension,
} from '../../../shared/schedule/draft.api.ts';
import {
  draftPageSchema,
  draftSchema,
  suspensionListSchema,
  suspensionSchema,
} from '../../../shared/schedule/draft.api.ts';
import { call } from './client.ts';

export interface DraftsQuestion {
  readonly region?: string;
  readonly state?: DraftState;
  /** Only what waits for the person's own review or publish. */
  readonly waiting?: boolean;
  /** Only what the person began. */
  readonly mine?: boolean;
  readonly text?: string;
  readonly limit: number;
  readonly offset: number;
}

export interface DraftPage {
  readonly rows: readonly DraftRow[];
  readonly total: number;
}

const within = (signal?: AbortSignal) => (signal === undefined ? {} : { signal });

/** One page of drafts, latest changed first. */
export function listDrafts(question: DraftsQuestion, signal?: AbortSignal): Promise<DraftPage> {
  return call(draftPageSchema, '/api/drafts', { query: { ...question }, ...within(signal) });
}

/** One draft with its reviews, its changes and what the person may do. */
export function readDraft(id: string, signal?: AbortSignal): Promise<Draft> {
  return call(draftSchema, `/api/drafts/${id}`, within(signal));
}

/** @throws ApiError FORBIDDEN, SCHEDULE_REFUSED */
export function createDraft(creation: {
  readonly region: RegionCode;
  readonly title: string;
  readonly edits: readonly DraftEdit[];
}): Promise<Draft> {
  return call(draftSchema, '/api/drafts', { method: 'POST', body: creation });
}

/** @throws ApiError DRAFT_CHANGED when somebody saved since `revision` was read; SCHEDULE_REFUSED */
export function saveDraft(
  id: DraftId,
  patch: { readonly revision: number; readonly title: string; readonly edits: readonly DraftEdit[] },
): Promise<Draft> {
  return call(draftSchema, `/api/drafts/${id}`, { method: 'PUT', body: patch });
}

/** What may become of a draft without further words. */
export type DraftAct = 'submit' | 'recall' | 'discard';

/** @throws ApiError DRAFT_STATE, DRAFT_CHANGED, DRAFT_EMPTY, DRAFT_OUTDATED, SCHEDULE_REFUSED */
export function actOnDraft(id: DraftId, act: DraftAct, revision: number): Promise<Draft> {
  return call(draftSchema, `/api/drafts/${id}/${act}`, { method: 'POST', body: { revision } });
}

/** @throws ApiError REVIEW_OTHER_PERSON, REVIEW_CONTENT_CHANGED, REVIEW_HIGHER_REGION, ASSET_UNREVIEWED */
export function reviewDraft(id: DraftId, review: ReviewAct): Promise<Draft> {
  return call(draftSchema, `/api/drafts/${id}/review`, { method: 'POST', body: review });
}

/** @throws ApiError FEASIBILITY_STALE, FEASIBILITY_REFUSED, REGION_SUSPENDED */
export function publishDraft(id: DraftId, revision: number, basis: Sha256): Promise<Draft> {
  return call(draftSchema, `/api/drafts/${id}/publish`, { method: 'POST', body: { revision, basis } });
}

/** What publishing it would do on `day`; tomorrow when left out. */
export function feasibilityOf(id: string, day: LocalDay | null, signal?: AbortSignal): Promise<Feasibility> {
  return call(feasibilitySchema, `/api/drafts/${id}/feasibility`, {
    query: { day },
    ...within(signal),
  });
}

/** Suspensions within the person's regions, lifted ones included. */
export async function listSuspensions(signal?: AbortSignal): Promise<readonly Suspension[]> {
  return (await call(suspensionListSchema, '/api/suspensions', signal === undefined ? {} : { signal })).rows;
}

/** Keeps a region and all below it from publishing. @throws ApiError HIGHER_TIER_NEEDED, CONFLICT */
export function suspendRegion(region: RegionCode, reason: string): Promise<Suspension> {
  return call(suspensionSchema, '/api/suspensions', { method: 'POST', body: { region, reason } });
}

/** Lets a suspended region publish again. @throws ApiError CONFLICT when it is lifted already */
export function liftSuspension(id: string): Promise<Suspension> {
  return call(suspensionSchema, `/api/suspensions/${id}/lift`, { method: 'POST' });
}
