import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../shared/core/ports.ts';

/** Milliseconds of work between two breaths of the event loop. */
const BREATH_MS = 10;

/**
 * Makes long work breathe: its answer, awaited between two steps, lets whatever else waits have the
 * event loop once the steps since the last breath took {@link BREATH_MS}.
 */
export function breather(clock: Clock): () => Promise<void> {
  let sinceMs = clock.monotonicMs();
  return async () => {
    if (clock.monotonicMs() - sinceMs < BREATH_MS) return;
    await setImmediate();
    sinceMs = clock.monotonicMs();
  };
}
