/** What a fleet's screens do besides playing, made from one seed. */

/** Uniform in [0, 1); the same seed gives the same numbers (mulberry32, Tommy Ettinger, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What happens to a screen, `atMs` after the fleet began. */
export type FleetEvent =
  /** The mains go: the process of that screen ends without a word. */
  | { readonly kind: 'power-cut'; readonly atMs: number; readonly forMs: number }
  /** Somebody switches it off, and on again. */
  | { readonly kind: 'switched-off'; readonly atMs: number; readonly forMs: number }
  /** The link goes; the screen plays on. */
  | { readonly kind: 'link-lost'; readonly atMs: number; readonly forMs: number }
  /** The picture goes while the engine runs on: the browser died. */
  | { readonly kind: 'picture-lost'; readonly atMs: number; readonly forMs: number };

export interface ScreenScript {
  /** When the screen is first switched on. */
  readonly startMs: number;
  /** In order, never overlapping. */
  readonly events: readonly FleetEvent[];
}

const KINDS = ['power-cut', 'switched-off', 'link-lost', 'link-lost', 'picture-lost'] as const;
/** Of ten screens so many have something happen to them. */
const TROUBLED = 0.35;
const START_SPREAD_MS = 15_000;
const MINUTE_MS = 60_000;

/** The script of screen `index`, `lengthMs` long; the same for the same seed. */
export function scriptOf(seed: number, index: number, lengthMs: number): ScreenScript {
  const random = seededRandom(seed * 1_000_003 + index);
  const between = (low: number, high: number) => Math.floor(low + random() * (high - low));
  const startMs = between(0, START_SPREAD_MS);
  const events: FleetEvent[] = [];
  if (random() < TROUBLED)
    for (let atMs = startMs + between(MINUTE_MS, 10 * MINUTE_MS); atMs < lengthMs; ) {
      const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'link-lost';
      const forMs = between(MINUTE_MS / 2, 8 * MINUTE_MS);
      events.push({ kind, atMs, forMs });
      atMs += forMs + between(2 * MINUTE_MS, 20 * MINUTE_MS);
    }
  return { startMs, events };
}
