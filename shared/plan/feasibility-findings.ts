import type { RegionCode, ScheduleId, Sha256 } from '../core/ids.ts';
import type { DayNumber, LocalDay } from '../core/time.ts';
import { dayNumberOfLocalDay, localDayOf, midnightOf } from '../core/time.ts';
import { tierOf, tierRank } from '../region/tier.ts';
import type { DaySet } from '../schedule/day-set.ts';
import { makeDaySet } from '../schedule/day-set.ts';
import { named } from '../schedule/explain-words.ts';
import type { ReservedWindow, Schedule } from '../schedule/schedule.schema.ts';
import { LONGEST_CHAIN_DAYS } from '../schedule/segment.ts';
import { unknownStatutoryYear } from '../schedule/statutory-days.ts';
import { clip, spanOf, stretchOn, windowLengths } from '../schedule/windows.ts';
import { DAY_S } from '../core/time.ts';
import type { StatutoryDays, World } from './compile.ts';
import type { Finding } from './feasibility.api.ts';
import { bytesOf } from './feasibility-kinds.ts';
import type { Kind, Steps, Touched } from './feasibility-kinds.ts';
import type { Plan, PlanSchedule } from './plan.schema.ts';

/** Days that are looked ahead: what devices fetch, and within which everything should be on once. */
export const OUTLOOK_DAYS = 14;
/** Beyond its first year a pattern of weekdays shows nothing new. */
const CHAIN_LOOK_DAYS = 380;

/** What findings are made from, besides the kinds. */
export interface Judged {
  readonly after: World;
  readonly touched: Touched;
  readonly today: LocalDay;
  readonly day: LocalDay;
  readonly regionName: (region: RegionCode) => string;
  /** How many screens each touched schedule reaches. */
  readonly screensOf: (schedule: ScheduleId) => number;
}

/** Items longer than every window of their schedule (error), and statutory days of unknown years. */
export function judgeSchedules({ after, touched, today, screensOf }: Judged): Finding[] {
  return after.schedules
    .filter(({ id }) => touched.schedules.has(id))
    .flatMap((schedule): Finding[] => [
      ...neverFitting(schedule, after, screensOf(schedule.id)),
      ...unknownHolidays(schedule, today, screensOf(schedule.id)),
    ]);
}

function neverFitting(schedule: Schedule, after: World, screens: number): Finding[] {
  if (schedule.class === 'filler') return [];
  const longest = Math.max(...windowLengths(schedule));
  const items = after.playlists.get(schedule.playlist)?.items ?? [];
  return items.flatMap(({ durationS, asset }, item): Finding[] => {
    if (durationS <= longest) return [];
    const title = after.assets.get(asset)?.title ?? asset.slice(0, 12);
    return [
      {
        kind: 'item-never-fits',
        severity: 'error',
        schedule: schedule.id,
        item,
        screens,
        zh: `《${schedule.name}》第 ${item + 1} 项《${title}》长 ${durationS} 秒，最长的时段只有 ${longest} 秒，永远放不下：缩短它或放宽时段`,
        en: `Item ${item + 1} “${title}” of “${schedule.name}” takes ${durationS} s, its longest window ${longest} s: it never fits`,
      },
    ];
  });
}

function unknownHolidays(schedule: Schedule, today: LocalDay, screens: number): Finding[] {
  const year = unknownStatutoryYear(schedule, today);
  if (year === null) return [];
  return [
    {
      kind: 'holidays-unknown',
      severity: 'warning',
      subject: schedule.id,
      screens,
      zh: `《${schedule.name}》按法定节假日播出，而 ${year} 年的放假安排还没有公布：那一年先按普通周末算，公布后再更新`,
      en: `“${schedule.name}” asks for statutory days, and the arrangement of ${year} is not known: plain weekends count until it is`,
    },
  ];
}

/** Assets of touched playlists whose bytes, or a part's, are not in the center. */
export function judgeAssets(
  { after, screensOf }: Judged,
  missing: ReadonlyMap<Sha256, readonly ScheduleId[]>,
): Finding[] {
  return [...missing].map(([asset, schedules]) => {
    const title = after.assets.get(asset)?.title ?? asset.slice(0, 12);
    const name = after.schedules.find(({ id }) => id === schedules[0])?.name ?? schedules[0] ?? '';
    return {
      kind: 'asset-missing',
      severity: 'error',
      asset,
      screens: Math.max(0, ...schedules.map(screensOf)),
      zh: `《${name}》用的素材《${title}》还没有传完整，先上传再发布`,
      en: `Asset “${title}” of “${name}” is not wholly in the center; upload it first`,
    } satisfies Finding;
  });
}

/**
 * Mandatories that tie more than {@link LONGEST_CHAIN_DAYS} days together over midnight on a screen's
 * plan (SCHEDULING.md rule 4), whichever schedules do it together. Only chains that the draft has a
 * part in: what was there before does not keep other drafts off the air.
 */
