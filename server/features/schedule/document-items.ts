import { canonicalText } from '../../../shared/core/canonical.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { ContentKind } from '../../../shared/schedule/apply.api.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import type { ReviewPolicy } from '../../../shared/schedule/review.schema.ts';
import { reviewPolicySchema } from '../../../shared/schedule/review.schema.ts';
import {
  playlistSchema,
  quotaPolicySchema,
  reservedWindowSchema,
  scheduleSchema,
} from '../../../shared/schedule/schedule.schema.ts';
import type {
  Playlist,
  QuotaPolicy,
  ReservedWindow,
  Schedule,
} from '../../../shared/schedule/schedule.schema.ts';
import type { ContentItem } from './schedule.port.ts';

/** What is on air, as its own types again; each sorted by id. */
export interface OnAir {
  readonly schedules: Schedule[];
  readonly playlists: Playlist[];
  readonly quotas: QuotaPolicy[];
  readonly reserved: ReservedWindow[];
  readonly reviews: ReviewPolicy[];
}

/** One thing as an item that can be compared and kept. */
export function itemOf(
  kind: ContentItem['kind'],
  id: string,
  value: { readonly region: RegionCode },
): ContentItem {
  return { kind, id, region: value.region, body: canonicalText(value) };
}

/** A document's contents as items that can be compared and kept. */
export function itemsOf(document: Omit<ScheduleDocument, 'format' | 'region' | 'assets'>): ContentItem[] {
  return [
    ...document.playlists.map((playlist) => itemOf('playlist', playlist.id, playlist)),
    ...document.schedules.map((schedule) => itemOf('schedule', schedule.id, schedule)),
    ...document.quotas.map((quota) => itemOf('quota', quota.region, quota)),
    ...document.reserved.map((reserved) => itemOf('reserved', reserved.id, reserved)),
    ...document.reviews.map((review) => itemOf('review', review.region, review)),
  ];
}

/** An item as its own type again. */
export type Parsed =
  | { readonly kind: 'schedule'; readonly value: Schedule }
  | { readonly kind: 'playlist'; readonly value: Playlist }
  | { readonly kind: 'quota'; readonly value: QuotaPolicy }
  | { readonly kind: 'reserved'; readonly value: ReservedWindow }
  | { readonly kind: 'review'; readonly value: ReviewPolicy };

/** @throws ZodError when the body is none of its kind. */
export function parseItem({ kind, body }: Pick<ContentItem, 'kind' | 'body'>): Parsed {
  const value: unknown = JSON.parse(body);
  switch (kind) {
    case 'schedule':
      return { kind, value: scheduleSchema.parse(value) };
    case 'playlist':
      return { kind, value: playlistSchema.parse(value) };
    case 'quota':
      return { kind, value: quotaPolicySchema.parse(value) };
    case 'reserved':
      return { kind, value: reservedWindowSchema.parse(value) };
    case 'review':
      return { kind, value: reviewPolicySchema.parse(value) };
    default:
      return kind satisfies never;
  }
}

/** The reverse of {@link itemsOf}. */
export function onAirOf(items: readonly ContentItem[]): OnAir {
  return gather(items.toSorted(byKey).map(parseItem));
}

/** Things by their kind, in the order in which they come. */
export function gather(items: readonly Parsed[]): OnAir {
  const onAir: OnAir = { schedules: [], playlists: [], quotas: [], reserved: [], reviews: [] };
  for (const item of items) {
    switch (item.kind) {
      case 'schedule':
        onAir.schedules.push(item.value);
        break;
      case 'playlist':
        onAir.playlists.push(item.value);
        break;
      case 'quota':
        onAir.quotas.push(item.value);
        break;
      case 'reserved':
        onAir.reserved.push(item.value);
        break;
      case 'review':
        onAir.reviews.push(item.value);
        break;
      default:
        item satisfies never;
    }
  }
  return onAir;
}

/** Names an item among all items. */
export function keyOf({ kind, id }: { readonly kind: ContentKind; readonly id: string }): string {
  return `${kind} ${id}`;
}

/** What people call it. */
export function nameOf({ body, id }: Pick<ContentItem, 'body' | 'id'>): string {
  const { name } = JSON.parse(body) as { name?: unknown };
  return typeof name === 'string' ? name : id;
}

/** Orders by kind, then id, by code units: the same on every machine. */
export function byKey(a: ContentItem, b: ContentItem): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
