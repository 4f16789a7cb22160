import type { DayNumber } from '../core/time.ts';
import { DAY_S, midnightOf } from '../core/time.ts';
import type { ScheduleClass, Window } from './schedule.schema.ts';

/** A half-open stretch `[start, end)` of whole Unix seconds. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A window as seconds of its day; `end` is above 86 400 where it runs into the next day. */
export function spanOf(window: Window): Stretch {
  const start = secondsOf(window.start);
  const end = secondsOf(window.end);
  return { start, end: end <= start ? end + DAY_S : end };
}

/** Seconds that each window leaves an item: rotation and filler end at midnight, mandatory does not. */
export function windowLengths({
  class: kind,
  windows,
}: {
  readonly class: ScheduleClass;
  readonly windows: readonly Window[];
}): number[] {
  return windows.map(spanOf).map(({ start, end }) => {
    if (kind === 'mandatory' || end <= DAY_S) return end - start;
    return Math.max(DAY_S - start, end - DAY_S);
  });
}

/** The stretch that a window has on the day it starts on. */
export function stretchOn(span: Stretch, day: DayNumber): Stretch {
  const midnight = midnightOf(day);
  return { start: midnight + span.start, end: midnight + span.end };
}

/** Seconds since midnight of `HH:MM` or `HH:MM:SS`. */
export function secondsOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 3600 + Number(clock.slice(3, 5)) * 60 + Number(clock.slice(6, 8));
}

/** What is left of a stretch when others are cut out of it, in order. */
export function subtract(stretch: Stretch, holes: readonly Stretch[]): Stretch[] {
  let rest: Stretch[] = [stretch];
  for (const hole of holes) {
    rest = rest.flatMap((piece) => {
      if (hole.end <= piece.start || hole.start >= piece.end) return [piece];
      const parts: Stretch[] = [];
      if (hole.start > piece.start) parts.push({ start: piece.start, end: hole.start });
      if (hole.end < piece.end) parts.push({ start: hole.end, end: piece.end });
      return parts;
    });
  }
  return rest;
}

/** A stretch cut at each of the instants that lie inside it. */
export function splitAt(stretch: Stretch, instants: readonly number[]): Stretch[] {
  const inside = instants.filter((instant) => instant > stretch.start && instant < stretch.end);
  const edges = [stretch.start, ...inside, stretch.end];
  return edges.slice(1).map((end, index) => ({ start: edges[index] as number, end }));
}

/** The part of a stretch inside another, or `null`. */
export function clip(stretch: Stretch, within: Stretch): Stretch | null {
  const start = Math.max(stretch.start, within.start);
  const end = Math.min(stretch.end, within.end);
  return start < end ? { start, end } : null;
}
