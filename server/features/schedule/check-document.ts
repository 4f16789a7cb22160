import { AppError } from '../../../shared/core/errors.ts';
import { lintDocument } from '../../../shared/schedule/schedule-lint.ts';
import type { LintOptions } from '../../../shared/schedule/schedule-lint.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import { keyOf } from './document-items.ts';
import type { ContentItem, ContentVersion } from './schedule.port.ts';

/** Errors that an answer puts into words; the rest are counted. */
const WORDED = 10;

/**
 * Whether a region may say what a document says (DESIGN.md section 4): the rules by which files are
 * checked, against what is on air. Their warnings stop nothing.
 * @throws AppError REGION_UNKNOWN for the document's own region; SCHEDULE_REFUSED with the first
 *   problem's code and the words of the first few.
 */
export function checkDocument(document: ScheduleDocument, around: Required<LintOptions>): void {
  if (!around.hasRegion(document.region)) throw new AppError('REGION_UNKNOWN', { code: document.region });
  const errors = lintDocument(document, around).filter(({ severity }) => severity === 'error');
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
