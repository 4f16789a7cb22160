import type { Cue } from '../../shared/screen/stage-protocol.ts';

const FIRST_MS = 60;
/** A stream's second picture, the sign that it rolls, comes later: its sound begins before its first. */
const FIRST_HLS_MS = 140;
const MAX_MS = 300;
/** What a seek into an item under way costs until its first frame. */
const FIRST_JOIN_MS = 250;
const MAX_JOIN_MS = 1_500;
/** Weight of the newest item; one slow start must not move the next one much. */
const GAIN = 0.3;
/** Lags beyond this are hiccups, not the pipeline's way. */
const BELIEVED_MS = 300;

/** Learns how early each kind's clock has to be started for its frames to be on time. */
export class Leads {
  #joinMs = FIRST_JOIN_MS;

  readonly #leadMs: Record<Cue['kind'], number> = {
    video: FIRST_MS,
    hls: FIRST_HLS_MS,
    image: 0,
    card: 0,
    filler: 0,
  };

  get current(): Readonly<Record<Cue['kind'], number>> {
    return this.#leadMs;
  }

  /** @param lagMs how far an item was behind its clock after it had started with the present lead. */
  learn(kind: Cue['kind'], lagMs: number): void {
    if (Math.abs(lagMs) > BELIEVED_MS) return;
    this.#leadMs[kind] = Math.max(0, Math.min(MAX_MS, this.#leadMs[kind] + GAIN * lagMs));
  }

  /** How far beyond its clock an item under way is joined, so that its first frame is on time. */
  get joinMs(): number {
    return this.#joinMs;
  }

  /** @param lagMs how far an item was behind its clock after it had been joined with the present lead. */
  learnJoin(lagMs: number): void {
    if (Math.abs(lagMs) > MAX_JOIN_MS) return;
    this.#joinMs = Math.max(0, Math.min(MAX_JOIN_MS, this.#joinMs + GAIN * lagMs));
  }
}
