import type { ScheduleId } from '../core/ids.ts';
import type { DayNumber, Instant } from '../core/time.ts';
import { DAY_S, midnightOf } from '../core/time.ts';
import type { Plan, PlanSchedule } from '../plan/plan.schema.ts';
import type { Rule } from './compile.ts';
import { compile } from './compile.ts';
import { outerEdges, standingAt } from './explain-standing.ts';
import type { Explained, Moment, NamedDenial, Standing } from './explain-standing.ts';
import type { Step } from './resolve-segment.ts';
import { walkSegment } from './resolve-segment.ts';
import type { Epoch, Scene } from './segment.ts';
import { layOut, segmentAt } from './segment.ts';
import type { TimelineEntry } from './timeline.ts';
import { splitAt } from './windows.ts';

/** What is on at an instant, and how every schedule of the plan stands. */
export interface Explanation {
  readonly entry: TimelineEntry;
  /** Since when its schedule is on without another between. */
  readonly since: Instant;
  /** Every schedule of the plan, by id. */
  readonly standings: readonly ScheduleStanding[];
}

export interface ScheduleStanding {
  readonly schedule: PlanSchedule;
  readonly standing: Standing;
}

/** A stretch of a day in which a schedule stands as it does. */
export interface StandingStretch {
  readonly from: Instant;
  readonly to: Instant;
  readonly standing: Standing;
}

/** A schedule's day: stretches without gaps, the seconds it is on, and how often it begins. */
export interface ScheduleDay {
  readonly stretches: readonly StandingStretch[];
  readonly airtimeS: number;
  readonly plays: number;
}

/** Answers why something is on and why something is not (DESIGN.md section 4, explain). */
export interface Explainer {
  at(instant: Instant): Explanation;
  /** A local day of the schedules named, in one walk. Those that the plan does not hold are left out. */
  day(day: DayNumber, schedules: readonly ScheduleId[]): ReadonlyMap<ScheduleId, ScheduleDay>;
}

/**
 * Prepares to explain a plan under the denials that concern a screen. It walks the resolver's own
 * decisions, so that what it says is why they were made.
 * @throws AppError PLAN_RULES_UNKNOWN when the plan names rules that this program does not resolve.
 */
export function createExplainer(plan: Plan, denials: readonly NamedDenial[] = []): Explainer {
  const program = compile(plan);
  const rules = new Map(
    [...program.mandatory, ...program.rotation, ...program.filler].map((one) => [one.id, one]),
  );
  let known: Scene | null = null;
  const explainedAt = (instant: Instant): Explained => {
    if (known === null || instant < known.segment.start || known.segment.end <= instant)
      known = layOut(program, denials, segmentAt(program, instant));
    return { plan, denials, program, scene: known };
  };
  return {
    at(instant) {
      return explainInstant(explainedAt(instant), rules, instant);
    },
    day(day, schedules) {
      const asked = schedules.flatMap((id) => rules.get(id) ?? []);
      return explainDay(explainedAt(midnightOf(day)), asked, day);
    },
  };
}

/** {@link Explainer.at} for whoever asks once. */
export function explain(plan: Plan, denials: readonly NamedDenial[], instant: Instant): Explanation {
  return createExplainer(plan, denials).at(instant);
}

function explainInstant(
  explained: Explained,
  rules: ReadonlyMap<ScheduleId, Rule>,
  at: Instant,
): Explanation {
  const { scene, program, plan } = explained;
  let answer: Explanation | null = null;
  let since: Instant | null = null;
  let before: ScheduleId | null = null;
  walkSegment(program, scene, (step) => {
    const { entry } = step;
    if (since === null || entry.schedule !== before) since = entry.start;
    before = entry.schedule;
    if (entry.end <= at) return true;
    const index = scene.epochs.findIndex((epoch) => epoch.start <= at && at < epoch.end);
    const moment = momentOf(scene, step, { at, index });
    answer = {
      entry,
      since,
      standings: plan.schedules.map((schedule) => ({
        schedule,
        standing: standingAt(explained, rules.get(schedule.id) as Rule, moment),
      })),
    };
    return false;
  });
  if (answer === null) throw new RangeError('the segment does not hold the instant');
  return answer;
}

/** @param index number of the epoch that holds the instant */
function momentOf(
  { epochs }: Scene,
  step: Step,
  { at, index }: { readonly at: Instant; readonly index: number },
): Moment {
  let asked = index;
  while (asked > step.index && (epochs[asked] as Epoch).opens === false) asked -= 1;
  const epoch = epochs[asked] as Epoch;
  return {
    at,
    step,
    epoch: epochs[index] as Epoch,
    asked: { epoch, at: Math.max(epoch.start, step.entry.start) },
  };
}

function explainDay(
  explained: Explained,
  rules: readonly Rule[],
  day: DayNumber,
): ReadonlyMap<ScheduleId, ScheduleDay> {
  const { program, scene } = explained;
  const from = midnightOf(day);
  const to = from + DAY_S;
  const days = new Map(
    rules.map((rule) => {
      const edges = outerEdges(explained, rule, from);
      return [rule, { stretches: [] as StandingStretch[], airtimeS: 0, plays: 0, edges }];
    }),
  );
  walkSegment(program, scene, (step) => {
    const { entry } = step;
    if (entry.end <= from) return true;
    if (entry.start >= to) return false;
    for (const [rule, told] of days) {
      if (entry.schedule !== rule.id) continue;
      told.airtimeS += Math.min(entry.end, to) - Math.max(entry.start, from);
      if (entry.start >= from) told.plays += 1;
    }
    for (let index = step.index; index < scene.epochs.length; index += 1) {
      const epoch = scene.epochs[index] as Epoch;
      const start = Math.max(entry.start, epoch.start, from) as Instant;
      const end = Math.min(entry.end, epoch.end, to) as Instant;
      if (epoch.start >= Math.min(entry.end, to)) break;
      if (start >= end) continue;
      for (const [rule, { stretches, edges }] of days)
        for (const part of splitAt({ start, end }, edges)) {
          const moment = momentOf(scene, step, { at: part.start as Instant, index });
          append(stretches, {
            from: part.start as Instant,
            to: part.end as Instant,
            standing: standingAt(explained, rule, moment),
          });
        }
    }
    return true;
  });
  return new Map(
    [...days].map(([rule, { stretches, airtimeS, plays }]) => [rule.id, { stretches, airtimeS, plays }]),
  );
}

/** Adds a stretch, or lengthens the last one where nothing changes but whose turn it is meanwhile. */
function append(stretches: StandingStretch[], next: StandingStretch): void {
  const last = stretches.at(-1);
  if (last === undefined || last.standing.name !== next.standing.name) {
    stretches.push(next);
    return;
  }
  const isSame = last.standing.by === next.standing.by;
  if (isSame) stretches[stretches.length - 1] = { ...last, to: next.to };
  else if (next.standing.name === 'waiting')
    stretches[stretches.length - 1] = { ...last, to: next.to, standing: { name: 'waiting', by: null } };
  else stretches.push(next);
}
