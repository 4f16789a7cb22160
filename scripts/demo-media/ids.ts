import type { Tier } from '../../shared/region/tier.ts';

/** What each tier has, beside its text card (a card is drawn by the stage and carries no code). */
export const MEDIA_KINDS = ['video', 'hls', 'image'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/**
 * The media id burned into every frame of a demo file: high digit the tier, low digit the kind.
 * Never renumber: tests read these from screenshots.
 */
export const MEDIA_IDS: Readonly<Record<Tier, Readonly<Record<MediaKind, number>>>> = {
  province: { video: 0x11, hls: 0x12, image: 0x13 },
  city: { video: 0x21, hls: 0x22, image: 0x23 },
  county: { video: 0x31, hls: 0x32, image: 0x33 },
  township: { video: 0x41, hls: 0x42, image: 0x43 },
  village: { video: 0x51, hls: 0x52, image: 0x53 },
};

/** Frames per second of every demo video. */
export const MEDIA_FPS = 25;
/** Lengths in whole seconds. */
export const VIDEO_S = 12;
export const HLS_S = 16;
export const HLS_SEGMENT_S = 4;

/** Path of a demo file below schedules/henan/media; for HLS its playlist. */
export function mediaPath(tier: Tier, kind: MediaKind | 'card'): string {
  switch (kind) {
    case 'video':
      return `${tier}-video.mp4`;
    case 'hls':
      return `${tier}-hls/index.m3u8`;
    case 'image':
      return `${tier}-image.jpg`;
    case 'card':
      return `${tier}-card.json`;
    default:
      return kind satisfies never;
  }
}
