import type { Cue, Scene, StageFailure } from '../../../shared/screen/stage-protocol.ts';
import { systemTimers } from '../../engine/system-ports.ts';
import type { Cancel, StageEvents, StagePort, Timers } from '../../engine/ports.ts';

/** How a stage without a picture misbehaves; asked per cue. */
export interface StageBehaviour {
  /** The first frame comes this long after the cue's start. */
  readonly lateMs?: (cue: Cue) => number;
  /** The cue cannot be shown. */
  readonly fails?: (cue: Cue) => StageFailure['code'] | null;
  /** No new frame from this long after the first one on. */
  readonly freezesAfterMs?: (cue: Cue) => number | null;
  /** Nothing is painted at all, as with a browser that died. */
  readonly isDark?: () => boolean;
}

export interface HeadlessStageOptions {
  readonly timers?: Timers;
  readonly behaviour?: StageBehaviour;
}

/** What a real stage needs from a cue's start to its first frame's report. */
const FIRST_FRAME_MS = 40;
const FRAME_MS = 40;
const PROGRESS_MS = 1_000;

/**
 * A stage that keeps a real one's times and reports what it would report at 25 frames per second,
 * and paints nothing: for screens that only have to be counted. Its records name the renderer `headless`.
 */
export class HeadlessStage implements StagePort {
  readonly #timers: Timers;
  readonly #behaviour: StageBehaviour;
  #events: StageEvents | null = null;
  #cues: readonly Cue[] = [];
  #current: { readonly cue: Cue; readonly firstMs: number; frames: number; failed: boolean } | null = null;
  #cancelTurn: Cancel | null = null;
  #cancelProgress: Cancel | null = null;
  #scene: Scene | null = null;

  constructor(options: HeadlessStageOptions = {}) {
    this.#timers = options.timers ?? systemTimers;
    this.#behaviour = options.behaviour ?? {};
  }

  /** The scene shown last. */
  get scene(): Scene | null {
    return this.#scene;
  }

  listen(events: StageEvents): void {
    this.#events = events;
    this.#progressLater();
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#cues = scene.mode === 'playing' ? scene.cues : [];
    this.#turn();
  }

  stop(): void {
    this.#events = null;
    this.#cancelTurn?.();
    this.#cancelProgress?.();
  }

  /** Begins what is due and waits for the next instant at which something is. */
  #turn(): void {
    const events = this.#events;
    this.#cancelTurn?.();
    this.#cancelTurn = null;
    if (events === null) return;
    const nowMs = events.nowMs();
    const cue = this.#cues.find(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs);
    if (cue === undefined) this.#current = null;
    else if (this.#current?.cue.key !== cue.key) {
      const firstMs = Math.max(nowMs, cue.startMs) + FIRST_FRAME_MS + (this.#behaviour.lateMs?.(cue) ?? 0);
      this.#current = { cue, firstMs, frames: 0, failed: false };
    }
    this.#report(nowMs);
    const instants = [
      this.#current !== null && this.#current.frames === 0 && !this.#current.failed
        ? this.#current.firstMs
        : null,
      ...this.#cues.map(({ startMs }) => startMs),
    ].filter((atMs) => atMs !== null && atMs > nowMs) as number[];
    if (instants.length === 0) return;
    this.#cancelTurn = this.#timers.after(Math.min(...instants) - nowMs, () => this.#turn());
  }

  #progressLater(): void {
    this.#cancelProgress = this.#timers.after(PROGRESS_MS, () => {
      if (this.#events === null) return;
      this.#progressLater();
      this.#turn();
    });
  }

  #report(nowMs: number): void {
    const { isDark, fails, freezesAfterMs } = this.#behaviour;
    const current = this.#current;
    if (current === null || current.failed || nowMs < current.firstMs || isDark?.() === true) return;
    const { cue, firstMs } = current;
    const code = fails?.(cue) ?? null;
    if (code !== null) {
      current.failed = true;
      this.#events?.failed({ key: cue.key, code, detail: 'as the behaviour says' });
      return;
    }
    const shownMs = Math.min(nowMs - firstMs, freezesAfterMs?.(cue) ?? Number.POSITIVE_INFINITY);
    const frames = Math.floor(shownMs / FRAME_MS) + 1;
    const before = current.frames;
    current.frames = frames;
    if (before === 0) this.#events?.painted({ key: cue.key, atMs: firstMs });
    else this.#events?.progress({ key: cue.key, frames, atMs: nowMs });
  }
}
