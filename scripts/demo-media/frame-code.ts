/**
 * The frame code: a strip of 32 black and white blocks of 32 × 32 pixels along the top of a
 * 1280 × 720 frame, from which a machine reads which file and which frame is on the glass.
 *
 * Blocks, from the left: 0–1 white, black · 2–9 media id · 10–25 frame number · 26–29 count of set
 * data bits modulo 16 · 30–31 black, white. Numbers lowest bit first; white is 1.
 */
export const FRAME_CODE_BLOCKS = 32;
/** Block width on a frame of {@link FRAME_CODE_FRAME_WIDTH} pixels. */
export const FRAME_CODE_BLOCK_PX = 32;
export const FRAME_CODE_FRAME_WIDTH = 1280;

export interface FrameCode {
  /** 0 … 255, see ids.ts. */
  readonly media: number;
  /** 0 … 65535, from the file's first frame. */
  readonly frame: number;
}

/** The strip's 32 bits for a frame. */
export function frameCodeBits({ media, frame }: FrameCode): (0 | 1)[] {
  const data = [...bitsOf(media, 8), ...bitsOf(frame, 16)];
  return [1, 0, ...data, ...bitsOf(ones(data) % 16, 4), 0, 1];
}

/** Reads 32 bits back; `null` where sync or checksum say that this is no frame code. */
export function parseFrameCode(bits: readonly number[]): FrameCode | null {
  if (bits.length !== FRAME_CODE_BLOCKS) return null;
  if (bits[0] !== 1 || bits[1] !== 0 || bits[30] !== 0 || bits[31] !== 1) return null;
  const data = bits.slice(2, 26);
  if (numberOf(bits.slice(26, 30)) !== ones(data) % 16) return null;
  return { media: numberOf(data.slice(0, 8)), frame: numberOf(data.slice(8)) };
}

/** An image as rows of pixels; `channels` values per pixel, of which the first three are read. */
export interface Pixels {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * Reads the frame code of a picture of the whole glass, of any 16:9 size: each block's middle is
 * averaged and compared with half of full scale.
 * @returns `null` where there is no valid code.
 */
export function readFrameCode(pixels: Pixels): FrameCode | null {
  const blockPx = (FRAME_CODE_BLOCK_PX * pixels.width) / FRAME_CODE_FRAME_WIDTH;
  const bits = Array.from({ length: FRAME_CODE_BLOCKS }, (_, block) =>
    meanAround(pixels, (block + 0.5) * blockPx, blockPx / 2, blockPx / 4) >= 128 ? 1 : 0,
  );
  return parseFrameCode(bits);
}

function meanAround(pixels: Pixels, x: number, y: number, reachPx: number): number {
  const { data, width, height, channels } = pixels;
  const colours = Math.min(3, channels);
  let sum = 0;
  let count = 0;
  for (let row = Math.round(y - reachPx); row <= Math.min(height - 1, y + reachPx); row += 1) {
    for (let column = Math.round(x - reachPx); column <= Math.min(width - 1, x + reachPx); column += 1) {
      for (let colour = 0; colour < colours; colour += 1) {
        sum += data[(row * width + column) * channels + colour] ?? 0;
        count += 1;
      }
    }
  }
  return count === 0 ? 0 : sum / count;
}

function bitsOf(value: number, count: number): (0 | 1)[] {
  return Array.from({ length: count }, (_, bit) => ((value >> bit) & 1) as 0 | 1);
}

function numberOf(bits: readonly number[]): number {
  return bits.reduce((value, bit, index) => value + (bit === 1 ? 2 ** index : 0), 0);
}

function ones(bits: readonly number[]): number {
  return bits.filter((bit) => bit === 1).length;
}
