import type { DraftId, RegionCode } from '../../../shared/core/ids.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { tierOf } from '../../../shared/region/tier.ts';
import type { Draft, DraftReview, DraftRow, DraftState } from '../../../shared/schedule/draft.api.ts';
import { changesOf, draftAssets, intentOf, stepsOf, toldProblems } from './draft-check.ts';
import type { DeskDeps, DraftDesk } from './draft-desk.ts';
import { mayOf } from './draft-rules.ts';
import type { Progress } from './draft-rules.ts';
import type { DraftHead, ReviewRecord } from './draft.port.ts';

export interface DraftListFilter {
  readonly region: RegionCode | undefined;
  readonly state: DraftState | undefined;
  readonly waiting: boolean;
  readonly mine: boolean;
  readonly text: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Drafts as people see them: what they say, how far they got, what may be done with them. */
export function makeDraftView({ drafts, desk }: DeskDeps & { readonly desk: DraftDesk }) {
  const rowOf = (draft: DraftHead, { demand, passed }: Progress): DraftRow => ({
    id: draft.id,
    region: draft.region,
    regionName: desk.regionName(draft.region),
    tier: tierOf(draft.region),
    title: draft.title,
    state: draft.state,
    revision: draft.revision,
    count: draft.count,
    stages: draft.stages ?? demand.stages,
    passed,
    author: draft.author,
    changedBy: draft.changedBy,
    createdAtMs: draft.createdAtMs,
    changedAtMs: draft.changedAtMs,
    submittedAtMs: draft.submittedAtMs,
    publishedAtMs: draft.publishedAtMs,
  });

  return {
    /** @throws AppError NOT_FOUND. */
    async draft(id: DraftId, actor: Actor): Promise<Draft> {
      const { draft, reviews, progress, air } = await desk.open(id);
      const closed = draft.state === 'published' || draft.state === 'discarded';
      const named = draftAssets(draft, air);
      const known = await desk.assetsFor(draft, air);
      const reviewed = await drafts.reviewed(named, draft.region);
      return {
        ...rowOf(draft, progress),
        edits: [...draft.edits],
        hash: draft.hash,
        final: progress.demand.final,
        reviews: reviews.map(toldReview),
        changes: [
          ...draft.describes.map(({ asset, region }) => {
            const { sha256: sha, title: name } = asset;
            return { kind: 'asset', id: sha, name, region, change: 'updated' } as const;
          }),
          ...(closed ? intentOf(draft.edits, draft.region) : changesOf(stepsOf(draft.edits, air))),
        ],
        problems: closed ? [] : toldProblems(await desk.problems(draft, air)),
        assets: [...known.values()].map(({ asset }) => ({ asset, reviewed: reviewed.has(asset.sha256) })),
        may: mayOf(actor, draft, progress),
      };
    },

    /** A page of the caller's drafts, latest change first. */
    async list(filter: DraftListFilter, actor: Actor): Promise<{ rows: DraftRow[]; total: number }> {
      const { limit, offset, waiting, mine, state, region, text } = filter;
      const author = mine ? actor.account : undefined;
      const scope = scopeOf(actor, 'schedule.read');
      if (!waiting) {
        const states = state === undefined ? undefined : [state];
        const page = await drafts.page({ scope, region, states, author, text }, { limit, offset });
        const progress = await desk.progress(page.rows);
        return { rows: page.rows.map((head) => rowOf(head, progress(head))), total: page.total };
      }
      // Whose turn it is follows from the policies on air and from who reviewed, so it is asked of each
      // that waits at all; they are few, because every one of them has somebody who works on it.
      const states = (['submitted', 'approved'] as const).filter(
        (one) => state === undefined || one === state,
      );
      const { rows } = await drafts.page({ scope, region, states, author, text });
      const progress = await desk.progress(rows);
      const due = rows.filter((head) => {
        const may = mayOf(actor, head, progress(head));
        return may.review || may.publish;
      });
      const page = due.slice(offset, offset + limit);
      return { rows: page.map((head) => rowOf(head, progress(head))), total: due.length };
    },
  };
}

/** A review as the API tells it. */
export function toldReview({ stage, verdict, comment, hash, by, atMs }: ReviewRecord): DraftReview {
  return { stage, verdict, comment, hash, by: by.account, byName: by.name, atMs };
}
