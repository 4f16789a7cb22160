import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import type { Phase } from '../decide.ts';
import type { SurfaceFailure } from '../failure.ts';
import { StillFrames } from './surface.ts';
import type { Surface, SurfaceHost } from './surface.ts';

/** Draws a still into its element; resolves when it is decoded and laid out, throws {@link StillError}. */
export type DrawStill = (element: HTMLElement, cue: Cue) => Promise<void>;

/** Why a still cannot be shown. */
export class StillError extends Error {
  override readonly name = 'StillError';
  readonly failure: SurfaceFailure;

  constructor(failure: SurfaceFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/** A picture or a card: drawn once behind the front, then kept. */
export class StillSurface implements Surface {
  readonly element: HTMLElement;
  readonly #cue: Cue;
  readonly #host: SurfaceHost;
  readonly #draw: DrawStill;
  readonly #still = new StillFrames();
  #phase: Phase = 'loading';
  #disposed = false;

  constructor(cue: Cue, host: SurfaceHost, draw: DrawStill) {
    this.#cue = cue;
    this.#host = host;
    this.#draw = draw;
    this.element = document.createElement('div');
    this.element.className = 'surface';
  }

  get phase(): Phase {
    return this.#phase;
  }

  get frames(): number {
    return this.#still.frames;
  }

  load(): void {
    this.#draw(this.element, this.#cue).then(
      () => {
        if (this.#disposed) return;
        this.#phase = 'rolling';
        this.#host.onFrame();
      },
      (problem: unknown) => {
        if (this.#disposed) return;
        this.#phase = 'failed';
        this.#host.onFailed(
          this,
          problem instanceof StillError
            ? problem.failure
            : { code: 'decode', detail: String(problem).slice(0, 200) },
        );
      },
    );
  }

  roll(): void {
    // A still has no clock of its own.
  }

  enter(): void {
    this.#still.enter();
  }

  leave(): void {
    this.#still.leave();
  }

  tick(localMs: number): void {
    if (this.#still.tick()) this.#host.onPainted(this, localMs);
  }

  check(): void {
    // Nothing can stop by itself.
  }

  update(): void {
    // Volume does not concern a still.
  }

  dispose(): void {
    this.#disposed = true;
    this.#phase = 'failed';
    this.element.remove();
  }
}
