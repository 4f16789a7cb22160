import { clockTextAt, dayNumberOf, instantOfMs, isoWeekday, localDayAt } from '../../shared/core/time.ts';

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日'] as const;

/** What the glass says of an instant (center milliseconds), in Asia/Shanghai. */
export interface LocalTimeText {
  /** `15:48` */
  readonly clock: string;
  /** `11 月 23 日` */
  readonly day: string;
  /** `星期一` */
  readonly weekday: string;
}

/** Date and time as people write them, without leading zeros in the date. */
export function localTimeText(nowMs: number): LocalTimeText {
  const t = instantOfMs(nowMs);
  const [, month, day] = localDayAt(t).split('-');
  return {
    clock: clockTextAt(t).slice(0, 5),
    day: `${Number(month)} 月 ${Number(day)} 日`,
    weekday: `星期${WEEKDAYS[isoWeekday(dayNumberOf(t)) - 1]}`,
  };
}

/** How long a pairing code still holds, as the glass says it. */
export function codeLifeText(leftMs: number): string {
  const minutes = Math.ceil(leftMs / 60_000);
  if (leftMs <= 0) return '正在换新码';
  return minutes > 1 ? `${minutes} 分钟后换新码，旧码作废` : '不到 1 分钟后换新码，旧码作废';
}
