import { DAY_S } from '../../../../shared/core/time.ts';
import type { Instant } from '../../../../shared/core/time.ts';
import { createResolver } from '../../../../shared/schedule/resolve.ts';
import type { Denial } from '../../../../shared/schedule/timeline.ts';
import { instant, makePlan, told } from '../make-plan.ts';
import type { MadePlan } from '../make-plan.ts';

/** A Monday, and a minute. */
export const DAY = '2026-11-23';
export const M = 60;

/** What is on between two clock times, in words; built-in filler is `-`. */
export function shown(
  made: MadePlan,
  [from, to]: readonly [string, string],
  { day = DAY, denials = [] }: { readonly day?: string; readonly denials?: readonly Denial[] } = {},
): string[] {
  return told(createResolver(makePlan(made), denials).timeline(instant(day, from), instant(day, to)));
}

/** The same without times: `schedule/item` in the order they are on. */
export function order(...asked: Parameters<typeof shown>): string[] {
  return shown(...asked).map((line) => line.split(' ')[1] ?? '');
}

/** Airtime of a schedule on a day, in minutes. */
export function minutesOf(made: MadePlan, schedule: string, day = DAY): number {
  const from = instant(day, '00:00');
  return createResolver(makePlan(made))
    .timeline(from, (from + DAY_S) as Instant)
    .filter((entry) => entry.schedule === schedule)
    .reduce((sum, { start, end }) => sum + (Math.min(end, from + DAY_S) - Math.max(start, from)) / M, 0);
}

export function denial(
  kind: Denial['kind'],
  subject: string,
  [from, to]: readonly [string, string?],
): Denial {
  return { kind, subject, from: instant(DAY, from), to: to === undefined ? null : instant(DAY, to) };
}
