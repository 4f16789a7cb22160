import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { FRAME_CODE_BLOCKS, FRAME_CODE_BLOCK_PX, frameCodeBits } from './frame-code.ts';
import { HLS_SEGMENT_S, MEDIA_FPS } from './ids.ts';
import { CLOCK_BOX, CODE_DARK, CODE_LIGHT } from './page.ts';
import type { Scene } from './scene.ts';

const run = promisify(execFile);

/** What a clip is made of: rendered layers and where it goes. */
export interface Clip {
  readonly scene: Scene;
  readonly media: number;
  readonly seconds: number;
  /** PNG of the still part. */
  readonly background: string;
  /** PNGs of the scene's sprites, in order. */
  readonly sprites: readonly string[];
  /** A TrueType font for the clock. */
  readonly font: string;
  /** Where intermediate files may be written. */
  readonly scratch: string;
  /** The file to make: `.mp4`, or `.m3u8` whose segments are put beside it. */
  readonly output: string;
}

/** Encodes a clip as H.264 high, yuv420p, with AAC; MP4 faststart, or HLS VOD by its ending. */
export async function encodeClip(clip: Clip): Promise<void> {
  const strip = path.join(clip.scratch, `strip-${clip.media}.gray`);
  await writeFile(strip, stripBytes(clip.media, clip.seconds * MEDIA_FPS));
  const hls = clip.output.endsWith('.m3u8');
  if (hls) await rm(path.dirname(clip.output), { recursive: true, force: true });
  await mkdir(path.dirname(clip.output), { recursive: true });
  const layers = [clip.background, ...clip.sprites].flatMap((file) => [
    '-loop',
    '1',
    '-framerate',
    String(MEDIA_FPS),
    '-t',
    String(clip.seconds),
    '-i',
    file,
  ]);
  const stripInput = [
    '-f',
    'rawvideo',
    '-pix_fmt',
    'gray',
    '-s',
    `${FRAME_CODE_BLOCKS}x1`,
    '-r',
    String(MEDIA_FPS),
    '-i',
    strip,
  ];
  const sound = ['-f', 'lavfi', '-t', String(clip.seconds), '-i', soundSource(clip.media)];
  const soundInput = clip.sprites.length + 2;
  await run(
    'ffmpeg',
    [
      '-hide_banner',
      '-loglevel',
      'error',
      '-nostdin',
      '-y',
      ...layers,
      ...stripInput,
      ...sound,
      '-filter_complex',
      filterGraph(clip),
      '-map',
      '[v]',
      '-map',
      `${soundInput}:a`,
      '-c:v',
      'libx264',
      '-profile:v',
      'high',
      '-preset',
      'slow',
      '-crf',
      '27',
      '-tune',
      'animation',
      '-g',
      String(HLS_SEGMENT_S * MEDIA_FPS),
      '-keyint_min',
      String(HLS_SEGMENT_S * MEDIA_FPS),
      '-sc_threshold',
      '0',
      '-c:a',
      'aac',
      '-b:a',
      '48k',
      '-ac',
      '1',
      '-ar',
      '48000',
      '-t',
      String(clip.seconds),
      '-map_metadata',
      '-1',
      '-bitexact',
      ...(hls ? hlsOutput(clip.output) : ['-movflags', '+faststart', clip.output]),
    ],
    { maxBuffer: 16 * 1024 * 1024 },
  );
}

/** A still at 1920 × 1080 from a PNG of that size. */
export async function encodeStill(png: string, output: string): Promise<void> {
  await run('ffmpeg', [
    '-hide_banner',
    '-loglevel',
    'error',
    '-nostdin',
    '-y',
    '-i',
    png,
    '-q:v',
    '4',
    '-map_metadata',
    '-1',
    '-bitexact',
    output,
  ]);
}

/** One row of 32 gray pixels per frame; the encoder blows each up to a block. */
function stripBytes(media: number, frames: number): Buffer {
  const bytes = Buffer.alloc(frames * FRAME_CODE_BLOCKS);
  for (let frame = 0; frame < frames; frame += 1) {
    frameCodeBits({ media, frame }).forEach((bit, block) => {
      bytes[frame * FRAME_CODE_BLOCKS + block] = bit === 1 ? CODE_LIGHT : CODE_DARK;
    });
  }
  return bytes;
}

function filterGraph({ scene, sprites, font }: Clip): string {
  const stripInput = sprites.length + 1;
  const stripWidth = FRAME_CODE_BLOCKS * FRAME_CODE_BLOCK_PX;
  const chain: string[] = [];
  let under = '0:v';
  scene.sprites.forEach((sprite, index) => {
    chain.push(
      `[${under}][${index + 1}:v]overlay=x='${sprite.dx}':y='${sprite.dy}':eval=frame:format=auto[s${index}]`,
    );
    under = `s${index}`;
  });
  // The clock is the media's own time: hours, minutes, seconds, frame.
  chain.push(
    `[${under}]drawtext=fontfile=${font}:fontsize=30:fontcolor=0xE8EEF6:timecode='00\\:00\\:00\\:00':rate=${MEDIA_FPS}` +
      `:x=${CLOCK_BOX.x}+(${CLOCK_BOX.widthPx}-tw)/2:y=${CLOCK_BOX.y}+(${CLOCK_BOX.heightPx}-th)/2[c]`,
    `[${stripInput}:v]scale=${stripWidth}:${FRAME_CODE_BLOCK_PX}:flags=neighbor,format=rgb24[code]`,
    `[c][code]overlay=0:0:format=rgb,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv[v]`,
  );
  return chain.join(';');
}

/** A quiet slow chord, different per file, so that a change of item can be heard. */
function soundSource(media: number): string {
  const root = 196 * 2 ** (((media * 7) % 12) / 12);
  const voice = (ratio: number, level: number, seconds: number) =>
    `${level}*sin(2*PI*${(root * ratio).toFixed(2)}*t)*(0.55-0.45*cos(2*PI*t/${seconds}))`;
  return `aevalsrc=exprs='${[voice(1, 0.07, 4), voice(1.5, 0.05, 2), voice(2, 0.03, 4)].join('+')}':s=48000`;
}

function hlsOutput(playlist: string): string[] {
  return [
    '-f',
    'hls',
    '-hls_time',
    String(HLS_SEGMENT_S),
    '-hls_playlist_type',
    'vod',
    '-hls_list_size',
    '0',
    '-hls_segment_filename',
    path.join(path.dirname(playlist), 'segment-%d.ts'),
    playlist,
  ];
}
