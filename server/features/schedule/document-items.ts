import { canonicalText } from '../../../shared/core/canonical.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
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

/** The reverse of {@link itemsOf}. */
export function onAirOf(items: readonly ContentItem[]): OnAir {
  const onAir: OnAir = { schedules: [], playlists: [], quotas: [], reserved: [], reviews: [] };
  for (const { kind, body } of items.toSorted(byKey)) {
    const value: unknown = JSON.parse(body);
    switch (kind) {
      case 'schedule':
        onAir.schedules.push(scheduleSchema.parse(value));
        break;
      case 'playlist':
        onAir.playlists.push(playlistSchema.parse(value));
        break;
      case 'quota':
        onAir.quotas.push(quotaPolicySchema.parse(value));
        break;
      case 'reserved':
        onAir.reserved.push(reservedWindowSchema.parse(value));
        break;
      case 'review':
        onAir.reviews.push(reviewPolicySchema.parse(value));
        break;
      default:
        kind satisfies never;
    }
  }
  return onAir;
}

/** Names an item among all items. */
export function keyOf({ kind, id }: Pick<ContentItem, 'kind' | 'id'>): string {
  return `${kind} ${id}`;
}

/** What people call it. */
export function nameOf({ body, id }: ContentItem): string {
  const { name } = JSON.parse(body) as { name?: unknown };
  return typeof name === 'string' ? name : id;
}

export function byKey(a: ContentItem, b: ContentItem): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}
