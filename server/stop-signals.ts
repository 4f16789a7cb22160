/** A signal again within this is the first one twice: a terminal and a parent each pass Ctrl-C on. */
export const SAME_SIGNAL_MS = 1_000;

/** What a signal asks for: to stop in good order, nothing that was not asked before, or to end at once. */
export type SignalWish = 'stop' | 'echo' | 'force';

/**
 * Judges the signals that ask a process to end, in the order in which they arrive.
 * @param nowMs a monotonic clock.
 */
export function makeSignalJudge(nowMs: () => number): () => SignalWish {
  let firstMs: number | null = null;
  return () => {
    const atMs = nowMs();
    if (firstMs === null) {
      firstMs = atMs;
      return 'stop';
    }
    return atMs - firstMs < SAME_SIGNAL_MS ? 'echo' : 'force';
  };
}
