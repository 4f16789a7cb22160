import type { z } from 'zod';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import { isLocalDay } from '../../../shared/core/time.ts';
import type {
  Audience,
  DayRule,
  ReservedWindow,
  Schedule,
  ScheduleClass,
  Window,
} from '../../../shared/schedule/schedule.schema.ts';
import {
  clockTimeSchema,
  reservedWindowSchema,
  scheduleSchema,
} from '../../../shared/schedule/schedule.schema.ts';
import { spanOf } from '../../../shared/schedule/windows.ts';

/** Which rule of days is chosen in a form. */
export type DaysKind = Extract<DayRule, string> | 'listed-weekdays' | 'listed-dates';

/** When something is on, as a person types it: half-typed values stand here too. */
export interface WhenForm {
  daysKind: DaysKind;
  weekdays: number[];
  dates: string[];
  excludeDates: string[];
  windows: { start: string; end: string }[];
  from: string;
  /** Empty: until further notice. */
  to: string;
}

export interface ScheduleForm {
  id: string;
  name: string;
  class: ScheduleClass;
  region: RegionCode;
  playlist: string;
  audience: Audience;
  when: WhenForm;
  priority: number;
  weight: number;
  once: boolean;
}

export interface ReservedForm {
  id: string;
  region: RegionCode;
  when: WhenForm;
}

/** What is wrong with a field, by its name; nothing wrong: no entries. */
export type FieldProblems = Readonly<Record<string, string>>;

const NO_AUDIENCE: Audience = {
  regions: [],
  tags: [],
  groups: [],
  exclude: { regions: [], tags: [], groups: [] },
};

/** An empty form: every day in one working-hours window, from `today` on. */
export function newScheduleForm(id: string, region: RegionCode, today: LocalDay): ScheduleForm {
  return {
    id,
    name: '',
    class: 'rotation',
    region,
    playlist: '',
    audience: structuredClone(NO_AUDIENCE),
    when: newWhenForm(today),
    priority: 0,
    weight: 1,
    once: false,
  };
}

/** A reserved window nobody filled in yet: every day, from `today` on. */
export function newReservedForm(id: string, region: RegionCode, today: LocalDay): ReservedForm {
  return { id, region, when: newWhenForm(today) };
}

function newWhenForm(today: LocalDay): WhenForm {
  return {
    daysKind: 'every',
    weekdays: [],
    dates: [],
    excludeDates: [],
    windows: [{ start: '08:00', end: '20:00' }],
    from: today,
    to: '',
  };
}

function whenFormOf(body: Pick<Schedule, 'days' | 'excludeDates' | 'windows' | 'validity'>): WhenForm {
  const { days } = body;
  return {
    daysKind: typeof days === 'string' ? days : 'weekdays' in days ? 'listed-weekdays' : 'listed-dates',
    weekdays: typeof days === 'object' && 'weekdays' in days ? [...days.weekdays] : [],
    dates: typeof days === 'object' && 'dates' in days ? [...days.dates] : [],
    excludeDates: [...body.excludeDates],
    windows: body.windows.map(({ start, end }) => ({ start, end })),
    from: body.validity.from,
    to: body.validity.to ?? '',
  };
}

/** A schedule as a form. */
export function scheduleFormOf(body: Schedule): ScheduleForm {
  return {
    id: body.id,
    name: body.name,
    class: body.class,
    region: body.region,
    playlist: body.playlist,
    audience: structuredClone(body.audience),
    when: whenFormOf(body),
    priority: body.priority,
    weight: body.weight,
    once: body.once,
  };
}

/** A reserved window as a form. */
export function reservedFormOf(body: ReservedWindow): ReservedForm {
  return { id: body.id, region: body.region, when: whenFormOf(body) };
}

function whenOf(form: WhenForm) {
  const days =
    form.daysKind === 'listed-weekdays'
      ? { weekdays: form.weekdays.toSorted((a, b) => a - b) }
      : form.daysKind === 'listed-dates'
        ? { dates: form.dates.toSorted() }
        : form.daysKind;
  return {
    days,
    excludeDates: form.excludeDates.toSorted(),
    windows: form.windows,
    validity: { from: form.from, to: form.to === '' ? null : form.to },
  };
}

/** The schedule that a form says; what does not apply to its class is left at its default. */
export function scheduleOf(form: ScheduleForm): Schedule | null {
  const parsed = scheduleSchema.safeParse({
    id: form.id,
    name: form.name.trim(),
    class: form.class,
    region: form.region,
    playlist: form.playlist,
    audience: form.audience,
    ...whenOf(form.when),
    ...(form.class === 'rotation' ? { weight: form.weight } : { priority: form.priority }),
    ...(form.class === 'mandatory' ? { once: form.once } : {}),
  } satisfies z.input<typeof scheduleSchema> | object);
  return parsed.success ? parsed.data : null;
}

