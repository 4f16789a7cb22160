import { AppError } from '../../../shared/core/errors.ts';
import { lintDocument } from '../../../shared/schedule/schedule-lint.ts';
import type { LintOptions, LintProblem } from '../../../shared/schedule/schedule-lint.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import { keyOf } from './document-items.ts';
import type { Air } from './air.ts';
import type { ContentItem, ContentVersion } from './schedule.port.ts';

/** Errors that an answer puts into words; the rest are counted. */
const WORDED = 10;

/** What may stay on air until it ends, but is no use to begin with. */
const NOT_ANEW: ReadonlySet<string> = new Set(['ALREADY_ENDED', 'DAYS_NONE']);

/**
 * What is wrong with a document (DESIGN.md section 4): the rules by which files are checked, against
 * what is on air; and a schedule that is not on air yet is not let begin when its days are over.
 */
export function judge(document: ScheduleDocument, air: Air, around: LintOptions): LintProblem[] {
  return lintDocument(document, around).map((problem) =>
    NOT_ANEW.has(problem.code) && !air.byKey.has(keyOf(problem.subject))
      ? { ...problem, severity: 'error' }
      : problem,
  );
}

/** @throws AppError SCHEDULE_REFUSED with the first error's code and the words of the first few. */
export function refuse(problems: readonly LintProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const worded = errors.slice(0, WORDED);
  throw new AppError('SCHEDULE_REFUSED', {
    count: errors.length,
    problem: first.code,
    subject: first.subject.id,
    zh: worded.map(({ subject, zh }) => `${subject.id}：${zh}`).join('；'),
    en: worded.map(({ subject, en }) => `${subject.id}: ${en}`).join('; '),
  });
}

/**
 * Nothing is named twice, and no name is already taken outside the subtree that the document replaces.
 * @throws AppError CONFLICT.
 */
export function checkNames(items: readonly ContentItem[], outside: readonly ContentVersion[]): void {
  const taken = new Map(outside.map((item) => [keyOf(item), item.region]));
  for (const item of items) {
    const holder = taken.get(keyOf(item));
    if (holder !== undefined) throw new AppError('CONFLICT', { detail: `${keyOf(item)} (${holder})` });
    taken.set(keyOf(item), item.region);
  }
}
