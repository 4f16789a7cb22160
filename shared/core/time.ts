import { z } from 'zod';
import type { Brand } from './brand.ts';

/**
 * All wall time is Asia/Shanghai (DESIGN.md section 4), which has been UTC+8 without
 * daylight saving since 1991-09-15, so local time is plain arithmetic here.
 */

/** Whole seconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>;
/** A local calendar day, `YYYY-MM-DD`. */
export type LocalDay = Brand<string, 'LocalDay'>;
/** Days from 1970-01-01 to a local day. */
export type DayNumber = Brand<number, 'DayNumber'>;

export const SHANGHAI_OFFSET_S = 8 * 3600;
export const DAY_S = 86_400;
/** The last second of 9999-12-31: no later day is written `YYYY-MM-DD`. */
const LAST_INSTANT = 253_402_271_999;

// As with ids, only the type changes: what is parsed by these can also be written by them.
export const instantSchema = z.int().min(0).max(LAST_INSTANT) as unknown as z.ZodType<Instant, number>;

export const localDaySchema = z
  .string()
  .refine(isLocalDay, 'a calendar day written YYYY-MM-DD') as unknown as z.ZodType<LocalDay, string>;

/** Whether `text` is a day of the Gregorian calendar written YYYY-MM-DD. */
export function isLocalDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The whole second that contains `ms` milliseconds since 1970 (floored). */
export function instantOfMs(ms: number): Instant {
  return Math.floor(ms / 1000) as Instant;
}

/** The local day's number that contains `t`. */
export function dayNumberOf(t: Instant): DayNumber {
  return Math.floor((t + SHANGHAI_OFFSET_S) / DAY_S) as DayNumber;
}

/** 00:00:00 local of the day numbered `day`. */
export function midnightOf(day: DayNumber): Instant {
  return (day * DAY_S - SHANGHAI_OFFSET_S) as Instant;
}

/** The day number of a local day. */
export function dayNumberOfLocalDay(day: LocalDay): DayNumber {
  return (Date.parse(`${day}T00:00:00Z`) / (DAY_S * 1000)) as DayNumber;
}

/** The local day of a day number. */
export function localDayOf(day: DayNumber): LocalDay {
  return new Date(day * DAY_S * 1000).toISOString().slice(0, 10) as LocalDay;
}

/** The local day that contains `t`. */
export function localDayAt(t: Instant): LocalDay {
  return localDayOf(dayNumberOf(t));
}

/** 00:00:00 local of `day`. */
export function midnightOfLocalDay(day: LocalDay): Instant {
  return midnightOf(dayNumberOfLocalDay(day));
}

/** Monday = 1 … Sunday = 7 (ISO 8601); 1970-01-01 was a Thursday. */
export function isoWeekday(day: DayNumber): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  return (((((day + 3) % 7) + 7) % 7) + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7;
}

/** `HH:MM:SS` local of `t`. */
export function clockTextAt(t: Instant): string {
  const second = (((t + SHANGHAI_OFFSET_S) % DAY_S) + DAY_S) % DAY_S;
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
}