export function* judgeChains(
  { after, touched, today, regionName }: Judged,
  kinds: readonly Kind[],
): Steps<Finding[]> {
  const found = new Map<string, { readonly chain: Chain | null; screens: number; readonly plan: Plan }>();
  const daysOf = daySets(after.holidays);
  const isCrossing = memo(crossesMidnight);
  for (const { after: plan, screens } of kinds) {
    yield;
    // An empty playlist ties no days together.
    const crossing = plan.schedules.filter(
      (one) => isCrossing(one) && (plan.playlists[one.playlist]?.items.length ?? 0) > 0,
    );
    if (!crossing.some(({ id }) => touched.schedules.has(id))) continue;
    const key = crossing.map(({ id }) => id).join(' ');
    const known = found.get(key);
    if (known === undefined) {
      found.set(key, { chain: chainOf(crossing, { daysOf, touched, today }), screens, plan });
    } else known.screens += screens;
  }
  return [...found.values()].flatMap(({ chain, screens, plan }): Finding[] => {
    if (chain === null) return [];
    const names = chain.schedules.map((id) => named(id, { plan, regionName }));
    const first = localDayOf(chain.first);
    return [
      {
        kind: 'chain',
        severity: 'error',
        subject: chain.schedules.join(' '),
        screens,
        zh: `从 ${first} 起必播每天都跨零点，连成 ${LONGEST_CHAIN_DAYS} 天以上：${names.map(({ zh }) => zh).join('、')}。错开一天，或在零点断开`,
        en: `From ${first} on mandatories cross every midnight, a chain of more than ${LONGEST_CHAIN_DAYS} days: ${names.map(({ en }) => en).join(', ')}. Break it at one midnight`,
      },
    ];
  });
}

interface Chain {
  readonly first: DayNumber;
  readonly schedules: readonly ScheduleId[];
}

function crossesMidnight(schedule: PlanSchedule): boolean {
  return schedule.class === 'mandatory' && schedule.windows.some((window) => spanOf(window).end > DAY_S);
}

function chainOf(
  crossing: readonly PlanSchedule[],
  {
    daysOf,
    touched,
    today,
  }: {
    readonly daysOf: (schedule: PlanSchedule) => DaySet;
    readonly touched: Touched;
    readonly today: LocalDay;
  },
): Chain | null {
  const now = dayNumberOfLocalDay(today);
  // Schedules that begin later than a year from now have their own first year looked at.
  const starts = new Set([now, ...crossing.map(({ validity }) => dayNumberOfLocalDay(validity.from))]);
  let looked = -Infinity;
  for (const start of [...starts].filter((one) => one >= now).sort((a, b) => a - b)) {
    const from = Math.max(start - LONGEST_CHAIN_DAYS, looked);
    looked = start + CHAIN_LOOK_DAYS;
    let row: { readonly day: number; readonly by: readonly PlanSchedule[] }[] = [];
    for (let day = from; day < looked; day += 1) {
      const by = crossing.filter((one) => daysOf(one).holds(day as DayNumber));
      row = by.length === 0 ? [] : [...row, { day, by }].slice(-LONGEST_CHAIN_DAYS);
      // So many crossed midnights tie one day more than that together.
      if (row.length < LONGEST_CHAIN_DAYS || day < now) continue;
      const schedules = [...new Set(row.flatMap((one) => one.by.map(({ id }) => id)))].sort();
      if (schedules.some((id) => touched.schedules.has(id)))
        return { first: (row[0]?.day ?? day) as DayNumber, schedules };
    }
    looked -= LONGEST_CHAIN_DAYS;
  }
  return null;
}

/** Screens whose cache cannot hold what the next 14 days need, where the draft makes them need more. */
export function* judgeStorage({ after, today }: Judged, kinds: readonly Kind[]): Steps<Finding[]> {
  const daysOf = daySets(after.holidays);
  const isSoon = memo((schedule: PlanSchedule) => isOpenSoon(daysOf(schedule), schedule, today));
  let needBytes = 0;
  let screens = 0;
  for (const kind of kinds) {
    yield;
    const need = bytesNeeded(kind.after, isSoon);
    const short = [...kind.byCache].filter(([cacheBytes]) => need > cacheBytes);
    if (short.length === 0 || need <= bytesNeeded(kind.before, isSoon)) continue;
    needBytes = Math.max(needBytes, need);
    screens += short.reduce((sum, [, count]) => sum + count, 0);
  }
  if (screens === 0) return [];
  const size = `${(needBytes / 1_000_000).toFixed(1)} MB`;
  return [
    {
      kind: 'storage',
      severity: 'warning',
      needBytes,
      screens,
      zh: `${screens} 块大屏的缓存放不下今后 ${OUTLOOK_DAYS} 天的素材（最多要 ${size}），断网时会有节目播不出`,
      en: `The caches of ${screens} screens cannot hold what the next ${OUTLOOK_DAYS} days need (up to ${size})`,
    },
  ];
}

