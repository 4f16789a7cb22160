import fc from 'fast-check';
import type { Instant } from '../../../../shared/core/time.ts';
import { makePlan } from '../make-plan.ts';
import type { MadePlan } from '../make-plan.ts';
import { dayOf, rankOf } from './calendar.ts';
import { told } from './ledger.ts';
import { defineLaw, hold, holdSame } from './law.ts';
import { scheduleArb, scheduleOf } from './world.ts';
import { midnight } from './calendar.ts';

const DAY = '2026-11-22';
/** A few kinds of schedules, many of each: a thousand on one screen. */
export const crowdArb = fc
  .record({
    kinds: fc.array(scheduleArb({ grainS: 1, schedules: 0, denials: 0, overlapping: false }), {
      minLength: 3,
      maxLength: 12,
    }),
    count: fc.integer({ min: 900, max: 1_000 }),
  })
  .map(
    ({ kinds, count }): MadePlan => ({
      schedules: Array.from({ length: count }, (_, index) => {
        const kind = kinds[index % kinds.length];
        if (kind === undefined) throw new Error('no kind');
        return scheduleOf({ ...kind, weight: 1 + (index % 5) }, `s${String(index).padStart(4, '0')}`, DAY, 2);
      }),
    }),
  );

export const crowd = defineLaw({
  name: 'a thousand schedules on one screen',
  source:
    'the laws hold with a thousand schedules: no gap, one answer, a lower tier moves no higher mandatory',
  shortRuns: 3,
  arbitrary: crowdArb,
  check: (subject, made) => {
    const plan = makePlan(made);
    const from = midnight(DAY);
    const to = (from + 86_400) as Instant;
    const entries = subject.createResolver(plan).timeline(from, to);
    hold(
      (entries[0]?.start ?? Infinity) <= from && (entries.at(-1)?.end ?? 0) >= to,
      () => 'a gap at an end',
    );
    for (const [index, entry] of entries.entries()) {
      const next = entries[index + 1];
      hold(next === undefined || next.start === entry.end, () => `a gap after ${told(entry)}`);
      const isInside = entry.class === 'mandatory' || dayOf(entry.start) === dayOf(entry.end - 1);
      hold(isInside, () => `${told(entry)} runs over midnight`);
    }
    const lowest = Math.max(...plan.schedules.map(rankOf));
    const higher = { ...plan, schedules: plan.schedules.filter((one) => rankOf(one) < lowest).reverse() };
    const mandatory = (one: typeof plan) =>
      subject
        .createResolver(one)
        .timeline(from, to)
        .filter(
          ({ class: kind, region }) => kind === 'mandatory' && rankOf({ region: region ?? '' }) < lowest,
        )
        .map(({ start, end, schedule, item }) => ({ start, end, schedule, item }));
    holdSame(mandatory(higher), mandatory(plan), 'a lower tier moves a higher mandatory');
  },
});
