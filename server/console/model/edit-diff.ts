import { canonicalText } from '../../../shared/core/canonical.ts';
import { TIERS, TIER_ZH } from '../../../shared/region/tier.ts';
import type { ContentChange } from '../../../shared/schedule/apply.api.ts';
import type { DraftEdit } from '../../../shared/schedule/draft.api.ts';
import type { ReviewPolicy } from '../../../shared/schedule/review.schema.ts';
import { stageText } from '../../../shared/schedule/review.schema.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import type {
  Playlist,
  QuotaPolicy,
  ReservedWindow,
  Schedule,
} from '../../../shared/schedule/schedule.schema.ts';
import { spanWords } from './format.ts';
import { roundLength } from './edits.ts';
import { audienceText, daysText, validityText, windowsText } from './schedule-words.ts';
import { CLASS_ZH } from './showing.ts';

/** One thing that a change says differently; `null`: it was, or will be, not there. */
export interface FieldDiff {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A change of a draft, before and after. */
export interface EditDiff {
  readonly kind: DraftEdit['kind'];
  readonly id: string;
  readonly name: string;
  readonly change: ContentChange['change'] | 'same';
  /** Those that differ; all where it is new or goes. */
  readonly fields: readonly FieldDiff[];
}

/** What codes and hashes are called. */
export interface Names {
  readonly region: (code: string) => string;
  readonly asset: (sha256: string) => string;
  readonly playlist: (id: string) => string;
}

type Fields = readonly (readonly [label: string, text: string])[];

/** What every edit of a draft changes against `document`, in the draft's order. */
export function diffEdits(edits: readonly DraftEdit[], document: ScheduleDocument, names: Names): EditDiff[] {
  return edits.map((edit) => {
    const before = bodyIn(document, edit);
    const old = before === null ? null : fieldsOf(before, names);
    const now = edit.body === null ? null : fieldsOf({ kind: edit.kind, body: edit.body } as Content, names);
    const change =
      now === null
        ? 'removed'
        : old === null
          ? 'created'
          : before !== null && canonicalText(before.body) === canonicalText(edit.body)
            ? 'same'
            : 'updated';
    return {
      kind: edit.kind,
      id: edit.id,
      name: nameIn(edit, before, names),
      change,
      fields: compare(old, now),
    };
  });
}

type Content =
  | { readonly kind: 'schedule'; readonly body: Schedule }
  | { readonly kind: 'playlist'; readonly body: Playlist }
  | { readonly kind: 'quota'; readonly body: QuotaPolicy }
  | { readonly kind: 'reserved'; readonly body: ReservedWindow }
  | { readonly kind: 'review'; readonly body: ReviewPolicy };

function bodyIn(document: ScheduleDocument, { kind, id }: DraftEdit): Content | null {
  const body =
    kind === 'schedule'
      ? document.schedules.find((one) => one.id === id)
      : kind === 'playlist'
        ? document.playlists.find((one) => one.id === id)
        : kind === 'quota'
          ? document.quotas.find((one) => one.region === id)
          : kind === 'reserved'
            ? document.reserved.find((one) => one.id === id)
            : document.reviews.find((one) => one.region === id);
  return body === undefined ? null : ({ kind, body } as Content);
}

function nameIn(edit: DraftEdit, before: Content | null, names: Names): string {
  const body = edit.body ?? before?.body ?? null;
  if (body !== null && 'name' in body) return body.name;
  return edit.kind === 'quota' || edit.kind === 'review' ? names.region(edit.id) : edit.id;
}

function compare(old: Fields | null, now: Fields | null): FieldDiff[] {
  const labels = [...new Set([...(old ?? []), ...(now ?? [])].map(([label]) => label))];
  const textOf = (fields: Fields | null, label: string) =>
    fields?.find(([one]) => one === label)?.[1] ?? null;
  return labels
    .map((label) => ({ label, before: textOf(old, label), after: textOf(now, label) }))
    .filter(({ before, after }) => before !== after);
}

function fieldsOf(content: Content, names: Names): Fields {
  switch (content.kind) {
    case 'schedule':
      return scheduleFields(content.body, names);
    case 'playlist':
      return playlistFields(content.body, names);
    case 'quota':
      return quotaFields(content.body);
    case 'reserved':
      return [...whenFields(content.body)];
    case 'review':
      return reviewFields(content.body);
    default:
      return content satisfies never;
  }
}

function whenFields(body: Pick<Schedule, 'days' | 'excludeDates' | 'windows' | 'validity'>): Fields {
  return [
    ['日子', daysText(body.days, body.excludeDates)],
    ['时段', windowsText(body.windows, 48)],
    ['有效期', validityText(body.validity)],
  ];
}

function scheduleFields(body: Schedule, names: Names): Fields {
  return [
    ['名称', body.name],
    ['类别', CLASS_ZH[body.class]],
    ['发布', names.region(body.region)],
    ['节目单', names.playlist(body.playlist)],
    ['受众', audienceText(body.audience, names.region(body.region), names.region)],
    ...whenFields(body),
    ...(body.class === 'rotation'
      ? [['权重', String(body.weight)] as const]
      : [['优先级', String(body.priority)] as const]),
    ...(body.class === 'mandatory' ? [['每段播', body.once ? '一遍' : '循环'] as const] : []),
  ];
}

/** Items are named one by one, so that an exchanged or moved one is seen. */
function playlistFields(body: Playlist, names: Names): Fields {
  return [
    ['名称', body.name],
    ['总长', `${body.items.length} 项，${spanWords(roundLength(body.items))}`],
    ...body.items.map(
      (item, index) =>
        [
          `第 ${index + 1} 项`,
          `${names.asset(item.asset)} ${item.durationS} 秒${item.fit === 'cover' ? '，铺满' : ''}`,
        ] as const,
    ),
  ];
}

function quotaFields(body: QuotaPolicy): Fields {
  const { percents } = body;
  const locked = TIERS.filter((tier) => body.minimums[tier] !== undefined);
  return [
    [
      '配额',
      percents === null ? '不设' : TIERS.map((tier) => `${TIER_ZH[tier]} ${percents[tier]} %`).join('，'),
    ],
    [
      '锁定最低',
      locked.length === 0
        ? '无'
        : locked.map((tier) => `${TIER_ZH[tier]} ${body.minimums[tier]} %`).join('，'),
    ],
  ];
}

function reviewFields(body: ReviewPolicy): Fields {
  return [
    ['审核', TIERS.map((tier) => `${TIER_ZH[tier]}级${stageText(body.stages[tier] ?? 0)}`).join('，')],
    ['终审', body.final === 'issuer' ? '发布区划或其上级' : '提出要求的区划或其上级'],
  ];
}
