import type { RegionCode, ScheduleId, Sha256 } from '../core/ids.ts';
import type { DayNumber } from '../core/time.ts';
import { DAY_S } from '../core/time.ts';
import { AppError } from '../core/errors.ts';
import type { Plan } from '../plan/plan.schema.ts';
import { RULES_VERSION } from '../plan/plan.schema.ts';
import { TIERS, tierOf, tierRank } from '../region/tier.ts';
import type { DaySet } from './day-set.ts';
import { makeDaySet } from './day-set.ts';
import type { FairQueueMaker } from './fair-queue.ts';
import { fairQueues } from './fair-queue.ts';
import type { ScheduleClass } from './schedule.schema.ts';
import type { Stretch } from './windows.ts';
import { spanOf } from './windows.ts';

/** A schedule of a plan, ready for resolving. */
export interface Rule {
  readonly id: ScheduleId;
  readonly class: ScheduleClass;
  readonly region: RegionCode;
  /** 0 for province … 4 for village. */
  readonly rank: number;
  readonly priority: number;
  readonly once: boolean;
  readonly items: readonly { readonly asset: Sha256; readonly durationS: number }[];
  readonly days: DaySet;
  readonly spans: readonly Stretch[];
  /** Its number among all schedules of its class in the plan. */
  readonly index: number;
  /** Rotation: its number among its tier's rotation schedules, by id; it is its flow in the fair queue. */
  readonly flow: number;
}

/** Time that a tier keeps from the tiers below it. */
export interface Reserve {
  readonly rank: number;
  readonly days: DaySet;
  readonly spans: readonly Stretch[];
}

/** A plan, ready for resolving. */
export interface Program {
  readonly mandatory: readonly Rule[];
  readonly rotation: readonly Rule[];
  readonly filler: readonly Rule[];
  readonly reserves: readonly Reserve[];
  /** Makes the two levels of one day's fair queue: between the tiers, and inside each. */
  readonly tierQueue: FairQueueMaker;
  readonly scheduleQueues: readonly FairQueueMaker[];
  /** Flow of a tier in `tierQueue`; -1 for a tier whose weight is 0, which is never a candidate. */
  readonly tierFlows: readonly number[];
  /** How many rotation schedules each tier has in the plan. */
  readonly flowCounts: readonly number[];
}

/**
 * Compiles a plan.
 * @throws AppError PLAN_RULES_UNKNOWN when the plan names rules that this program does not resolve.
 */
export function compile(plan: Plan): Program {
  if (plan.rulesVersion !== RULES_VERSION)
    throw new AppError('PLAN_RULES_UNKNOWN', { version: plan.rulesVersion });
  const sorted = plan.schedules.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const flowCounts = TIERS.map(() => 0);
  const counts = { mandatory: 0, rotation: 0, filler: 0 };
  const weights: number[][] = TIERS.map(() => []);
  const rules = sorted.map((schedule): Rule => {
    const rank = tierRank(tierOf(schedule.region));
    let flow = -1;
    if (schedule.class === 'rotation') {
      flow = flowCounts[rank] as number;
      flowCounts[rank] = flow + 1;
      weights[rank]?.push(schedule.weight);
    }
    const index = counts[schedule.class];
    counts[schedule.class] += 1;
    return {
      id: schedule.id,
      class: schedule.class,
      region: schedule.region,
      rank,
      priority: schedule.priority,
      once: schedule.once,
      items: plan.playlists[schedule.playlist]?.items ?? [],
      days: makeDaySet(schedule, plan.holidays),
      spans: schedule.windows.map(spanOf),
      index,
      flow,
    };
  });
  const tierWeights = TIERS.map((tier) => plan.tierWeights[tier]);
  const present = tierWeights.filter((weight) => weight > 0);
  let nextFlow = 0;
  return {
    mandatory: rules.filter((rule) => rule.class === 'mandatory'),
    rotation: rules.filter((rule) => rule.class === 'rotation'),
    filler: rules.filter((rule) => rule.class === 'filler'),
    reserves: plan.reserved.map((reserve) => ({
      rank: tierRank(tierOf(reserve.region)),
      days: makeDaySet(reserve, plan.holidays),
      spans: reserve.windows.map(spanOf),
    })),
    tierQueue: fairQueues(present),
    scheduleQueues: weights.map(fairQueues),
    tierFlows: tierWeights.map((weight) => (weight > 0 ? nextFlow++ : -1)),
    flowCounts,
  };
}

/** Whether a mandatory window of the day before, of a playlist with items, runs past this day's 00:00. */
export function isCrossed(program: Program, day: DayNumber): boolean {
  return program.mandatory.some(
    (rule) =>
      rule.items.length > 0 &&
      rule.spans.some((span) => span.end > DAY_S) &&
      rule.days.holds((day - 1) as DayNumber),
  );
}

/** Where a rotation or filler playlist starts on a local day (SCHEDULING.md rule 6). */
export function startItem(rule: Rule, day: DayNumber): number {
  return rule.items.length === 0 ? 0 : (rule.days.countBefore(day) * rule.spans.length) % rule.items.length;
}
