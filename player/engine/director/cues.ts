import { readFileSync } from 'node:fs';
import type { AssetKind } from '../../../shared/asset/asset.schema.ts';
import { cardSchema } from '../../../shared/asset/asset.schema.ts';
import type { Card } from '../../../shared/asset/asset.schema.ts';
import type { PlanAsset } from '../../../shared/plan/plan.schema.ts';
import { tierOf } from '../../../shared/region/tier.ts';
import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import type { BlobCache } from '../cache/blob-cache.ts';
import type { Slot } from './slots.ts';

/** Where the engine's origin serves cached bytes: `/media/<sha256>.<ending>`; the ending is for the eye. */
export const MEDIA_PREFIX = '/media/';

const ENDINGS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'application/vnd.apple.mpegurl': 'm3u8',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/json': 'json',
};

/** Path of a blob on the engine's origin. */
export function mediaPath(sha256: string, mime: string): string {
  return `${MEDIA_PREFIX}${sha256}.${ENDINGS[mime] ?? 'bin'}`;
}

/** The cue of a slot whose asset is here and verified. */
export function cueOf(slot: Slot, asset: PlanAsset, volume: number, card: Card | null): Cue {
  const { entry } = slot;
  const item = entry.schedule === null ? undefined : itemOf(slot);
  const picture = asset.parts.find((part) => part.sha256 === card?.picture);
  return {
    key: slot.key,
    kind: asset.kind,
    startMs: slot.startMs,
    endMs: slot.endMs,
    originMs: slot.originMs,
    src: hasSource(asset.kind) ? mediaPath(asset.sha256, asset.mime) : null,
    card,
    pictureSrc: picture === undefined ? null : mediaPath(picture.sha256, picture.mime),
    title: asset.title,
    tier: entry.region === null ? null : tierOf(entry.region),
    fit: item?.fit ?? 'contain',
    volume,
  };
}

/** The filler built into the player, in a slot's place; `mark` tells it from the item it stands in for. */
export function fillerCueOf(slot: Slot, mark: string): Cue {
  return {
    key: `${slot.key}${mark}`,
    kind: 'filler',
    startMs: slot.startMs,
    endMs: slot.endMs,
    originMs: slot.originMs,
    src: null,
    card: null,
    pictureSrc: null,
    title: '',
    tier: null,
    fit: 'contain',
    volume: 0,
  };
}

/** The asset a slot shows; `null` for the built-in filler. */
export function assetOf(slot: Slot): PlanAsset | null {
  return slot.entry.asset === null ? null : (slot.loaded.plan.assets[slot.entry.asset] ?? null);
}

/**
 * Reads a card's content from verified bytes; `null` where the asset is no card.
 * @throws where the bytes are no card: the slot then fails like an undecodable video.
 */
export function readCard(cache: BlobCache, asset: PlanAsset): Card | null {
  if (asset.kind !== 'card') return null;
  const path = cache.verifiedPath(asset.sha256);
  if (path === null) throw new Error('the card is not in the cache');
  return cardSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

function hasSource(kind: AssetKind): boolean {
  return kind !== 'card';
}

function itemOf(slot: Slot): { fit: 'contain' | 'cover' } | undefined {
  const schedule = slot.loaded.plan.schedules.find(({ id }) => id === slot.entry.schedule);
  return schedule === undefined
    ? undefined
    : slot.loaded.plan.playlists[schedule.playlist]?.items[slot.entry.item];
}
