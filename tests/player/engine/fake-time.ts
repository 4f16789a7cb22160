import type { Timers } from '../../../player/engine/ports.ts';
import { makeClock } from '../../helpers/clock.ts';
import type { FakeClock } from '../../helpers/clock.ts';

/** A clock and timers that go only when told to. */
export interface FakeTime {
  readonly clock: FakeClock;
  readonly timers: Timers;
  /** Goes on by `ms`, running what falls due at its own instant. */
  run(ms: number): void;
}

/** @param start an ISO 8601 instant */
export function makeTime(start = '2026-11-20T08:00:00+08:00'): FakeTime {
  const clock = makeClock(start);
  const tasks = new Set<{ dueMs: number; task: () => void }>();
  return {
    clock,
    timers: {
      after(delayMs, task) {
        const entry = { dueMs: clock.monotonicMs() + Math.max(0, delayMs), task };
        tasks.add(entry);
        return () => tasks.delete(entry);
      },
    },
    run(ms) {
      const endMs = clock.monotonicMs() + ms;
      for (;;) {
        const next = [...tasks]
          .filter(({ dueMs }) => dueMs <= endMs)
          .toSorted((a, b) => a.dueMs - b.dueMs)[0];
        if (next === undefined) break;
        tasks.delete(next);
        clock.advance(Math.max(0, next.dueMs - clock.monotonicMs()));
        next.task();
      }
      clock.advance(endMs - clock.monotonicMs());
    },
  };
}

/**
 * Goes on second by second, leaving sockets and disks time to answer, until something holds.
 * @throws Error where it does not hold within `limitS` seconds of the told time
 */
export async function liveUntil(
  time: FakeTime,
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitS = 3_000,
): Promise<void> {
  for (let second = 0; !(await holds()); second += 1) {
    if (second > limitS) throw new Error(`not within ${second} s of its time: ${what}`);
    time.run(1_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
