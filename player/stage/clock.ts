/** One question to the engine: when it left, what center time came back, when it came back. */
export interface ClockSample {
  /** Local monotonic milliseconds (`performance.now()`). */
  readonly sentMs: number;
  readonly receivedMs: number;
  /** Center time that the engine answered. */
  readonly centerMs: number;
}

/**
 * Center time minus local time by the exchange with the shortest round trip, assuming that the
 * answer was made half-way; its error is at most half that round trip (RFC 5905 section 8).
 */
export function offsetOf(samples: readonly ClockSample[]): { offsetMs: number; errorMs: number } | null {
  let best: ClockSample | null = null;
  for (const sample of samples) if (best === null || roundTrip(sample) < roundTrip(best)) best = sample;
  if (best === null) return null;
  return {
    offsetMs: best.centerMs - (best.sentMs + best.receivedMs) / 2,
    errorMs: roundTrip(best) / 2,
  };
}

function roundTrip(sample: ClockSample): number {
  return sample.receivedMs - sample.sentMs;
}

/** Maps the page's monotonic clock to center time. Until the first exchange it knows nothing. */
export class StageClock {
  readonly #local: () => number;
  #offsetMs: number | null = null;

  /** @param local the page's monotonic clock, milliseconds. */
  constructor(local: () => number) {
    this.#local = local;
  }

  get known(): boolean {
    return this.#offsetMs !== null;
  }

  /** Takes a round of exchanges; an empty round changes nothing. */
  adopt(samples: readonly ClockSample[]): void {
    const measured = offsetOf(samples);
    if (measured !== null) this.#offsetMs = measured.offsetMs;
  }

  localMs(): number {
    return this.#local();
  }

  /** Center time now; `null` until known. */
  nowMs(): number | null {
    return this.#offsetMs === null ? null : this.#local() + this.#offsetMs;
  }

  /** Center time of a local monotonic instant (frame callbacks carry such). */
  centerOf(localMs: number): number | null {
    return this.#offsetMs === null ? null : localMs + this.#offsetMs;
  }
}
