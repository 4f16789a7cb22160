import type { ClockOffset } from './record.schema.ts';

/**
 * Placing a boot's monotonic instants in center time (DESIGN.md section 6 "Time"; ACCOUNTING.md
 * rules 1 to 4). All instants are milliseconds; an offset x means center = mono + x.
 */

/** A clock drifts at most this much: 100 parts per million, as 1 / {@link DRIFT_PARTS} of the elapsed time. */
export const DRIFT_PARTS = 10_000;
/** How far the offsets around a boot that never met the center may disagree, besides drift. */
export const UNMET_TOLERANCE_MS = 60_000;

/**
 * The bounds that one four-timestamp exchange puts on the offset (RFC 5905 section 8, kept as an
 * interval instead of a midpoint). The request left the device at `t0` and its answer arrived at
 * `t3`, both monotonic; the center stamped arrival `t1` and departure `t2` in whole milliseconds,
 * rounded down. Returns `null` where the four contradict each other (the center's clock stepped).
 */
export function measureOffset(t0: number, t1: number, t2: number, t3: number): ClockOffset | null {
  const lo = Math.floor(t2 - t3);
  // The center's stamps are floored: the true t1 is less than one millisecond later.
  const hi = Math.ceil(t1 + 1 - t0);
  return lo <= hi && t3 >= t0 && t2 >= t1 ? { lo, hi, at: Math.max(0, Math.floor(t3)) } : null;
}

/** The bounds of `offset` at monotonic instant `mono`, widened by drift, rounded outwards to milliseconds. */
export function widenOffset(offset: ClockOffset, mono: number): ClockOffset {
  const slack = Math.ceil(Math.abs(mono - offset.at) / DRIFT_PARTS);
  return { lo: offset.lo - slack, hi: offset.hi + slack, at: Math.floor(mono) };
}

/**
 * What is known after `measured`, given what was `known` before in the same boot: the known bounds
 * widened to the new instant and intersected. `null` where they cannot both be true; then journal
 * the measured one as it is, so that the center sees the contradiction.
 */
export function narrowOffset(known: ClockOffset | null, measured: ClockOffset): ClockOffset | null {
  if (known === null) return measured;
  const widened = widenOffset(known, measured.at);
  const lo = Math.max(widened.lo, measured.lo);
  const hi = Math.min(widened.hi, measured.hi);
  return lo <= hi ? { lo, hi, at: measured.at } : null;
}

/** The middle of an offset's bounds, in whole milliseconds rounded down. */
export function midOffset(offset: ClockOffset): number {
  return offset.lo + Math.floor((offset.hi - offset.lo) / 2);
}

/** Places instants of one boot. */
export interface BootClock {
  /** Center time of `mono` in whole milliseconds; `null` where the bounds contradict each other. */
  placeMs(mono: number): number | null;
  /** The intersected bounds of center time at `mono`, in exact units of 1/{@link DRIFT_PARTS} ms. */
  bounds(mono: number): { readonly low: bigint; readonly high: bigint };
}

/**
 * The clock of a boot that met the center, from every offset its records carry. Rule 1: at each
 * instant every bound is widened by drift from its own measurement, then all are intersected and
 * the middle is taken. Exact integers throughout; O(log n) per instant. `null` without any sample.
 */
export function makeBootClock(samples: readonly ClockOffset[]): BootClock | null {
  const sorted = samples.toSorted((a, b) => a.at - b.at || a.lo - b.lo || a.hi - b.hi);
  const first = sorted[0];
  if (first === undefined) return null;
  // Bounds in units of 1/DRIFT_PARTS ms relative to the first, so that one ms of age is one unit of slack.
  const base = first.lo;
  const at = sorted.map((sample) => sample.at);
  const lo = sorted.map((sample) => (sample.lo - base) * DRIFT_PARTS);
  const hi = sorted.map((sample) => (sample.hi - base) * DRIFT_PARTS);
  const n = sorted.length;
  // Tightest bound among the samples at or before index i, and among those from index i on.
  const loBefore = running(n, false, (i) => (lo[i] as number) + (at[i] as number), Math.max);
  const hiBefore = running(n, false, (i) => (hi[i] as number) - (at[i] as number), Math.min);
  const loAfter = running(n, true, (i) => (lo[i] as number) - (at[i] as number), Math.max);
  const hiAfter = running(n, true, (i) => (hi[i] as number) + (at[i] as number), Math.min);
  const boundsAt = (mono: number): { low: number; high: number } => {
    const next = upperBound(at, mono);
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    if (next > 0) {
      low = (loBefore[next - 1] as number) - mono;
      high = (hiBefore[next - 1] as number) + mono;
    }
    if (next < n) {
      low = Math.max(low, (loAfter[next] as number) + mono);
      high = Math.min(high, (hiAfter[next] as number) - mono);
    }
    return { low, high };
  };
  const exact = (mono: number, bound: number) => BigInt(mono + base) * BigInt(DRIFT_PARTS) + BigInt(bound);
  return {
    placeMs(mono) {
      const { low, high } = boundsAt(mono);
      return low <= high ? mono + base + Math.floor((low + high) / (2 * DRIFT_PARTS)) : null;
    },
    bounds(mono) {
      const { low, high } = boundsAt(mono);
      return { low: exact(mono, low), high: exact(mono, high) };
    },
  };
}

