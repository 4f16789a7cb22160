import { cardSchema } from './asset.schema.ts';
import type { AssetKind } from './asset.schema.ts';

/** What may be stored: MIME type, and the file name ending under which HLS playlists name it. */
export const MEDIA_TYPES = {
  'video/mp4': 'mp4',
  'application/vnd.apple.mpegurl': 'm3u8',
  'video/mp2t': 'ts',
  'video/iso.segment': 'm4s',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'application/json': 'json',
} as const;
export type MediaType = keyof typeof MEDIA_TYPES;

/** Which types an asset's own bytes may have, by kind; parts are segments or pictures. */
export const KIND_MEDIA_TYPES: Readonly<Record<AssetKind, readonly MediaType[]>> = {
  video: ['video/mp4'],
  hls: ['application/vnd.apple.mpegurl'],
  image: ['image/png', 'image/jpeg', 'image/webp'],
  card: ['application/json'],
};

/** Which types an asset's parts may have: an HLS asset's segments, a card's picture. */
export const PART_MEDIA_TYPES: Readonly<Record<AssetKind, readonly MediaType[]>> = {
  video: [],
  hls: ['video/mp2t', 'video/iso.segment', 'video/mp4'],
  image: [],
  card: KIND_MEDIA_TYPES.image,
};

/** Playlists and cards are small texts and judged whole, so they must fit into the head. */
export const HEAD_BYTES = 512 * 1024;

/**
 * The type of content by the content itself, whatever its sender called it (DESIGN.md section 9:
 * image, video and text only, never HTML or script). `head` holds the first {@link HEAD_BYTES} or
 * all of it, `sizeBytes` the whole length. `null` for everything that is not taken.
 */
export function mediaTypeOf(head: Uint8Array, sizeBytes: number): MediaType | null {
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png';
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'image/jpeg';
  if (asciiAt(head, 0, 4) === 'RIFF' && asciiAt(head, 8, 4) === 'WEBP') return 'image/webp';
  // ISO/IEC 14496-12: the first box's type stands after its four length bytes.
  const box = asciiAt(head, 4, 4);
  if (box === 'ftyp') return 'video/mp4';
  if (box === 'styp' || box === 'moof' || box === 'sidx') return 'video/iso.segment';
  if (isTransportStream(head)) return 'video/mp2t';
  if (sizeBytes > head.length) return null;
  const text = decode(head);
  if (text === null) return null;
  if (/^#EXTM3U\r?\n/.test(text)) return 'application/vnd.apple.mpegurl';
  return isCard(text) ? 'application/json' : null;
}

/** ISO/IEC 13818-1: packets of 188 bytes, each beginning with the sync byte 0x47. */
function isTransportStream(head: Uint8Array): boolean {
  const packets = Math.min(4, Math.floor(head.length / 188));
  for (let packet = 0; packet < packets; packet++) if (head[packet * 188] !== 0x47) return false;
  return packets > 0;
}

function isCard(text: string): boolean {
  try {
    return cardSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false; // Not JSON: no card.
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null; // Not UTF-8: no text.
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function asciiAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
