import type { Clock } from '../../shared/core/ports.ts';

/** A clock that stands still until it is told otherwise. */
export interface FakeClock extends Clock {
  /** Both clocks go on by `ms`. */
  advance(ms: number): void;
  /** The wall clock alone jumps to `ms` since 1970. */
  setWall(ms: number): void;
}

/** @param start an ISO 8601 instant; 2026-11-20 08:00 in Henan unless told otherwise. */
export function makeClock(start = '2026-11-20T08:00:00+08:00'): FakeClock {
  let wall = Date.parse(start);
  let mono = 1_000;
  return {
    nowMs: () => wall,
    monotonicMs: () => mono,
    advance: (ms) => {
      wall += ms;
      mono += ms;
    },
    setWall: (ms) => {
      wall = ms;
    },
  };
}
