import type { DayNumber, LocalDay } from '../core/time.ts';
import { DAY_S, isLocalDay, isoWeekday, localDayOf } from '../core/time.ts';
import type { DayRule, Schedule, Window } from '../schedule/schedule.schema.ts';
import { attribute } from './smil-attributes.ts';
import { SmilError } from './smil-xml.ts';
import type { XmlElement } from './smil-xml.ts';
import { parseWallclock } from './wallclock.ts';
import type { Wallclock } from './wallclock.ts';

type Timing = Pick<Schedule, 'days' | 'windows' | 'validity'>;

/** One wallclock begin with its end: a window on the days of a pattern. */
interface Stretch {
  readonly begin: Wallclock;
  readonly lengthS: number;
}

const ALWAYS: readonly Window[] = [{ start: '00:00', end: '24:00' }];

/**
 * Days, windows and validity of what begins and ends by wallclock.
 * @param today first day of what has no begin at all
 * @throws SmilError where begin and end say what no schedule says
 */
export function timingOf(element: XmlElement, today: LocalDay): Timing {
  const { begin, end } = element.attributes;
  if (begin === undefined && end === undefined)
    return { days: 'every', windows: [...ALWAYS], validity: validityOf(element, today, null) };
  const stretches = stretchesOf(element, begin, end);
  const periods = new Set(stretches.map((one) => one.begin.period));
  if (periods.size > 1)
    throw refused(
      element,
      '每天、每周和单次不能混在一起，拆成几个',
      'daily, weekly and single begins are mixed',
    );
  const days = daysOf(element, stretches);
  const froms = stretches.map((one) => one.begin.from).sort();
  return {
    days,
    windows: windowsOf(element, stretches),
    validity: validityOf(element, froms[0] ?? today, lastDayOf(element, stretches)),
  };
}

function stretchesOf(element: XmlElement, begin: string | undefined, end: string | undefined): Stretch[] {
  if (begin === undefined || end === undefined)
    throw refused(element, 'begin 和 end 要成对', 'begin and end come in pairs');
  const [begins, ends] = [begin, end].map((text) =>
    text.split(';').map((part) => {
      const value = parseWallclock(part.trim());
      if (value === null)
        throw refused(
          element,
          `“${part.trim().slice(0, 60)}” 不能照样保留：收 wallclock(日期T时刻)、wallclock(R/…/P1D) 和 /P1W`,
          'this begin or end cannot be kept exactly',
        );
      return value;
    }),
  );
  if (begins === undefined || ends === undefined || begins.length !== ends.length)
    throw refused(element, 'begin 和 end 的个数不同', 'begin and end differ in number');
  return begins.map((from, index) => {
    const to = ends[index];
    if (to === undefined || to.period !== from.period || to.count !== from.count)
      throw refused(element, `第 ${index + 1} 对 begin 和 end 重复得不一样`, 'begin and end repeat unlike');
    const lengthS = (to.day - from.day) * DAY_S + to.second - from.second;
    if (lengthS < 1 || lengthS > DAY_S)
      throw refused(
        element,
        `第 ${index + 1} 对从 begin 到 end 要在 24 小时以内`,
        'a window lasts up to 24 hours',
      );
    return { begin: from, lengthS };
  });
}

function daysOf(element: XmlElement, stretches: readonly Stretch[]): DayRule {
  const keyOf = ({ begin }: Stretch) =>
    begin.period === 'daily' ? 0 : begin.period === 'weekly' ? isoWeekday(begin.day) : begin.day;
  const byDay = Map.groupBy(stretches, keyOf);
  const patterns = new Set([...byDay.values()].map((list) => list.map(windowText).sort().join()));
  if (patterns.size > 1)
    throw refused(element, '不同的日子时段不同，拆成几个', 'its days have unlike windows; split it');
  const keys = [...byDay.keys()].sort((a, b) => a - b);
  switch (stretches[0]?.begin.period) {
    case 'daily':
      return 'every';
    case 'weekly':
      return keys.join() === '1,2,3,4,5'
        ? 'weekdays'
        : keys.join() === '6,7'
          ? 'weekends'
          : { weekdays: keys };
    default:
      return { dates: keys.map((day) => localDayOf(day as DayNumber)) };
  }
}

/** The windows of one day, in the order in which they stand. */
function windowsOf(element: XmlElement, stretches: readonly Stretch[]): Window[] {
  const windows = new Map(stretches.map((one) => [windowText(one), windowOf(one)]));
  if (windows.size > 48) throw refused(element, '一天超过 48 个时段', 'over 48 windows a day');
  return [...windows.values()];
}

function windowText(stretch: Stretch): string {
  const { start, end } = windowOf(stretch);
  return `${start}-${end}`;
}

function windowOf({ begin, lengthS }: Stretch): Window {
  const end = begin.second + lengthS;
  return { start: timeText(begin.second), end: end === DAY_S ? '24:00' : timeText(end % DAY_S) };
}

function timeText(second: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`;
  return second % 60 === 0 ? text : `${text}:${two(second % 60)}`;
}

/** The last day that the counts say; `null` where they have no end. */
function lastDayOf(element: XmlElement, stretches: readonly Stretch[]): LocalDay | null {
  const lasts = stretches.map(({ begin: { day, period, count } }) =>
    count === null ? null : day + (count - 1) * (period === 'weekly' ? 7 : 1),
  );
  const ends = lasts.filter((last) => last !== null);
  if (ends.length === 0) return null;
  const distinct = new Set(stretches.map(({ begin }) => `${begin.period} ${begin.from}`));
  const isEven = ends.length === lasts.length && distinct.size === 1;
  const spread = Math.max(...ends) - Math.min(...ends);
  const period = stretches[0]?.begin.period;
  // Weekdays of one validity end within one week of each other; single dates end where they end.
  if (period !== 'once' && (!isEven || spread >= (period === 'weekly' ? 7 : 1)))
    throw refused(element, '重复的次数各不相同，拆成几个', 'its begins repeat unlike; split it');
  return localDayOf(Math.max(...ends) as DayNumber);
}

/** First and last day: our own attributes where they stand, for what counts alone cannot say. */
function validityOf(element: XmlElement, from: LocalDay, to: LocalDay | null): Schedule['validity'] {
  const own = (name: string): LocalDay | undefined => {
    const text = attribute(element, name);
    if (text !== undefined && !isLocalDay(text)) throw refused(element, `kepu:${name} 不是日期`, 'no date');
    return text as LocalDay | undefined;
  };
  return { from: own('from') ?? from, to: own('to') ?? (own('from') === undefined ? to : null) };
}

function refused({ line, name }: XmlElement, zh: string, en: string): SmilError {
  return new SmilError(line, `${name}：${zh}`, `${name}: ${en}`);
}
