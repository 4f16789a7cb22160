import type { Draft, DraftReview, DraftRow } from '../../../shared/schedule/draft.api.ts';
import { stageText } from '../../../shared/schedule/review.schema.ts';

/** Stages of review by their number. */

/** One stage that a draft has to pass. */
export interface StageStep {
  readonly stage: number;
  readonly word: string;
  readonly state: 'passed' | 'now' | 'ahead';
  /** Who passed it. */
  readonly by: DraftReview | null;
}

/**
 * The stages of a draft with who passed them. Only reviews since it was last submitted count; a
 * return begins anew.
 */
export function stageSteps(draft: Pick<Draft, 'stages' | 'passed' | 'state' | 'reviews'>): StageStep[] {
  const lastReturn = draft.reviews.findLastIndex((review) => review.verdict === 'return');
  const counting = draft.reviews.slice(lastReturn + 1);
  return Array.from({ length: draft.stages }, (_, index) => {
    const stage = index + 1;
    const isPassed = stage <= draft.passed;
    return {
      stage,
      word: stageText(stage),
      state: isPassed
        ? 'passed'
        : draft.state === 'submitted' && stage === draft.passed + 1
          ? 'now'
          : 'ahead',
      by: isPassed ? (counting.findLast((review) => review.stage === stage) ?? null) : null,
    };
  });
}

/** Where a draft stands, in one line: `审核中，已过一审，等二审`. */
export function progressText(row: Pick<DraftRow, 'state' | 'stages' | 'passed'>): string {
  switch (row.state) {
    case 'draft':
      return row.stages === 0 ? '不用审核' : `要过 ${row.stages} 级审核`;
    case 'submitted': {
      const next = stageText(row.passed + 1);
      return row.passed === 0 ? `等${next}` : `已过${stageText(row.passed)}，等${next}`;
    }
    case 'returned':
      return '改好再送';
    case 'approved':
      return row.stages === 0 ? '不用审核，可以发布' : `${row.stages} 级审核都过了`;
    case 'published':
    case 'discarded':
      return '';
    default:
      return row.state satisfies never;
  }
}
