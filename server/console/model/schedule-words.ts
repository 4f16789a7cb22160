import type { AssetKind } from '../../../shared/asset/asset.schema.ts';
import type { ScheduleState } from '../../../shared/schedule/apply.api.ts';
import type { Audience, DayRule, Window } from '../../../shared/schedule/schedule.schema.ts';
import { secondsOf } from '../../../shared/schedule/windows.ts';

/** How a schedule stands, in the words of the list. */
export const SCHEDULE_STATE_ZH: Readonly<Record<ScheduleState, string>> = {
  'on-air': '在播',
  upcoming: '未开始',
  ended: '已结束',
  withdrawn: '已撤回',
  'taken-down': '已撤播',
};

/** Kinds of assets, as the library says them. */
export const ASSET_KIND_ZH: Readonly<Record<AssetKind, string>> = {
  video: '视频',
  hls: '流',
  image: '图片',
  card: '图文卡',
};

/** The day rules that need nothing further, in words. */
export const DAY_RULE_ZH = {
  every: '每天',
  weekdays: '周一至周五',
  weekends: '周六、周日',
  workdays: '法定工作日',
  holidays: '节假日和周末',
} as const satisfies Readonly<Record<Extract<DayRule, string>, string>>;

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日'] as const;

/** `每周一、三`: the listed weekdays, 1 = Monday. */
export function weekdaysText(weekdays: readonly number[]): string {
  return `每周${weekdays
    .toSorted((a, b) => a - b)
    .map((day) => WEEKDAYS[day - 1] ?? '?')
    .join('、')}`;
}

/** Days as `11-24、11-25 等 9 天`. */
export function datesText(dates: readonly string[], most = 3): string {
  const sorted = dates.toSorted();
  const first = sorted.slice(0, most).map((date) => date.slice(5));
  return sorted.length > most ? `${first.join('、')} 等 ${sorted.length} 天` : first.join('、');
}

/** On which days, exclusions included. */
export function daysText(days: DayRule, excludeDates: readonly string[] = []): string {
  const rule =
    typeof days === 'string'
      ? DAY_RULE_ZH[days]
      : 'weekdays' in days
        ? weekdaysText(days.weekdays)
        : datesText(days.dates);
  return excludeDates.length === 0 ? rule : `${rule}，除 ${datesText(excludeDates)}`;
}

const shortClock = (clock: string) =>
  clock.length === 8 && clock.endsWith(':00') ? clock.slice(0, 5) : clock;

/** `07:30–07:40`, `22:00–次日 02:00`, `全天`. */
export function windowText({ start, end }: Window): string {
  if (secondsOf(start) === 0 && (end === '24:00' || secondsOf(end) === 0)) return '全天';
  const next = end !== '24:00' && secondsOf(end) <= secondsOf(start) ? '次日 ' : '';
  return `${shortClock(start)}–${next}${shortClock(end)}`;
}

/** The windows in their order; many of them are counted. */
export function windowsText(windows: readonly Window[], most = 3): string {
  const first = windows.slice(0, most).map(windowText).join('、');
  return windows.length > most ? `${first} 等 ${windows.length} 段` : first;
}

/** `2026-01-01 起`, `2026-11-21 至 2026-11-30`, `2026-11-21 当天`. */
export function validityText({ from, to }: { readonly from: string; readonly to: string | null }): string {
  if (to === null) return `${from} 起`;
  return to === from ? `${from} 当天` : `${from} 至 ${to}`;
}

/** Who sees it: `三门峡市、洛阳市里有标签“学校”的大屏，除 卢氏县`. */
export function audienceText(
  audience: Audience,
  issuer: string,
  nameOf: (code: string) => string = (code) => code,
): string {
  const { regions, tags, groups, exclude } = audience;
  const where = regions.length === 0 ? issuer : regions.map(nameOf).join('、');
  const narrowed = [
    tags.length === 0 ? '' : `有标签${tags.map((tag) => `“${tag}”`).join('或')}`,
    groups.length === 0 ? '' : `属于分组${groups.map((group) => `“${group}”`).join('或')}`,
  ].filter((part) => part !== '');
  const reached = narrowed.length === 0 ? `${where}的全部大屏` : `${where}里${narrowed.join('、且')}的大屏`;
  const without = [
    ...exclude.regions.map(nameOf),
    ...exclude.tags.map((tag) => `标签“${tag}”`),
    ...exclude.groups.map((group) => `分组“${group}”`),
  ];
  return without.length === 0 ? reached : `${reached}，除 ${without.join('、')}`;
}
