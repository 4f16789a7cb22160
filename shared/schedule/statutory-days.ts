import calendar from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { dayNumberOfLocalDay, isoWeekday, localDaySchema } from '../core/time.ts';
import type { LocalDay } from '../core/time.ts';
import type { DayTerms } from './day-set.ts';

/**
 * Statutory days (法定节假日和调休) as the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知)
 * arrange them: `off` are weekdays that are holidays, `work` weekend days that are worked; both in
 * order of the calendar. From the kept package chinese-days, of which only the data is read.
 */
export const STATUTORY_DAYS: { off: LocalDay[]; work: LocalDay[] } = {
  // A holiday on a weekend is off as every weekend is: naming it would only change the bytes of plans.
  off: daysOf(calendar.holidays).filter((day) => !isWeekend(day)),
  work: daysOf(calendar.workdays).filter(isWeekend),
};

/** First and last year whose arrangement is known; each year's notice comes in November before it. */
export const STATUTORY_YEARS: { readonly first: number; readonly last: number } = yearsOf(STATUTORY_DAYS.off);

/** Whether the arrangement of a year is known; one that is not has its plain weekends. */
export function isStatutoryYearKnown(year: number): boolean {
  return year >= STATUTORY_YEARS.first && year <= STATUTORY_YEARS.last;
}

/**
 * The first year for which days are asked of the statutory calendar and it has no arrangement;
 * `null` where all are known, or where the days are not of that calendar.
 * @param today what lies before is not judged
 */
export function unknownStatutoryYear(
  { days, validity }: Pick<DayTerms, 'days' | 'validity'>,
  today: LocalDay | null = null,
): number | null {
  if (days !== 'workdays' && days !== 'holidays') return null;
  const { from, to } = validity;
  const first = yearOf(today !== null && today > from ? today : from);
  const last = to === null ? Number.POSITIVE_INFINITY : yearOf(to);
  if (last < first) return null;
  if (!isStatutoryYearKnown(first)) return first;
  return last > STATUTORY_YEARS.last ? STATUTORY_YEARS.last + 1 : null;
}

function daysOf(table: Readonly<Record<string, string>>): LocalDay[] {
  return Object.keys(table)
    .map((day) => localDaySchema.parse(day))
    .sort();
}

function isWeekend(day: LocalDay): boolean {
  return isoWeekday(dayNumberOfLocalDay(day)) > 5;
}

function yearsOf(days: readonly LocalDay[]): { first: number; last: number } {
  const years = days.map(yearOf);
  return { first: Math.min(...years), last: Math.max(...years) };
}

function yearOf(day: LocalDay): number {
  return Number(day.slice(0, 4));
}
