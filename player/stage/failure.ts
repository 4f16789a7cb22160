import type { StageFailure } from '../../shared/screen/stage-protocol.ts';

export type FailureCode = StageFailure['code'];

/** What can be done about a failed item before it is given up, as data. */
export const RECOVERY: Readonly<Record<FailureCode, { readonly attempts: number; readonly waitMs: number }>> =
  {
    /** The engine may be restarting: the bytes come from it. */
    load: { attempts: 4, waitMs: 2_000 },
    /** The same bytes decode to the same error. */
    decode: { attempts: 1, waitMs: 0 },
    /** A pipeline that stopped once may run when it is built anew. */
    stalled: { attempts: 2, waitMs: 0 },
    /** hls.js has done its own retries by then. */
    hls: { attempts: 2, waitMs: 2_000 },
  };

export interface SurfaceFailure {
  readonly code: FailureCode;
  readonly detail: string;
}

/** MediaError.code (HTML standard) where it says enough: 1 aborted, 2 network, 3 decode. */
const MEDIA_ERRORS: Readonly<Record<number, FailureCode>> = { 1: 'load', 2: 'load', 3: 'decode' };

/**
 * What a media element's error means. Code 4, source not supported, covers both a missing file and
 * one that is no video: `null`, which {@link askWhy} settles.
 */
export function codeOfMedia(code: number): FailureCode | null {
  return MEDIA_ERRORS[code] ?? null;
}

/** An element's error does not say whether its file was missing: asks the engine once more. */
export async function askWhy(src: string, seen: string): Promise<SurfaceFailure> {
  try {
    const answer = await fetch(src, { method: 'HEAD' });
    if (!answer.ok) return { code: 'load', detail: `HTTP ${answer.status}` };
  } catch (problem) {
    return { code: 'load', detail: String(problem).slice(0, 200) };
  }
  return { code: 'decode', detail: seen.slice(0, 200) };
}

/** Counts attempts per showing and says when the next may be made. */
export class Attempts {
  readonly #failed = new Map<string, number>();
  readonly #barredUntilMs = new Map<string, number>();

  get barredUntilMs(): ReadonlyMap<string, number> {
    return this.#barredUntilMs;
  }

  /** Notes a failure; answers whether this showing is given up. */
  note(key: string, failure: SurfaceFailure, nowMs: number): boolean {
    const count = (this.#failed.get(key) ?? 0) + 1;
    const policy = RECOVERY[failure.code];
    const over = count >= policy.attempts;
    this.#failed.set(key, count);
    this.#barredUntilMs.set(key, over ? Number.POSITIVE_INFINITY : nowMs + policy.waitMs);
    return over;
  }

  /** Forgets all showings but these. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#failed.keys()) {
      if (keys.has(key)) continue;
      this.#failed.delete(key);
      this.#barredUntilMs.delete(key);
    }
  }
}
