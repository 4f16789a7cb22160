import type { LocalDay } from '../../../shared/core/time.ts';
import {
  DAY_S,
  clockTextAt,
  dayNumberOfLocalDay,
  instantOfMs,
  isoWeekday,
  localDayAt,
  localDayOf,
} from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';

/** What is printed where there is nothing to show. */
export const NOTHING = '—';
/** The dash of ranges: `88.14–91.62`. */
export const DASH = '–';

/** `46,218`. */
export function countText(count: number): string {
  return String(Math.trunc(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `2:00:00`, hours unbounded. */
export function spanText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** `6:00` for labels in bars; seconds are dropped. */
export function shortSpanText(seconds: number): string {
  return `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`;
}

/** `12 小时`, `2 小时 30 分`, `40 分`, `12 秒`: a length in words. */
export function spanWords(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} 秒`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  if (hours === 0) return `${minutes} 分`;
  return minutes === 0 ? `${hours} 小时` : `${hours} 小时 ${minutes} 分`;
}

/**
 * `10,348,740 小时` for long sums, `1:10:00` for what fits a day or two. Terms of one sum share a
 * scale: the largest decides, short ones keep a decimal.
 */
export function hoursText(seconds: number, largest = seconds): string {
  if (largest < 100 * 3600) return spanText(seconds);
  if (seconds < 100 * 3600) return `${(Math.round(seconds / 360) / 10).toFixed(1)} 小时`;
  return `${countText(Math.round(seconds / 3600))} 小时`;
}

/** How long something has lasted, in one unit that matters: `3 分`, `5 小时`, `11 天`. */
export function lastingText(sinceMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - sinceMs) / 1000));
  if (seconds < 60) return `${seconds} 秒`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分`;
  if (seconds < DAY_S) return `${Math.floor(seconds / 3600)} 小时`;
  return `${Math.floor(seconds / DAY_S)} 天`;
}

/** How long ago, in one unit that matters: `刚刚`, `3 分前`, `5 小时前`, `11 天前`. */
export function agoText(thenMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - thenMs) / 1000));
  if (seconds < 60) return '刚刚';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分前`;
  if (seconds < DAY_S) return `${Math.floor(seconds / 3600)} 小时前`;
  return `${Math.floor(seconds / DAY_S)} 天前`;
}

/** `15:48:20` of a millisecond instant, Beijing time. */
export function clockText(ms: number): string {
  return clockTextAt(instantOfMs(ms));
}

/** `15:48`. */
export function minuteText(ms: number): string {
  return clockText(ms).slice(0, 5);
}

/** `11-23 15:48`. */
export function momentText(ms: number): string {
  return `${localDayAt(instantOfMs(ms)).slice(5)} ${minuteText(ms)}`;
}

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日'] as const;

/** `周六`. */
export function weekdayText(day: LocalDay): string {
  return `周${WEEKDAYS[isoWeekday(dayNumberOfLocalDay(day)) - 1]}`;
}

/** `2026-11-21 周六`. */
export function dayText(day: LocalDay): string {
  return `${day} ${weekdayText(day)}`;
}

/** The local day that contains a millisecond instant. */
export function dayOfMs(ms: number): LocalDay {
  return localDayAt(instantOfMs(ms));
}

/** The local day `by` days after `day`. */
export function shiftDay(day: LocalDay, by: number): LocalDay {
  return localDayOf((dayNumberOfLocalDay(day) + by) as never);
}

/** Clock text of an instant inside or just past `midnight`'s day: 24:00:00 is the day's own end. */
export function clockInDay(t: number, midnight: number): string {
  return t === midnight + DAY_S ? '24:00:00' : clockTextAt(t as Instant);
}
