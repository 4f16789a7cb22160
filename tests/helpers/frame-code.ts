import { decode } from 'fast-png';
import { readFrameCode } from '../../scripts/demo-media/frame-code.ts';
import type { FrameCode, Pixels } from '../../scripts/demo-media/frame-code.ts';

/** A screenshot's pixels. */
export function pixelsOf(png: Uint8Array): Pixels {
  const { data, width, height, channels } = decode(png);
  return { data, width, height, channels };
}

/** The frame code burned into what a screenshot (PNG of the whole glass, 16:9) shows, or `null`. */
export function frameCodeOf(png: Uint8Array): FrameCode | null {
  return readFrameCode(pixelsOf(png));
}

export interface Tone {
  /** Rec. 709 luma, 0 … 255. */
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Brightness of a picture, from a grid of pixels. */
export function toneOf(pixels: Pixels, stepPx = 7): Tone {
  let sum = 0;
  let count = 0;
  let min = 255;
  let max = 0;
  for (let y = 0; y < pixels.height; y += stepPx)
    for (let x = 0; x < pixels.width; x += stepPx) {
      const luma = lumaAt(pixels, x, y);
      sum += luma;
      count += 1;
      min = Math.min(min, luma);
      max = Math.max(max, luma);
    }
  return { mean: sum / count, min, max };
}

/** Whether a picture shows nothing: black, or one flat colour all over. */
export function isBlank(pixels: Pixels): boolean {
  const { mean, min, max } = toneOf(pixels);
  return mean < 8 || max - min < 12;
}

function lumaAt({ data, width, channels }: Pixels, x: number, y: number): number {
  const at = (y * width + x) * channels;
  const red = data[at] ?? 0;
  if (channels < 3) return red;
  return 0.2126 * red + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
}