function isOpenSoon(days: DaySet, schedule: PlanSchedule, today: LocalDay): boolean {
  const first = dayNumberOfLocalDay(today);
  // Yesterday's window may still be open.
  const crosses = schedule.windows.some((window) => spanOf(window).end > DAY_S);
  for (let day = crosses ? first - 1 : first; day < first + OUTLOOK_DAYS; day += 1)
    if (days.holds(day as DayNumber)) return true;
  return false;
}

function bytesNeeded(plan: Plan, isSoon: (schedule: PlanSchedule) => boolean): number {
  const assets = new Set<string>();
  for (const schedule of plan.schedules)
    if (isSoon(schedule))
      for (const { asset } of plan.playlists[schedule.playlist]?.items ?? []) assets.add(asset);
  let sum = 0;
  for (const sha256 of assets) {
    const asset = plan.assets[sha256];
    if (asset !== undefined) sum += bytesOf(asset);
  }
  return sum;
}

/**
 * Windows that lie in time that a higher tier reserves, where the draft puts the one or the other:
 * on the chosen day, else on the first of the days looked ahead on which they meet.
 */
export function* judgeReserved(judged: Judged, kinds: readonly Kind[]): Steps<Finding[]> {
  const { touched, after, day, regionName } = judged;
  const daysOf = daySets(after.holidays);
  const met = new Map<string, { readonly meeting: Meeting | null; screens: number; readonly kind: Kind }>();
  for (const kind of kinds) {
    yield;
    for (const reserve of kind.after.reserved)
      for (const schedule of kind.after.schedules) {
        if (!touched.schedules.has(schedule.id) && !touched.reserved.has(reserve.id)) continue;
        if (tierRank(tierOf(reserve.region)) >= tierRank(tierOf(schedule.region))) continue;
        const key = `${schedule.id} ${reserve.id}`;
        const known = met.get(key);
        if (known !== undefined) known.screens += kind.screens;
        else
          met.set(key, {
            meeting: meetingOf({ schedule, reserve, day, daysOf }),
            screens: kind.screens,
            kind,
          });
      }
  }
  return [...met.values()].flatMap(({ meeting, screens, kind }): Finding[] => {
    if (meeting === null) return [];
    const { schedule, reserve, lostS } = meeting;
    const name = named(schedule.id, { plan: kind.after, regionName });
    const date = localDayOf(meeting.day);
    return [
      {
        kind: 'reserved',
        severity: 'warning',
        schedule: schedule.id,
        by: reserve.id,
        lostS,
        screens,
        zh: `${name.zh}在 ${date} 有 ${spoken(lostS)}落在${regionName(reserve.region)}的保留时段 ${reserve.id} 里，那段时间不播`,
        en: `${name.en} has ${lostS} s of ${date} inside reserved window ${reserve.id} of ${regionName(reserve.region)} and is not on then`,
      },
    ];
  });
}

interface Meeting {
  readonly schedule: PlanSchedule;
  readonly reserve: ReservedWindow;
  readonly day: DayNumber;
  readonly lostS: number;
}

function meetingOf({
  schedule,
  reserve,
  day,
  daysOf,
}: {
  readonly schedule: PlanSchedule;
  readonly reserve: ReservedWindow;
  readonly day: LocalDay;
  readonly daysOf: (timed: PlanSchedule | ReservedWindow) => DaySet;
}): Meeting | null {
  const first = dayNumberOfLocalDay(day);
  for (let at = first; at < first + OUTLOOK_DAYS; at = (at + 1) as DayNumber) {
    const own = stretchesOn(schedule, daysOf(schedule), at);
    const held = stretchesOn(reserve, daysOf(reserve), at);
    const lostS = own
      .flatMap((window) => held.map((hole) => clip(window, hole)))
      .reduce((sum, part) => sum + (part === null ? 0 : part.end - part.start), 0);
    if (lostS > 0) return { schedule, reserve, day: at, lostS };
  }
  return null;
}

/** What windows have of a local day, those of the day before included. */
function stretchesOn({ windows }: PlanSchedule | ReservedWindow, days: DaySet, day: DayNumber) {
  const start = midnightOf(day);
  return [day - 1, day]
    .filter((one) => days.holds(one as DayNumber))
    .flatMap((one) => windows.map((window) => stretchOn(spanOf(window), one as DayNumber)))
    .flatMap((stretch) => clip(stretch, { start, end: start + DAY_S }) ?? []);
}

/** `1 小时 5 分`; seconds only below a minute. */
export function spoken(seconds: number): string {
  if (seconds < 60) return `${seconds} 秒`;
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.round((seconds % 3_600) / 60);
  if (hours === 0) return `${minutes} 分钟`;
  return minutes === 0 ? `${hours} 小时` : `${hours} 小时 ${minutes} 分`;
}

/** Day sets of schedules and reserved windows, each made once: plans share them as objects. */
function daySets(holidays: StatutoryDays): (timed: PlanSchedule | ReservedWindow) => DaySet {
  return memo((timed) => makeDaySet(timed, holidays));
}

function memo<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}
