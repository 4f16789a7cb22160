import { canonicalText } from '../../../shared/core/canonical.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { TIERS, TIER_ZH } from '../../../shared/region/tier.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import { CONTENT_KIND_ZH } from '../../../shared/schedule/apply.api.ts';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { ReviewPolicy } from '../../../shared/schedule/review.schema.ts';
import { reviewPolicySchema } from '../../../shared/schedule/review.schema.ts';
import type { Playlist, QuotaPolicy } from '../../../shared/schedule/schedule.schema.ts';
import { playlistSchema, quotaPolicySchema } from '../../../shared/schedule/schedule.schema.ts';
import type { FieldProblems, ReservedForm, ScheduleForm } from './schedule-form.ts';
import {
  reservedFormOf,
  reservedOf,
  reservedProblems,
  scheduleFormOf,
  scheduleOf,
  scheduleProblems,
} from './schedule-form.ts';

export type EditKind = DraftEdit['kind'];

/** Kinds in the order in which they are listed. */
export const EDIT_KINDS: readonly EditKind[] = ['schedule', 'playlist', 'quota', 'reserved', 'review'];

export interface PlaylistItemForm {
  /** Stable while the item is moved about. */
  key: number;
  asset: string;
  durationS: number;
  fit: 'contain' | 'cover';
}
export interface PlaylistForm {
  id: string;
  name: string;
  region: RegionCode;
  items: PlaylistItemForm[];
}
export interface QuotaForm {
  region: RegionCode;
  /** Whether the region sets shares at all, or only locks minimums. */
  sets: boolean;
  percents: Record<Tier, number>;
  minimums: Record<Tier, number | null>;
}
export interface ReviewForm {
  region: RegionCode;
  stages: Record<Tier, number>;
  final: ReviewPolicy['final'];
}

/** One change of a draft as it is worked on; `form: null` takes the thing off air. */
export type WorkedEdit = { readonly key: number; readonly base: number | null } & (
  | { readonly kind: 'schedule'; readonly id: string; form: ScheduleForm | null }
  | { readonly kind: 'playlist'; readonly id: string; form: PlaylistForm | null }
  | { readonly kind: 'quota'; readonly id: RegionCode; form: QuotaForm | null }
  | { readonly kind: 'reserved'; readonly id: string; form: ReservedForm | null }
  | { readonly kind: 'review'; readonly id: RegionCode; form: ReviewForm | null }
);

let keys = 0;
/** A key for lists on the page; never stored. */
export function nextKey(): number {
  keys += 1;
  return keys;
}

/** An edit of a draft as something to work on. */
export function workOn(edit: DraftEdit): WorkedEdit {
  const { base } = edit;
  switch (edit.kind) {
    case 'schedule':
      return {
        key: nextKey(),
        base,
        kind: edit.kind,
        id: edit.id,
        form: edit.body && scheduleFormOf(edit.body),
      };
    case 'playlist':
      return {
        key: nextKey(),
        base,
        kind: edit.kind,
        id: edit.id,
        form: edit.body && playlistFormOf(edit.body),
      };
    case 'quota':
      return {
        key: nextKey(),
        base,
        kind: edit.kind,
        id: edit.id,
        form: edit.body && quotaFormOf(edit.body),
      };
    case 'reserved':
      return {
        key: nextKey(),
        base,
        kind: edit.kind,
        id: edit.id,
        form: edit.body && reservedFormOf(edit.body),
      };
    case 'review':
      return {
        key: nextKey(),
        base,
        kind: edit.kind,
        id: edit.id,
        form: edit.body && reviewFormOf(edit.body),
      };
    default:
      return edit satisfies never;
  }
}

/** The edit that worked-on values say; `null` while something in them is wrong. */
export function editOf(work: WorkedEdit): DraftEdit | null {
  const { base, id } = work;
  if (work.form === null) return { kind: work.kind, id, base, body: null } as DraftEdit;
  switch (work.kind) {
    case 'schedule': {
      const body = scheduleOf(work.form);
      return body && { kind: work.kind, id: body.id, base, body };
    }
    case 'playlist': {
      const body = playlistOf(work.form);
      return body && { kind: work.kind, id: body.id, base, body };
    }
    case 'quota': {
      const body = quotaOf(work.form);
      return body && { kind: work.kind, id: body.region, base, body };
    }
    case 'reserved': {
      const body = reservedOf(work.form);
      return body && { kind: work.kind, id: body.id, base, body };
    }
    case 'review': {
      const body = reviewOf(work.form);
      return body && { kind: work.kind, id: body.region, base, body };
    }
    default:
      return work satisfies never;
  }
}

/** What keeps a worked-on edit from being saved, by field. */
export function problemsOf(work: WorkedEdit): FieldProblems {
  if (work.form === null) return {};
  switch (work.kind) {
    case 'schedule':
      return scheduleProblems(work.form);
    case 'playlist':
      return playlistProblems(work.form);
    case 'quota':
      return quotaProblems(work.form);
    case 'reserved':
      return reservedProblems(work.form);
    case 'review':
      return {};
    default:
      return work satisfies never;
  }
}

/** All edits as they can be saved; `null` while one of them is wrong. */
export function editsOf(works: readonly WorkedEdit[]): DraftEdit[] | null {
  const edits = works.map(editOf);
  return edits.some((edit) => edit === null) ? null : (edits as DraftEdit[]);
}

/** Whether what is worked on says the same as what was last saved. */
export function isSaved(
  title: string,
  works: readonly WorkedEdit[],
  saved: { readonly title: string; readonly edits: readonly DraftEdit[] },
): boolean {
  const edits = editsOf(works);
  return (
    title.trim() === saved.title && edits !== null && canonicalText(edits) === canonicalText(saved.edits)
  );
}

