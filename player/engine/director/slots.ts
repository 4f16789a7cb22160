import type { Instant } from '../../../shared/core/time.ts';
import { instantOfMs } from '../../../shared/core/time.ts';
import type { TimelineEntry } from '../../../shared/schedule/timeline.ts';
import type { LoadedPlan } from '../plan/plan-library.ts';

/** A plan and since when (center ms) it has, or will have, the glass. */
export interface Reign {
  readonly loaded: LoadedPlan;
  readonly fromMs: number;
}

/** One timeline entry as this player shows it. All instants are center milliseconds. */
export interface Slot {
  /** Equal for the same showing of the same item, whichever plan says so: it then goes on untouched. */
  readonly key: string;
  readonly entry: TimelineEntry;
  readonly loaded: LoadedPlan;
  /** When this player begins it: later than the entry's own start where it was joined. */
  readonly startMs: number;
  readonly endMs: number;
  /** The entry's own start: where the item's clock began. */
  readonly originMs: number;
}

/** The slot on at `nowMs` and up to `count - 1` after it; `next` takes over from the plan on air at its `fromMs`. */
export function slotsFrom(onAir: Reign, next: Reign | null, nowMs: number, count: number): Slot[] {
  const slots: Slot[] = [];
  let atMs = nowMs;
  while (slots.length < count) {
    const taken = next !== null && atMs >= next.fromMs;
    const slot = slotAt(taken ? next : onAir, atMs, taken || next === null ? null : next.fromMs);
    slots.push(slot);
    atMs = slot.endMs;
  }
  return slots;
}

function slotAt(reign: Reign, atMs: number, untilMs: number | null): Slot {
  const entry = reign.loaded.resolver.at(instantOfMs(atMs));
  const originMs = entry.start * 1000;
  return {
    key: keyOf(entry),
    entry,
    loaded: reign.loaded,
    startMs: Math.max(originMs, reign.fromMs),
    endMs: Math.min(entry.end * 1000, untilMs ?? Number.POSITIVE_INFINITY),
    originMs,
  };
}

function keyOf(entry: TimelineEntry): string {
  return `${entry.start}.${entry.schedule ?? 'built-in'}.${entry.item}.${entry.asset?.slice(0, 16) ?? ''}`;
}

/** When and how a verified plan takes the glass from the one on air. */
export interface Takeover {
  readonly atMs: number;
  /** The item on air is cut by a hard start of the new timeline. */
  readonly cuts: boolean;
}

/**
 * The item on air finishes unless the new timeline has a hard start first (DESIGN.md section 5);
 * filler, which may be cut, and what the new timeline shows just the same do not hold it up.
 */
export function takeoverOf(current: Slot, isShowing: boolean, next: LoadedPlan, nowMs: number): Takeover {
  const now = instantOfMs(nowMs);
  if (!isShowing || current.entry.class === 'filler') return { atMs: nowMs, cuts: false };
  if (keyOf(next.resolver.at(now)) === current.key) return { atMs: nowMs, cuts: false };
  const endMs = current.endMs;
  const hardStart = next.resolver
    .timeline(now, Math.ceil(endMs / 1000) as Instant)
    .find((entry) => entry.start * 1000 > nowMs && entry.start * 1000 < endMs && isHardStart(entry));
  return hardStart === undefined
    ? { atMs: endMs, cuts: false }
    : { atMs: hardStart.start * 1000, cuts: true };
}

function isHardStart(entry: TimelineEntry): boolean {
  return entry.reason === 'mandatory-start' || entry.reason === 'mandatory-resumed';
}
