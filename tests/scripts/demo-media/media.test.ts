import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFrameCode } from '../../../scripts/demo-media/frame-code.ts';
import type { FrameCode } from '../../../scripts/demo-media/frame-code.ts';
import {
  HLS_S,
  HLS_SEGMENT_S,
  MEDIA_FPS,
  MEDIA_IDS,
  VIDEO_S,
  mediaPath,
} from '../../../scripts/demo-media/ids.ts';
import { cardSchema } from '../../../shared/asset/asset.schema.ts';
import { TIERS } from '../../../shared/region/tier.ts';

const MEDIA = path.join(import.meta.dirname, '..', '..', '..', 'schedules', 'henan', 'media');
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

/** Every frame's code: the strip is shrunk to one gray pixel per block. */
function codesOf(file: string, widthPx = 1280): (FrameCode | null)[] {
  const blockPx = widthPx / 40;
  const gray = execFileSync(
    'ffmpeg',
    [
      '-v',
      'error',
      '-i',
      file,
      '-vf',
      `crop=${blockPx * 32}:${blockPx}:0:0,scale=32:1:flags=area`,
      '-fps_mode',
      'passthrough',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'gray',
      '-',
    ],
    { maxBuffer: 1e8 },
  );
  return Array.from({ length: gray.length / 32 }, (_, frame) =>
    parseFrameCode([...gray.subarray(frame * 32, frame * 32 + 32)].map((level) => (level >= 128 ? 1 : 0))),
  );
}

function streamsOf(file: string): unknown {
  const fields = 'stream=codec_name,profile,pix_fmt,width,height,r_frame_rate';
  const text = execFileSync('ffprobe', ['-v', 'error', '-show_entries', fields, '-of', 'json', file], {
    encoding: 'utf8',
  });
  return (JSON.parse(text) as { streams: unknown }).streams;
}

const numbered = (media: number, seconds: number) =>
  Array.from({ length: seconds * MEDIA_FPS }, (_, frame) => ({ media, frame }));

describe('the demo media', () => {
  it('is all there and under ten megabytes', () => {
    const names = readdirSync(MEDIA, { recursive: true, encoding: 'utf8' });
    const size = names.reduce((sum, name) => sum + statSync(path.join(MEDIA, name)).size, 0);
    expect(size).toBeLessThan(8e6);
    for (const tier of TIERS)
      for (const kind of ['video', 'hls', 'image', 'card'] as const)
        expect(existsSync(path.join(MEDIA, mediaPath(tier, kind)))).toBe(true);
  });

  it.each(TIERS)('has a card of %s that the stage can draw', (tier) => {
    const text = readFileSync(path.join(MEDIA, mediaPath(tier, 'card')), 'utf8');
    expect(cardSchema.parse(JSON.parse(text)).title.length).toBeGreaterThan(0);
  });

  it.runIf(hasFfmpeg).each(TIERS)('numbers every frame of the video of %s', (tier) => {
    const file = path.join(MEDIA, mediaPath(tier, 'video'));
    expect(codesOf(file)).toEqual(numbered(MEDIA_IDS[tier].video, VIDEO_S));
    expect(streamsOf(file)).toMatchObject([
      {
        codec_name: 'h264',
        profile: 'High',
        pix_fmt: 'yuv420p',
        width: 1280,
        height: 720,
        r_frame_rate: '25/1',
      },
      { codec_name: 'aac' },
    ]);
  });

  it.runIf(hasFfmpeg).each(TIERS)(
    'numbers every frame of the HLS of %s, each segment by itself too',
    (tier) => {
      const file = path.join(MEDIA, mediaPath(tier, 'hls'));
      const all = numbered(MEDIA_IDS[tier].hls, HLS_S);
      expect(codesOf(file)).toEqual(all);
      const perSegment = HLS_SEGMENT_S * MEDIA_FPS;
      for (let segment = 0; segment < HLS_S / HLS_SEGMENT_S; segment += 1) {
        const part = path.join(path.dirname(file), `segment-${segment}.ts`);
        expect(codesOf(part)).toEqual(all.slice(segment * perSegment, (segment + 1) * perSegment));
      }
      expect(readFileSync(file, 'utf8')).toContain('#EXT-X-ENDLIST');
    },
  );

  it.runIf(hasFfmpeg).each(TIERS)('marks the still of %s with its id', (tier) => {
    const codes = codesOf(path.join(MEDIA, mediaPath(tier, 'image')), 1920);
    expect(codes).toEqual([{ media: MEDIA_IDS[tier].image, frame: 0 }]);
  });
});
