import type { Instant } from '../../../../shared/core/time.ts';
import type { Plan, PlanSchedule } from '../../../../shared/plan/plan.schema.ts';

/**
 * Days, windows and reserved windows once more, by walking a calendar of `YYYY-MM-DD` texts with the
 * platform's own dates: nothing of it is shared with what it is to check.
 */
export type Terms = Pick<PlanSchedule, 'days' | 'excludeDates' | 'validity' | 'windows'>;

/** `[start, end)` in seconds since 1970. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One window of a schedule on one day, and what reserved windows (and midnights) leave of it. */
export interface OpenWindow extends Span {
  readonly schedule: PlanSchedule;
  readonly pieces: readonly Span[];
}

const TIER_LENGTHS = [2, 4, 6, 9, 12];
/** 0 for province … 4 for village, by the length of the region's code. */
export const rankOf = ({ region }: { readonly region: string }): number =>
  TIER_LENGTHS.indexOf(region.length);

/** The local day that holds an instant. */
export const dayOf = (at: number): string => new Date((at + 8 * 3600) * 1000).toISOString().slice(0, 10);
/** 00:00:00 of a local day. */
export const midnight = (day: string): Instant => (Date.parse(`${day}T00:00:00+08:00`) / 1000) as Instant;
/** A local day some days later. */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
export const isMidnight = (at: number): boolean => midnight(dayOf(at)) === at;

/** Whether the day is one that the terms name (rule 18). */
export function isDay({ holidays }: Plan, terms: Terms, day: string): boolean {
  const { from, to } = terms.validity;
  if (day < from || (to !== null && day > to)) return false;
  if (terms.excludeDates.some((one) => one === day)) return false;
  const sundayIsZero = new Date(`${day}T00:00:00Z`).getUTCDay();
  const isWeekend = sundayIsZero === 0 || sundayIsZero === 6;
  const isAddedWorkday = holidays.work.some((one) => one === day);
  const isWorkday = isAddedWorkday || (!isWeekend && !holidays.off.some((one) => one === day));
  switch (terms.days) {
    case 'every':
      return true;
    case 'weekdays':
      return !isWeekend;
    case 'weekends':
      return isWeekend;
    case 'workdays':
      return isWorkday;
    case 'holidays':
      return !isWorkday;
    default:
      if ('dates' in terms.days) return terms.days.dates.some((one) => one === day);
      return terms.days.weekdays.includes(sundayIsZero === 0 ? 7 : sundayIsZero);
  }
}

/** How many of the schedule's windows start before a day, day by day since its validity (rule 6). */
export function startsBefore(plan: Plan, schedule: PlanSchedule, day: string): number {
  let count = 0;
  for (let one: string = schedule.validity.from; one < day; one = addDays(one, 1))
    if (isDay(plan, schedule, one)) count += schedule.windows.length;
  return count;
}

/** Every stretch of the terms that begins on a day from `first` to `last`. */
export function spansOf(plan: Plan, terms: Terms, first: string, last: string): Span[] {
  const spans: Span[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    if (!isDay(plan, terms, day)) continue;
    for (const window of terms.windows) {
      const start = clockOn(day, window.start);
      const end = clockOn(day, window.end);
      spans.push({ start, end: end > start ? end : clockOn(addDays(day, 1), window.end) });
    }
  }
  return spans;
}

function clockOn(day: string, clock: string): number {
  const [hours = '', minutes = '', seconds = '00'] = clock.split(':');
  return midnight(day) + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/** What is left of a span without others, in order. */
export function without(span: Span, others: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = span.start;
  for (const other of others.toSorted((a, b) => a.start - b.start)) {
    if (other.end <= from || other.start >= span.end) continue;
    if (other.start > from) left.push({ start: from, end: other.start });
    from = other.end;
  }
  if (from < span.end) left.push({ start: from, end: span.end });
  return left;
}

/** Spans that touch or overlap, as one. */
export function joined(spans: readonly Span[]): Span[] {
  const whole: { start: number; end: number }[] = [];
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else whole.push({ start, end });
  }
  return whole;
}

/** All windows of a plan that touch the days from `first` to `last` (rules 11 and 16). */
export function windowsOf(plan: Plan, first: string, last: string): OpenWindow[] {
  const before = addDays(first, -1);
  const midnights: number[] = [];
  for (let day = first; day <= addDays(last, 1); day = addDays(day, 1)) midnights.push(midnight(day));
  return plan.schedules.flatMap((schedule) => {
    const kept = plan.reserved
      .filter((reserve) => rankOf(reserve) < rankOf(schedule))
      .flatMap((reserve) => spansOf(plan, reserve, addDays(before, -1), last));
    return spansOf(plan, schedule, before, last).map((span): OpenWindow => {
      const left = without(span, kept);
      const pieces = schedule.class === 'mandatory' ? left : left.flatMap((one) => cutAt(one, midnights));
      return { schedule, ...span, pieces };
    });
  });
}

function cutAt(span: Span, instants: readonly number[]): Span[] {
  const at = instants.find((one) => one > span.start && one < span.end);
  if (at === undefined) return [span];
  return [{ start: span.start, end: at }, ...cutAt({ start: at, end: span.end }, instants)];
}

/** The last day, not after `day`, whose midnight no mandatory window crosses (rule 4). */
export function cleanDay(plan: Plan, day: string): string {
  for (let one = day; ; one = addDays(one, -1)) {
    const before = addDays(one, -1);
    const crosses = plan.schedules
      .filter((schedule) => schedule.class === 'mandatory')
      .some((schedule) => spansOf(plan, schedule, before, before).some(({ end }) => end > midnight(one)));
    if (!crosses) return one;
  }
}
