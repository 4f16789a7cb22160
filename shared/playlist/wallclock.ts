import type { DayNumber, LocalDay } from '../core/time.ts';
import { DAY_S, dayNumberOfLocalDay, isLocalDay, isoWeekday, localDayOf } from '../core/time.ts';

/**
 * `wallclock(…)` of SMIL 3.0 (https://www.w3.org/TR/SMIL3/smil-timing.html#adef-begin), with the
 * repeating and day-of-week forms of A-SMIL 1.0 (https://www.a-smil.org/index.php/Wallclock) that
 * signage players use: `2026-01-01T12:00:00`, `R/2026-01-01T12:00:00/P1D`, `R5/2026-01-01+w1T12:00/P1W`.
 * Local time, no zone: all wall time is Asia/Shanghai.
 */
export interface Wallclock {
  /** The date as written, from which it counts. */
  readonly from: LocalDay;
  /** The day of the first occurrence; `+wN` moves it on to that weekday. */
  readonly day: DayNumber;
  /** Second of the day. */
  readonly second: number;
  readonly period: 'once' | 'daily' | 'weekly';
  /** How often it occurs; `null`: without end. */
  readonly count: number | null;
}

const FORM =
  /^wallclock\(\s*(?:(R)(\d*)\/)?(\d{4}-\d{2}-\d{2})(?:\+w([1-7]))?(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.0+)?)?)?(?:\/(P1D|P1W|P7D))?\s*\)$/;

/** Reads one wallclock value; `null` where it is none that can be kept exactly. */
export function parseWallclock(text: string): Wallclock | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, repeats, times = '', date = '', weekday, hours = '0', minutes = '0', seconds = '0', period] =
    match;
  if (!isLocalDay(date) || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  if ((repeats === undefined) !== (period === undefined)) return null;
  const from = date as LocalDay;
  const count = times === '' ? null : Number(times);
  if (count !== null && (count < 1 || count > 100_000)) return null;
  return {
    from,
    day: weekday === undefined ? dayNumberOfLocalDay(from) : firstWeekday(from, Number(weekday)),
    second: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    period: period === undefined ? 'once' : period === 'P1D' ? 'daily' : 'weekly',
    count: repeats === undefined ? 1 : count,
  };
}

/** Writes a wallclock value. @param weekday for a weekly one, 1 is Monday */
export function wallclockText(
  date: LocalDay,
  second: number,
  repeat: { readonly period: 'P1D' | 'P1W'; readonly count: number | null; readonly weekday?: number } | null,
): string {
  const two = (value: number) => String(value).padStart(2, '0');
  // An end after midnight stands on a later day.
  const day = localDayOf((dayNumberOfLocalDay(date) + Math.floor(second / DAY_S)) as DayNumber);
  const at = second % DAY_S;
  const time = `T${two(Math.floor(at / 3600))}:${two(Math.floor(at / 60) % 60)}:${two(at % 60)}`;
  if (repeat === null) return `wallclock(${day}${time})`;
  const { period, count, weekday } = repeat;
  const shifted = weekday === undefined ? '' : `+w${((weekday - 1 + Math.floor(second / DAY_S)) % 7) + 1}`;
  return `wallclock(R${count ?? ''}/${day}${shifted}${time}/${period})`;
}

/** The first day at or after `from` with that weekday. */
export function firstWeekday(from: LocalDay, weekday: number): DayNumber {
  const day = dayNumberOfLocalDay(from);
  return (day + ((weekday - isoWeekday(day) + 7) % 7)) as DayNumber;
}

/** Whole seconds of a SMIL clock value (`12s`, `1.5min`, `00:00:12`, `90`); `null` where it is none. */
export function clockSeconds(text: string): number | null {
  const clock = /^(?:(\d+):)?([0-5]?\d):([0-5]\d)(?:\.0+)?$/.exec(text);
  if (clock !== null) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const count = /^(\d+(?:\.\d+)?)(h|min|s|ms)?$/.exec(text);
  if (count === null) return null;
  const unit = { h: 3_600_000, min: 60_000, s: 1_000, ms: 1 }[count[2] ?? 's'] ?? 1_000;
  const ms = Math.round(Number(count[1]) * unit);
  return ms % 1_000 === 0 ? ms / 1_000 : null;
}
