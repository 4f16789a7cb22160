import type { RegionCode, ScheduleId } from '../core/ids.ts';
import type { DayNumber } from '../core/time.ts';
import { TIERS, TIER_ZH, tierOf, tierRank } from '../region/tier.ts';
import { createExplainer } from '../schedule/explain.ts';
import { named } from '../schedule/explain-words.ts';
import type { DayAirtime } from './feasibility-airtime.ts';
import type { Feasibility, Finding } from './feasibility.api.ts';
import { OUTLOOK_DAYS, spoken } from './feasibility-findings.ts';
import type { Kind, Steps, Touched } from './feasibility-kinds.ts';
import type { Plan, PlanSchedule } from './plan.schema.ts';
import { windowLengths } from '../schedule/windows.ts';

type KindReport = Feasibility['kinds'][number];
type RegionName = (region: RegionCode) => string;

/** One kind's chosen day, before and after. */
export function kindReport(
  { place, screens, before, after }: Kind,
  days: { readonly before: DayAirtime; readonly after: DayAirtime },
  { touched, regionName }: { readonly touched: Touched; readonly regionName: RegionName },
): KindReport {
  const gone = before.schedules.filter(({ id }) => !after.schedules.some((one) => one.id === id));
  return {
    screens,
    region: place.region,
    regionName: regionName(place.region),
    classes: { ...days.after.classes },
    tiers: tierRows(after, days.after),
    schedules: [...after.schedules, ...gone].toSorted(byOrder).map((schedule) => ({
      schedule: schedule.id,
      name: schedule.name,
      class: schedule.class,
      region: schedule.region,
      regionName: regionName(schedule.region),
      tier: tierOf(schedule.region),
      beforeS: days.before.schedules.get(schedule.id)?.airtimeS ?? 0,
      afterS: days.after.schedules.get(schedule.id)?.airtimeS ?? 0,
      plays: days.after.schedules.get(schedule.id)?.plays ?? 0,
      drafted: touched.schedules.has(schedule.id) || gone.includes(schedule),
    })),
  };
}

/** The tiers' rotation of a day beside their targets, highest first. */
export function tierRows(plan: Plan, day: DayAirtime): KindReport['tiers'] {
  const weights = TIERS.map((tier) => plan.tierWeights[tier]);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return TIERS.map((tier, rank) => {
    const told = day.tiers[rank];
    return {
      tier,
      airtimeS: told?.airtimeS ?? 0,
      targetS: told?.targetS ?? 0,
      percent: all === 0 ? 0 : ((weights[rank] ?? 0) * 100) / all,
      empty: told?.empty ?? true,
    };
  });
}

const CLASS_ORDER = ['mandatory', 'rotation', 'filler'];

