import type { DayNumber, LocalDay } from '../core/time.ts';
import { dayNumberOfLocalDay, isoWeekday } from '../core/time.ts';
import type { DayRule } from './schedule.schema.ts';

/** The statutory calendar: weekdays that are holidays, and weekend days that are workdays (调休). */
export interface HolidayCalendar {
  readonly off: readonly LocalDay[];
  readonly work: readonly LocalDay[];
}

/** The days that a rule names, from the first to the last day of its validity. */
export interface DaySet {
  /** Whether the day is one of them. */
  holds(day: DayNumber): boolean;
  /** How many of them lie before `day`. */
  countBefore(day: DayNumber): number;
}

/** What a schedule or a reserved window says about its days. */
export interface DayTerms {
  readonly days: DayRule;
  readonly excludeDates: readonly LocalDay[];
  readonly validity: { readonly from: LocalDay; readonly to: LocalDay | null };
}

const EVERY = [1, 2, 3, 4, 5, 6, 7];
const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];
const WEEKEND = [6, 7];

/**
 * Compiles day terms into a set that answers and counts without walking the calendar: a pattern of
 * weekdays, plus single days outside the pattern, minus single days inside it (SCHEDULING.md rules 6
 * and 18: `holidays` are the days that are no workdays, and validity bounds both ends inclusively).
 */
export function makeDaySet(terms: DayTerms, calendar: HolidayCalendar): DaySet {
  const first = dayNumberOfLocalDay(terms.validity.from);
  const afterLast = terms.validity.to === null ? Infinity : dayNumberOfLocalDay(terms.validity.to) + 1;
  const pattern = patternOf(terms.days, calendar);
  const excluded = new Set(terms.excludeDates.map(dayNumberOfLocalDay));
  const inPattern = (day: number) => pattern.weekdays.includes(isoWeekday(day as DayNumber));
  const within = (day: number) => day >= first && day < afterLast;

  const added = new Set<number>(
    pattern.plus.filter((day) => within(day) && !inPattern(day) && !excluded.has(day)),
  );
  const removed = new Set<number>(
    [...pattern.minus, ...excluded].filter((day) => within(day) && inPattern(day)),
  );
  return {
    holds: (day) => within(day) && (inPattern(day) ? !removed.has(day) : added.has(day)),
    countBefore(day) {
      const end = Math.min(day, afterLast);
      let count = countPattern(pattern.weekdays, first, end);
      for (const one of added) if (one < end) count += 1;
      for (const one of removed) if (one < end) count -= 1;
      return count;
    },
  };
}

interface Pattern {
  readonly weekdays: readonly number[];
  readonly plus: readonly DayNumber[];
  readonly minus: readonly DayNumber[];
}

function patternOf(rule: DayRule, calendar: HolidayCalendar): Pattern {
  if (rule === 'every') return { weekdays: EVERY, plus: [], minus: [] };
  if (rule === 'weekdays') return { weekdays: MONDAY_TO_FRIDAY, plus: [], minus: [] };
  if (rule === 'weekends') return { weekdays: WEEKEND, plus: [], minus: [] };
  if (rule === 'workdays' || rule === 'holidays') {
    const work = calendar.work.map(dayNumberOfLocalDay);
    const off = calendar.off.map(dayNumberOfLocalDay).filter((day) => !work.includes(day));
    return rule === 'workdays'
      ? { weekdays: MONDAY_TO_FRIDAY, plus: work, minus: off }
      : { weekdays: WEEKEND, plus: off, minus: work };
  }
  if ('weekdays' in rule) return { weekdays: rule.weekdays, plus: [], minus: [] };
  return { weekdays: [], plus: rule.dates.map(dayNumberOfLocalDay), minus: [] };
}

/** Days in `[first, end)` whose weekday is in the pattern. */
function countPattern(weekdays: readonly number[], first: number, end: number): number {
  if (end <= first) return 0;
  const whole = Math.floor((end - first) / 7);
  let count = whole * new Set(weekdays).size;
  for (let day = first + whole * 7; day < end; day += 1)
    if (weekdays.includes(isoWeekday(day as DayNumber))) count += 1;
  return count;
}
