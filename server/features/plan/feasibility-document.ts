import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { World } from '../../../shared/plan/compile.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { ProblemCode } from '../../../shared/schedule/problem.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import { lintDocument } from '../../../shared/schedule/schedule-lint.ts';

/** What the report itself says, with the screens it concerns: no reason to give no report. */
const REPORTED: ReadonlySet<ProblemCode> = new Set(['ITEM_NEVER_FITS', 'CHAIN_TOO_LONG', 'ASSET_UNKNOWN']);
/** Errors that an answer puts into words; the rest are counted. */
const WORDED = 10;

/** What would be on air if a document were applied: its region's subtree is what it says, whole. */
export function worldOfDocument(before: World, document: ScheduleDocument): World {
  const isOutside = ({ region }: { readonly region: RegionCode }) => !isWithin(region, document.region);
  const playlists = [...before.playlists.values()].filter(isOutside);
  return {
    schedules: [...before.schedules.filter(isOutside), ...document.schedules],
    playlists: new Map([...playlists, ...document.playlists].map((one) => [one.id, one])),
    assets: new Map([...before.assets, ...document.assets.map((one) => [one.sha256, one] as const)]),
    quotas: [...before.quotas.filter(isOutside), ...document.quotas],
    reserved: [...before.reserved.filter(isOutside), ...document.reserved],
    holidays: before.holidays,
  };
}

/**
 * A document whose parts contradict each other, or say what their region may not, has no world.
 * @throws AppError REGION_UNKNOWN, SCHEDULE_REFUSED, CONFLICT for a name taken outside its region.
 */
export function demandJudgeable(
  document: ScheduleDocument,
  before: World,
  { hasRegion }: { readonly hasRegion: (code: RegionCode) => boolean },
): void {
  if (!hasRegion(document.region)) throw new AppError('REGION_UNKNOWN', { code: document.region });
  const outside = [...before.playlists.values()].filter(({ region }) => !isWithin(region, document.region));
  const errors = lintDocument(document, {
    hasRegion,
    playlists: new Map(outside.map((one) => [one.id, one])),
    assets: before.assets,
  }).filter(({ severity, code }) => severity === 'error' && !REPORTED.has(code));
  const worded = errors.slice(0, WORDED);
  if (worded[0] !== undefined)
    throw new AppError('SCHEDULE_REFUSED', {
      count: errors.length,
      problem: worded[0].code,
      subject: worded[0].subject.id,
      zh: worded.map(({ subject, zh }) => `${subject.id}：${zh}`).join('；'),
      en: worded.map(({ subject, en }) => `${subject.id}: ${en}`).join('; '),
    });
  demandNames(document, before);
}

function demandNames(document: ScheduleDocument, before: World): void {
  const taken = new Set<string>();
  const isOutside = ({ region }: { readonly region: RegionCode }) => !isWithin(region, document.region);
  for (const one of before.schedules.filter(isOutside)) taken.add(`schedule ${one.id}`);
  for (const one of [...before.playlists.values()].filter(isOutside)) taken.add(`playlist ${one.id}`);
  for (const one of before.reserved.filter(isOutside)) taken.add(`reserved ${one.id}`);
  const names = [
    ...document.schedules.map(({ id }) => `schedule ${id}`),
    ...document.playlists.map(({ id }) => `playlist ${id}`),
    ...document.reserved.map(({ id }) => `reserved ${id}`),
  ];
  for (const name of names) {
    if (taken.has(name)) throw new AppError('CONFLICT', { detail: name });
    taken.add(name);
  }
}
