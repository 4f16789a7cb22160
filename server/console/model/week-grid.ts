import type { DayNumber, LocalDay } from '../../../shared/core/time.ts';
import { DAY_S, dayNumberOfLocalDay, isoWeekday, localDayOf } from '../../../shared/core/time.ts';
import type { DayRule, Window } from '../../../shared/schedule/schedule.schema.ts';
import { spanOf } from '../../../shared/schedule/windows.ts';

/** What decides on which days something is on. */
export interface DatedWindows {
  readonly days: DayRule;
  readonly excludeDates: readonly LocalDay[];
  readonly windows: readonly Window[];
  readonly validity: { readonly from: LocalDay; readonly to: LocalDay | null };
}

/** Statutory days: weekdays that are off, weekend days that are worked. */
export interface StatutoryDays {
  readonly off: readonly LocalDay[];
  readonly work: readonly LocalDay[];
}

/** A stretch of one drawn day in seconds since its midnight. */
export interface GridBlock {
  readonly start: number;
  readonly end: number;
  /** The part of a window that began the day before. */
  readonly tail: boolean;
}

export interface GridDay {
  readonly day: LocalDay;
  readonly blocks: readonly GridBlock[];
}

/** Whether a window may begin on `day` (rule 18: rule, exclusions and validity are asked of that day). */
export function startsOn(when: DatedWindows, day: LocalDay, statutory: StatutoryDays): boolean {
  if (day < when.validity.from || (when.validity.to !== null && day > when.validity.to)) return false;
  if (when.excludeDates.includes(day)) return false;
  const { days } = when;
  const weekday = isoWeekday(dayNumberOfLocalDay(day));
  const isWorkday = statutory.work.includes(day) || (weekday <= 5 && !statutory.off.includes(day));
  if (typeof days === 'object')
    return 'weekdays' in days ? days.weekdays.includes(weekday) : days.dates.includes(day);
  switch (days) {
    case 'every':
      return true;
    case 'weekdays':
      return weekday <= 5;
    case 'weekends':
      return weekday >= 6;
    case 'workdays':
      return isWorkday;
    case 'holidays':
      return !isWorkday;
    default:
      return days satisfies never;
  }
}

/** The week (Monday to Sunday) that contains `day`, with what is on in it. */
export function weekGrid(when: DatedWindows, day: LocalDay, statutory: StatutoryDays): GridDay[] {
  const number = dayNumberOfLocalDay(day);
  const monday = number - isoWeekday(number) + 1;
  const spans = when.windows.map(spanOf);
  return Array.from({ length: 7 }, (_, index) => {
    const at = localDayOf((monday + index) as DayNumber);
    const before = localDayOf((monday + index - 1) as DayNumber);
    const own = startsOn(when, at, statutory) ? spans : [];
    const over = startsOn(when, before, statutory) ? spans.filter((span) => span.end > DAY_S) : [];
    return {
      day: at,
      blocks: [
        ...over.map(({ end }) => ({ start: 0, end: end - DAY_S, tail: true })),
        ...own.map(({ start, end }) => ({ start, end: Math.min(end, DAY_S), tail: false })),
      ].toSorted((a, b) => a.start - b.start),
    };
  });
}
