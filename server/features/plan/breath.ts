import { setImmediate } from 'node:timers/promises';

/** Milliseconds of work between two breaths of the event loop. */
const BREATH_MS = 10;

/**
 * Makes long work breathe: its answer, awaited between two steps, lets whatever else waits have the
 * event loop once the steps since the last breath took {@link BREATH_MS}.
 */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < BREATH_MS) return;
    await setImmediate();
    since = performance.now();
  };
}