/** The reserved window that a form says. */
export function reservedOf(form: ReservedForm): ReservedWindow | null {
  const parsed = reservedWindowSchema.safeParse({ id: form.id, region: form.region, ...whenOf(form.when) });
  return parsed.success ? parsed.data : null;
}

const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What keeps a schedule form from being saved, in words, by field. */
export function scheduleProblems(form: ScheduleForm): FieldProblems {
  const problems: Record<string, string> = { ...whenProblems(form.when) };
  if (form.name.trim() === '') problems['name'] = '起个名字';
  else if (form.name.trim().length > 80) problems['name'] = '名字最多 80 个字';
  if (!ID.test(form.id) || form.id.length > 80) problems['id'] = '编号用小写字母、数字和短横';
  if (form.playlist === '') problems['playlist'] = '选一个节目单';
  if (
    form.class === 'rotation' &&
    !(Number.isInteger(form.weight) && form.weight >= 1 && form.weight <= 1_000)
  )
    problems['weight'] = '权重是 1 到 1000 的整数';
  if (form.class !== 'rotation' && !(Number.isInteger(form.priority) && Math.abs(form.priority) <= 1_000))
    problems['priority'] = '优先级是 −1000 到 1000 的整数';
  const outside = form.audience.regions.find((code) => !code.startsWith(form.region));
  if (outside !== undefined) problems['audience'] = `${outside} 不在发布区划之内`;
  return problems;
}

/** What keeps a reserved window from being saved. */
export function reservedProblems(form: ReservedForm): FieldProblems {
  const problems: Record<string, string> = { ...whenProblems(form.when) };
  if (!ID.test(form.id)) problems['id'] = '编号用小写字母、数字和短横';
  return problems;
}

/** What is wrong with days, windows and dates. */
export function whenProblems(form: WhenForm): FieldProblems {
  const problems: Record<string, string> = {};
  if (form.daysKind === 'listed-weekdays' && form.weekdays.length === 0)
    problems['days'] = '至少选一个星期几';
  if (form.daysKind === 'listed-dates' && form.dates.length === 0) problems['days'] = '至少选一天';
  const windows = windowsProblem(form.windows);
  if (windows !== null) problems['windows'] = windows;
  if (!isLocalDay(form.from)) problems['validity'] = '选开始日期';
  else if (form.to !== '' && form.to < form.from) problems['validity'] = '结束日期早于开始日期';
  return problems;
}

/** What is wrong with a list of windows: a time that is none, two that overlap; `null`: nothing. */
export function windowsProblem(windows: readonly Window[]): string | null {
  if (windows.length === 0) return '至少要有一段时间';
  if (windows.length > 48) return '最多 48 段';
  for (const { start, end } of windows)
    if (
      start === '24:00' ||
      !clockTimeSchema.safeParse(start).success ||
      !clockTimeSchema.safeParse(end).success
    )
      return '时间写成 08:00 或 08:00:30，结束可以写 24:00';
  const spans = windows
    .map((window) => ({ window, ...spanOf(window) }))
    .toSorted((a, b) => a.start - b.start);
  for (const [index, one] of spans.entries()) {
    const next = spans[index + 1];
    if (next !== undefined && next.start < one.end)
      return `${one.window.start}–${one.window.end} 和 ${next.window.start}–${next.window.end} 重叠，合成一段`;
  }
  // What runs past midnight must not reach the next day's first window either, on rules that repeat daily.
  const last = spans.at(-1);
  const first = spans[0];
  if (last !== undefined && first !== undefined && last !== first && last.end - 86_400 > first.start)
    return `${last.window.start}–次日 ${last.window.end} 和 ${first.window.start} 开始的一段重叠`;
  return null;
}

/** What a form's days and windows would be, for a picture; `null` while they cannot be read. */
export function datedWindowsOf(
  form: WhenForm,
): Pick<ReservedWindow, 'days' | 'excludeDates' | 'windows' | 'validity'> | null {
  return reservedOf({ id: 'preview', region: '41' as RegionCode, when: form });
}

/** `8`, `830`, `8:30`, `0830` as a clock time; what cannot be read stays as it was typed. */
export function tidyClock(typed: string): string {
  const text = typed.trim().replaceAll('：', ':');
  const plain = /^(\d{1,2})(\d{2})?$/.exec(text);
  const parts = plain === null ? text.split(':') : [plain[1] ?? '', plain[2] ?? '00'];
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => !/^\d{1,2}$/.test(part))) return text;
  return parts.map((part) => part.padStart(2, '0')).join(':');
}
