import fc from 'fast-check';
import type { Instant } from '../../../../shared/core/time.ts';
import type { Plan } from '../../../../shared/plan/plan.schema.ts';
import type { Denial, TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { assetOf, makePlan } from '../make-plan.ts';
import type { MadePlan } from '../make-plan.ts';
import { resolveStepByStep } from '../reference.ts';
import type { Walk } from '../reference.ts';
import { addDays, cleanDay, midnight } from './calendar.ts';
import { defineLaw, hold } from './law.ts';
import type { Subject } from './law.ts';
import { clock, planOf, scheduleArb, scheduleOf, worldArb } from './world.ts';

/** The fast resolver against the slow one, at every step of a walk. */
function holdAlike(
  subject: Subject,
  plan: Plan,
  { denials, walk }: { denials: readonly Denial[]; walk: Walk },
): void {
  const { from, to, stepS } = walk;
  const entries = subject.createResolver(plan, denials).timeline(from as Instant, to as Instant);
  const steps = resolveStepByStep(plan, denials, walk);
  let index = 0;
  for (const [step, expected] of steps.entries()) {
    const at = from + step * stepS;
    while (index < entries.length - 1 && (entries[index] as TimelineEntry).end <= at) index += 1;
    const entry = entries[index];
    // What was on before the walk began can only be the player's own filler.
    const start = Math.max(entry?.start ?? NaN, from);
    hold(
      entry?.schedule === expected.schedule && entry.item === expected.item && start === expected.start,
      () =>
        `at ${clock((at + 28_800) % 86_400)} ${entry?.schedule}/${entry?.item} since ${start - from} s, ` +
        `the reference has ${expected.schedule}/${expected.item} since ${expected.start - from} s`,
    );
  }
}

export const oracleByTheMinute = defineLaw({
  name: 'the oracle, by the minute',
  source: 'all of SCHEDULING.md: the fast resolver says what the slow reference says',
  shortRuns: 40,
  arbitrary: worldArb({ grainS: 60, denials: 4, overlapping: true, schedules: 6 }),
  check: (subject, world) => {
    const plan = planOf(subject, world);
    const from = midnight(cleanDay(plan, world.day));
    holdAlike(subject, plan, {
      denials: world.denials,
      walk: { from, to: midnight(addDays(world.day, 1)) + 4 * 3600, stepS: 60 },
    });
  },
});

/** Where the small worlds lie: ten minutes about a midnight, with nothing before them. */
const BEFORE_S = 300;
const smallArb = fc
  .record({
    day: fc.constantFrom('2026-11-22', '2026-12-31', '2026-10-10'),
    schedules: fc.array(
      fc.record({
        drawn: scheduleArb({ grainS: 1, schedules: 0, denials: 0, overlapping: false }),
        start: fc.integer({ min: 0, max: 500 }),
        length: fc.integer({ min: 1, max: 280 }),
        items: fc.array(fc.integer({ min: 1, max: 45 }), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    reserve: fc.option(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 90 }))),
    weights: fc.record({
      province: fc.integer({ min: 0, max: 4 }),
      city: fc.integer({ min: 1, max: 7 }),
      village: fc.integer({ min: 0, max: 3 }),
    }),
    denials: fc.array(
      fc.record({
        schedule: fc.integer({ min: 0, max: 5 }),
        item: fc.option(fc.integer({ min: 0, max: 2 })),
        from: fc.integer({ min: -BEFORE_S, max: 280 }),
        length: fc.option(fc.integer({ min: 1, max: 200 })),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ day, schedules, reserve, weights, denials }) => {
    // Seconds after 23:55, into the next day.
    const window = (start: number, length: number) => {
      const at = 86_400 - BEFORE_S + start;
      return `${clock(at)}-${clock(Math.min(at + length, 86_400 + BEFORE_S))}`;
    };
    const made: MadePlan = {
      schedules: schedules.map(({ drawn, start, length, items }, index) => ({
        ...scheduleOf(drawn, `s${index}`, day, 3),
        // On one day only, so that nothing of its local day lies before the walk.
        excludeDates: [addDays(day, start < BEFORE_S ? -1 : 0)],
        windows: [window(start, length)],
        items,
      })),
      reserved: reserve === null ? [] : [{ tier: 'city', windows: [window(...reserve)] }],
      weights,
      off: [addDays(day, 1)],
      work: [day],
    };
    const night = midnight(addDays(day, 1));
    const listed = denials.map(
      ({ schedule, item, from, length }): Denial => ({
        ...(item === null
          ? { kind: 'schedule', subject: `s${schedule}` }
          : { kind: 'asset', subject: assetOf(`s${schedule}`, item) }),
        from: (night + from) as Instant,
        to: length === null ? null : ((night + from + length) as Instant),
      }),
    );
    return { night, made, denials: listed };
  });

export const oracleBySecond = defineLaw({
  name: 'the oracle, by the second',
  source: 'all of SCHEDULING.md, ten minutes about a midnight at a time, to the second',
  shortRuns: 60,
  arbitrary: smallArb,
  check: (subject, { night, made, denials }) => {
    const plan = makePlan(made);
    const walk = { from: night - BEFORE_S - 1, to: night + BEFORE_S + 1, stepS: 1 };
    holdAlike(subject, plan, { denials, walk });
  },
});
