import { DAY_S, type DayNumber, type LocalDay, dayNumberOfLocalDay, midnightOf } from '../core/time.ts';
import type { Window } from '../schedule/schedule.schema.ts';
import { type Spans, normalize, subtract } from './intervals.ts';

/** Seconds after midnight of `HH:MM` or `HH:MM:SS`; `24:00` is 86 400. */
function secondOfDay(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

/**
 * The windows that begin on `day`, as instants. An end at or before its start runs into the next
 * day and belongs to the day it starts on (DESIGN.md section 4); equal start and end is 24 hours.
 */
export function windowsOfDay(day: DayNumber, windows: readonly Window[]): Spans {
  const midnight = midnightOf(day);
  return normalize(
    windows.map((window) => {
      const start = secondOfDay(window.start);
      const end = secondOfDay(window.end);
      return { start: midnight + start, end: midnight + (end > start ? end : end + DAY_S) };
    }),
  );
}

/**
 * W of one day: its windows, wherever they end, less what the windows of the day before that run
 * past midnight already require (ACCOUNTING.md rule 13).
 */
export function requiredSpans(
  day: LocalDay,
  windows: readonly Window[],
  windowsOfDayBefore: readonly Window[],
): Spans {
  const number = dayNumberOfLocalDay(day);
  const before = (number - 1) as DayNumber;
  return subtract(windowsOfDay(number, windows), windowsOfDay(before, windowsOfDayBefore));
}

/**
 * Whether `day` counts for a screen: the first counted day is the one after commissioning, the last
 * ends at 00:00 of the retirement day (ACCOUNTING.md rule 15).
 */
export function isInService(day: LocalDay, commissionedOn: LocalDay, retiredOn: LocalDay | null): boolean {
  return commissionedOn < day && (retiredOn === null || day < retiredOn);
}

/** One version of a region's required hours. */
export interface RequiredRule {
  readonly fromDay: LocalDay;
  readonly windows: readonly Window[];
}

/** The version in force on `day`: the latest that begins no later. `null` where none does. */
export function ruleInForce<Rule extends RequiredRule>(rules: readonly Rule[], day: LocalDay): Rule | null {
  let found: Rule | null = null;
  for (const rule of rules)
    if (rule.fromDay <= day && (found === null || rule.fromDay >= found.fromDay)) found = rule;
  return found;
}
