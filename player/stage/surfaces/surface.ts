import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import type { StageClock } from '../clock.ts';
import type { Phase } from '../decide.ts';
import type { SurfaceFailure } from '../failure.ts';

/** One showing of one item, drawn behind the front until it is revealed. */
export interface Surface {
  readonly element: HTMLElement;
  readonly phase: Phase;
  /** Frames painted while in front. */
  readonly frames: number;
  /** Begins to fetch and decode; the surface's element is in the document by then. */
  load(): void;
  /** Starts the item's clock behind the front. Calling it again does nothing. */
  roll(): void;
  /** It is in front from the next refresh on. */
  enter(): void;
  /** It is behind again: silent, its picture kept. */
  leave(): void;
  /** Called on every animation frame while it is in front, with that frame's local time. */
  tick(localMs: number): void;
  /** Called about every second: notices what no event tells. */
  check(localMs: number): void;
  /** The same showing with other settings, e.g. another volume. */
  update(cue: Cue): void;
  dispose(): void;
}

export interface SurfaceHost {
  readonly clock: StageClock;
  /** The first frame in front, at a local instant. */
  readonly onPainted: (surface: Surface, localMs: number) => void;
  readonly onFailed: (surface: Surface, failure: SurfaceFailure) => void;
  /** A frame was drawn behind the front: the moment to decide again. */
  readonly onFrame: () => void;
  /** How far beyond its clock an item under way is joined, milliseconds. */
  readonly joinMs: () => number;
  /**
   * How far the item is behind its clock when it has settled, beyond what was allowed for: after a
   * `start` on time, or after it was joined under way.
   */
  readonly onLag: (kind: Cue['kind'], lagMs: number, how: 'start' | 'join') => void;
}

/** Counts animation frames of a still and finds the first that is surely on the glass: the second after the swap. */
export class StillFrames {
  #count = 0;
  #entered = false;

  get frames(): number {
    return Math.max(0, this.#count - 1);
  }

  enter(): void {
    this.#entered = true;
    this.#count = 0;
  }

  leave(): void {
    this.#entered = false;
  }

  /** Answers whether this is the first painted frame. */
  tick(): boolean {
    if (!this.#entered) return false;
    this.#count += 1;
    return this.#count === 2;
  }
}