/** Edits as they are listed: by kind. */
export function inOrder(works: readonly WorkedEdit[]): WorkedEdit[] {
  return works.toSorted((a, b) => EDIT_KINDS.indexOf(a.kind) - EDIT_KINDS.indexOf(b.kind));
}

/** What stands in the list of a draft's changes. */
export function editName(work: WorkedEdit, nameOf: (code: string) => string): string {
  if (work.form !== null && (work.kind === 'schedule' || work.kind === 'playlist'))
    return work.form.name.trim() || `没有名字的${CONTENT_KIND_ZH[work.kind]}`;
  return work.kind === 'quota' || work.kind === 'review' ? nameOf(work.id) : work.id;
}

const playlistFormOf = (body: Playlist): PlaylistForm => ({
  id: body.id,
  name: body.name,
  region: body.region,
  items: body.items.map((item) => ({ key: nextKey(), ...item })),
});

const playlistOf = (form: PlaylistForm): Playlist | null =>
  playlistSchema.safeParse({
    id: form.id,
    name: form.name.trim(),
    region: form.region,
    items: form.items.map(({ asset, durationS, fit }) => ({ asset, durationS, fit })),
  }).data ?? null;

function playlistProblems(form: PlaylistForm): FieldProblems {
  const problems: Record<string, string> = {};
  if (form.name.trim() === '') problems['name'] = '起个名字';
  if (form.items.length === 0) problems['items'] = '至少放一个素材';
  const bad = form.items.findIndex(
    ({ durationS }) => !Number.isInteger(durationS) || durationS < 1 || durationS > 86_400,
  );
  if (bad >= 0) problems['items'] = `第 ${bad + 1} 项的时长要是 1 到 86400 秒的整数`;
  if (form.items.length > 1_000) problems['items'] = '最多 1000 项';
  return problems;
}

/** Seconds of one round of a playlist. */
export function roundLength(items: readonly { readonly durationS: number }[]): number {
  return items.reduce((total, { durationS }) => total + (Number.isFinite(durationS) ? durationS : 0), 0);
}

/** An item moved by `by` places; past either end it stays. */
export function moved<Item>(items: readonly Item[], index: number, by: number): Item[] {
  const to = Math.min(items.length - 1, Math.max(0, index + by));
  const next = [...items];
  const [item] = next.splice(index, 1);
  if (item !== undefined) next.splice(to, 0, item);
  return next;
}

const byTier = <Value>(valueOf: (tier: Tier) => Value): Record<Tier, Value> =>
  Object.fromEntries(TIERS.map((tier) => [tier, valueOf(tier)])) as Record<Tier, Value>;

/** A policy that says what holds without one. */
export function newQuotaForm(region: RegionCode): QuotaForm {
  const percents = { province: 40, city: 20, county: 20, township: 10, village: 10 };
  return { region, sets: true, percents, minimums: byTier(() => null) };
}

const quotaFormOf = (body: QuotaPolicy): QuotaForm => ({
  region: body.region,
  sets: body.percents !== null,
  percents: body.percents === null ? newQuotaForm(body.region).percents : { ...body.percents },
  minimums: byTier((tier) => body.minimums[tier] ?? null),
});

const quotaOf = (form: QuotaForm): QuotaPolicy | null =>
  quotaPolicySchema.safeParse({
    region: form.region,
    percents: form.sets ? form.percents : null,
    minimums: Object.fromEntries(
      TIERS.flatMap((tier) => (form.minimums[tier] === null ? [] : [[tier, form.minimums[tier]]])),
    ),
  }).data ?? null;

/** The sum of shares by tier; half-typed ones count as nothing. */
export function sumOfShares(shares: Readonly<Record<Tier, number | null>>): number {
  return TIERS.reduce((total, tier) => total + (shares[tier] ?? 0), 0);
}

function quotaProblems(form: QuotaForm): FieldProblems {
  const problems: Record<string, string> = {};
  const wrong = TIERS.find((tier) => !Number.isInteger(form.percents[tier]) || form.percents[tier] < 0);
  if (form.sets && wrong !== undefined) problems['percents'] = `${TIER_ZH[wrong]}级要填 0 到 100 的整数`;
  else if (form.sets && sumOfShares(form.percents) !== 100)
    problems['percents'] = `合计 ${sumOfShares(form.percents)} %，要凑满 100 %`;
  if (sumOfShares(form.minimums) > 100)
    problems['minimums'] = `锁定合计 ${sumOfShares(form.minimums)} %，不能过 100 %`;
  if (!form.sets && TIERS.every((tier) => form.minimums[tier] === null))
    problems['minimums'] = '不设配额时，至少锁定一级的最低占比';
  return problems;
}

/** One stage for every tier: the mildest demand. */
export function newReviewForm(region: RegionCode): ReviewForm {
  return { region, stages: byTier(() => 1), final: 'issuer' };
}

const reviewFormOf = (body: ReviewPolicy): ReviewForm => ({
  region: body.region,
  stages: byTier((tier) => body.stages[tier] ?? 0),
  final: body.final,
});

const reviewOf = (form: ReviewForm): ReviewPolicy | null =>
  reviewPolicySchema.safeParse({
    region: form.region,
    stages: Object.fromEntries(
      TIERS.flatMap((tier) => (form.stages[tier] > 0 ? [[tier, form.stages[tier]]] : [])),
    ),
    final: form.final,
  }).data ?? null;
