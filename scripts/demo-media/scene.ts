import type { Tier } from '../../shared/region/tier.ts';
import type { MediaKind } from './ids.ts';

/** A piece of a drawing that moves by itself, as ffmpeg overlay expressions of `t` in seconds. */
export interface Sprite {
  /** SVG markup in the scene's 1280 × 720 coordinates. */
  readonly svg: string;
  /** Horizontal and vertical shift in pixels at time `t`. */
  readonly dx: string;
  readonly dy: string;
}

/** One drawn science card. */
export interface Scene {
  readonly tier: Tier;
  readonly kind: MediaKind;
  /** Title lines, at most six characters each. */
  readonly title: readonly string[];
  /** Lines under the title, at most fourteen characters each. */
  readonly points: readonly string[];
  readonly source: string;
  /** Colour of the source line where the ground under it is not the paper. */
  readonly footInk?: string;
  /** Page colour, title colour, colour of the points. */
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  /** SVG markup behind the words, 1280 × 720. */
  readonly art: string;
  /** Drawn over the art in order; none in a still picture. */
  readonly sprites: readonly Sprite[];
}

/** A sprite that sways by `x` and `y` pixels, once in `seconds` (a divisor of the loop: no jump). */
export function sway(
  svg: string,
  motion: { x?: number; y?: number; seconds: number; phase?: number },
): Sprite {
  const turn = `2*PI*t/${motion.seconds}+${motion.phase ?? 0}`;
  return { svg, dx: `${motion.x ?? 0}*sin(${turn})`, dy: `${motion.y ?? 0}*sin(${turn})` };
}
