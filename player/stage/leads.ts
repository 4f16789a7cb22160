import type { Cue } from '../../shared/screen/stage-protocol.ts';

const FIRST_MS = 60;
const MAX_MS = 200;
/** Weight of the newest item; one slow start must not move the next one much. */
const GAIN = 0.3;
/** Lags beyond this are hiccups, not the pipeline's way. */
const BELIEVED_MS = 300;

/** Learns how early each kind's clock has to be started for its frames to be on time. */
export class Leads {
  readonly #leadMs: Record<Cue['kind'], number> = {
    video: FIRST_MS,
    hls: FIRST_MS,
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
}