function byOrder(a: PlanSchedule, b: PlanSchedule): number {
  return (
    CLASS_ORDER.indexOf(a.class) - CLASS_ORDER.indexOf(b.class) ||
    tierRank(tierOf(a.region)) - tierRank(tierOf(b.region)) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Seconds that a mandatory loses on a day, by what it loses them to. */
export type Losses = ReadonlyMap<string, Loss>;
export interface Loss {
  readonly schedule: ScheduleId;
  readonly by: ScheduleId;
  readonly lostS: number;
}

/**
 * What mandatories lose to mandatories that outrank them on a day: time in which another is on, and
 * time in which an item no longer fits before another's start.
 */
export function lossesOn(plan: Plan, day: DayNumber): Losses {
  const mandatory = plan.schedules.filter((one) => one.class === 'mandatory').map(({ id }) => id);
  if (mandatory.length < 2) return new Map();
  const losses = new Map<string, Loss>();
  for (const [schedule, { stretches }] of createExplainer(plan).day(day, mandatory))
    for (const { from, to, standing } of stretches) {
      const isLost =
        standing.name === 'outranked' ||
        (standing.name === 'does-not-fit' && standing.boundary.kind === 'hard-start');
      if (!isLost || standing.by === null) continue;
      const by = standing.by as ScheduleId;
      const key = `${schedule} ${by}`;
      losses.set(key, { schedule, by, lostS: (losses.get(key)?.lostS ?? 0) + to - from });
    }
  return losses;
}

/** Losses that the change brings or makes larger. */
export function newLosses(
  losses: { readonly before: Losses; readonly after: Losses },
  { after: plan, screens }: Kind,
  regionName: RegionName,
): Finding[] {
  return [...losses.after]
    .filter(([key, { lostS }]) => lostS > (losses.before.get(key)?.lostS ?? 0))
    .map(([, { schedule, by, lostS }]): Finding => {
      const loser = named(schedule, { plan, regionName });
      const winner = named(by, { plan, regionName });
      return {
        kind: 'displaced',
        severity: 'warning',
        schedule,
        by,
        lostS,
        screens,
        zh: `${loser.zh}这一天有 ${spoken(lostS)}让给${winner.zh}`,
        en: `${loser.en} loses ${lostS} s of the day to ${winner.en}`,
      };
    });
}

/**
 * What of a plan is open within 14 days and never on (SCHEDULING.md rule 9): schedules and tiers with
 * no airtime, and items of the draft's schedules that fit their window.
 */
export function* neverOn(
  { after: plan, screens }: Kind,
  {
    airtime,
    first,
    touched,
    regionName,
  }: {
    readonly airtime: (day: DayNumber) => DayAirtime;
    readonly first: DayNumber;
    readonly touched: Touched;
    readonly regionName: RegionName;
  },
): Steps<Finding[]> {
  const open = new Set<ScheduleId>();
  const shown = new Map<ScheduleId, Set<number>>();
  for (let day = first; day < first + OUTLOOK_DAYS; day = (day + 1) as DayNumber) {
    yield;
    const told = airtime(day);
    for (const id of told.open) open.add(id);
    for (const [id, { items }] of told.schedules)
      shown.set(id, new Set([...(shown.get(id) ?? []), ...items]));
  }
  const findings: Finding[] = [];
  for (const schedule of plan.schedules) {
    // Filler that never shows is filler that was never needed.
    if (schedule.class === 'filler' || !open.has(schedule.id)) continue;
    const items = shown.get(schedule.id);
    const isTouched = touched.schedules.has(schedule.id);
    const name = named(schedule.id, { plan, regionName });
    if (items === undefined)
      findings.push({
        kind: 'no-airtime',
        severity: isTouched ? 'warning' : 'info',
        subject: schedule.id,
        screens,
        zh: `${name.zh}今后 ${OUTLOOK_DAYS} 天有时段，却一秒也播不上`,
        en: `${name.en} has open windows within ${OUTLOOK_DAYS} days and gets no airtime`,
      });
    else if (isTouched) findings.push(...itemsNeverOn(schedule, items, { plan, screens, name }));
  }
  for (const tier of TIERS) {
    const own = plan.schedules.filter(
      (one) => one.class === 'rotation' && tierOf(one.region) === tier && open.has(one.id),
    );
    if (own.length === 0 || own.some(({ id }) => shown.has(id))) continue;
    findings.push({
      kind: 'no-airtime',
      severity: 'warning',
      subject: tier,
      screens,
      zh: `${TIER_ZH[tier]}级轮播今后 ${OUTLOOK_DAYS} 天一秒也播不上${plan.tierWeights[tier] === 0 ? '：它的配额是 0' : ''}`,
      en: `Rotation of tier ${tier} gets no airtime within ${OUTLOOK_DAYS} days${plan.tierWeights[tier] === 0 ? ': its quota is 0' : ''}`,
    });
  }
  return findings;
}

/** One finding for a playlist's items that are never on, naming them all. */
function itemsNeverOn(
  schedule: PlanSchedule,
  shown: ReadonlySet<number>,
  {
    plan,
    screens,
    name,
  }: { readonly plan: Plan; readonly screens: number; readonly name: { zh: string; en: string } },
): Finding[] {
  const items = plan.playlists[schedule.playlist]?.items ?? [];
  const longest = Math.max(...windowLengths(schedule));
  const never = items.flatMap(({ durationS }, item) =>
    durationS <= longest && !shown.has(item) ? [item] : [],
  );
  const [first] = never;
  if (first === undefined) return [];
  const numbers = never.slice(0, 10).map((item) => item + 1);
  const more = never.length > numbers.length ? ` 等 ${never.length} 项` : ' 项';
  return [
    {
      kind: 'item-never-on',
      severity: 'warning',
      schedule: schedule.id,
      item: first,
      screens,
      zh: `${name.zh}的第 ${numbers.join('、')}${more}放得下，但今后 ${OUTLOOK_DAYS} 天都轮不到`,
      en: `Items ${numbers.join(', ')}${never.length > numbers.length ? ` and ${never.length - numbers.length} more` : ''} of ${name.en} fit, and are never on within ${OUTLOOK_DAYS} days`,
    },
  ];
}
