import type { Random } from '../../../shared/core/ports.ts';

/** Longest wait between two tries. */
export const BACKOFF_CAP_MS = 60_000;
const FIRST_MS = 1_000;

/**
 * Full jitter (uniform in [0, min(cap, first · 2^failures))): after a center restart fifty thousand
 * players come back spread over a minute instead of in waves.
 */
export function jitteredMs(random: Random, failures: number, capMs = BACKOFF_CAP_MS): number {
  const ceiling = Math.min(capMs, FIRST_MS * 2 ** Math.min(failures, 16));
  return Math.floor(uniform(random) * ceiling);
}

/** Uniform in [0, 1). */
export function uniform(random: Random): number {
  const bytes = random.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