/** Whether two clocks of one boot place `mono` by the same bounds. */
export function agreeAt(a: BootClock, b: BootClock, mono: number): boolean {
  const [one, other] = [a.bounds(mono), b.bounds(mono)];
  return one.low === other.low && one.high === other.high;
}

/** A reading of the machine's wall clock beside the monotonic clock. */
export interface WallReading {
  readonly mono: number;
  readonly wall: number;
}

/** What a boot beside an unmet one proves: center minus wall clock, and when (center ms). */
export interface WallOffset {
  /** Center time minus the machine's wall clock, milliseconds. */
  readonly offsetMs: number;
  /** Center time of that reading. */
  readonly atMs: number;
}

export interface UnmetBoot {
  /** Wall readings of the unmet boot, one per record, at least one. */
  readonly readings: readonly WallReading[];
  /** Last monotonic instant that the boot's records name. */
  readonly lastMono: number;
  /** The last offset known before it and the first one known after it; `null` while there is none. */
  readonly before: WallOffset | null;
  readonly after: WallOffset | null;
  /** Center time where the boot before it ended and the one after it began; `null` while unknown. */
  readonly notBeforeMs: number | null;
  readonly notAfterMs: number | null;
}

export type UnmetPlacement =
  | { readonly kind: 'placed'; readonly clock: BootClock }
  /** Nothing after it has met the center yet, or nothing before it ever did. */
  | { readonly kind: 'waiting' }
  /** Goes to review: the clocks disagree. */
  | { readonly kind: 'refused'; readonly reason: 'offsets-disagree' | 'wall-stepped' | 'overlaps-neighbour' };

/**
 * Places a boot that never met the center by the machine's clock (ACCOUNTING.md rule 3): the offsets
 * known before and after must agree within 60 s + 100 ppm of the time between them, the wall clock
 * must not have stepped against the monotonic clock beyond the same tolerance, and the boot must fit
 * between its neighbours. It uses the offset known before.
 */
export function placeUnmetBoot(boot: UnmetBoot): UnmetPlacement {
  const { before, after } = boot;
  const start = boot.readings[0];
  if (before === null || after === null || start === undefined) return { kind: 'waiting' };
  if (!agree(before.offsetMs, after.offsetMs, after.atMs - before.atMs))
    return { kind: 'refused', reason: 'offsets-disagree' };
  const wallAtStart = start.wall - start.mono;
  for (const reading of boot.readings)
    if (!agree(reading.wall - reading.mono, wallAtStart, reading.mono - start.mono))
      return { kind: 'refused', reason: 'wall-stepped' };
  const offset = wallAtStart + before.offsetMs;
  const overlapsBefore = boot.notBeforeMs !== null && offset < boot.notBeforeMs - UNMET_TOLERANCE_MS;
  const overlapsAfter =
    boot.notAfterMs !== null && boot.lastMono + offset > boot.notAfterMs + UNMET_TOLERANCE_MS;
  if (overlapsBefore || overlapsAfter) return { kind: 'refused', reason: 'overlaps-neighbour' };
  const exact = (mono: number) => BigInt(mono + offset) * BigInt(DRIFT_PARTS);
  return {
    kind: 'placed',
    clock: {
      placeMs: (mono) => mono + offset,
      bounds: (mono) => ({ low: exact(mono), high: exact(mono) }),
    },
  };
}

function agree(a: number, b: number, elapsedMs: number): boolean {
  return Math.abs(a - b) <= UNMET_TOLERANCE_MS + Math.abs(elapsedMs) / DRIFT_PARTS;
}

function running(
  n: number,
  backwards: boolean,
  value: (index: number) => number,
  better: (a: number, b: number) => number,
): number[] {
  const best = Array.from({ length: n }, () => 0);
  for (let k = 0; k < n; k++) {
    const i = backwards ? n - 1 - k : k;
    const neighbour = best[backwards ? i + 1 : i - 1];
    best[i] = k === 0 || neighbour === undefined ? value(i) : better(neighbour, value(i));
  }
  return best;
}

/** Index of the first element above `value` in a sorted list. */
function upperBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
