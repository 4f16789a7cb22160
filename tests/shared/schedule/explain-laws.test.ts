import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduleId } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { DAY_S, dayNumberOf, midnightOf } from '../../../shared/core/time.ts';
import { createExplainer, explain } from '../../../shared/schedule/explain.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { MadePlan } from './make-plan.ts';
import { FIRST_DAY, denialsArb, madePlanArb } from './worlds.ts';
import { instant, makePlan } from './make-plan.ts';

const START = instant(FIRST_DAY, '00:00');
const instantArb = fc.integer({ min: 0, max: 2 * DAY_S - 1 }).map((second) => (START + second) as Instant);
const without = (made: MadePlan, id: string): MadePlan => ({
  ...made,
  schedules: made.schedules.filter((one) => one.id !== id),
});
const RUNS = { numRuns: 300 };

describe('the laws of explanations', () => {
  it('say on-air of exactly what the timeline shows', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, instantArb, (made, denials, at) => {
        const plan = makePlan(made);
        const { entry, standings, since } = explain(plan, denials, at);
        expect(entry).toEqual(createResolver(plan, denials).at(at));
        expect(since).toBeLessThanOrEqual(entry.start);
        expect(standings.map((one) => one.schedule.id)).toEqual(plan.schedules.map((one) => one.id));
        const onAir = standings.filter((one) => one.standing.name === 'on-air');
        expect(onAir.map((one) => one.schedule.id)).toEqual(entry.schedule === null ? [] : [entry.schedule]);
      }),
      RUNS,
    );
  });

  it('never say of a mandatory that what is on is not cut for it, nor of anything that it waits under filler', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, instantArb, (made, denials, at) => {
        const { entry, standings } = explain(makePlan(made), denials, at);
        for (const { schedule, standing } of standings) {
          if (standing.name === 'not-cut' || standing.name === 'waiting') {
            expect(schedule.class).toBe('rotation');
            expect(entry.class).toBe('rotation');
          }
          if (standing.name === 'outranked' && entry.class === 'filler')
            expect(schedule.class).toBe('filler');
          if (standing.name === 'played-once') expect(schedule.once).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('say of what does not fit an item that would really run past the boundary named', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, instantArb, (made, denials, at) => {
        const plan = makePlan(made);
        const { entry, standings } = explain(plan, denials, at);
        for (const { schedule, standing } of standings) {
          if (standing.name !== 'does-not-fit') continue;
          expect(plan.playlists[schedule.playlist]?.items[standing.item]?.durationS).toBe(standing.durationS);
          expect(standing.boundary.at).toBeGreaterThan(entry.start);
          expect(at + standing.durationS).toBeGreaterThan(standing.boundary.at);
          const by = plan.schedules.find((one) => one.id === standing.by);
          if (standing.boundary.kind === 'hard-start') expect(by?.class).toBe('mandatory');
          if (standing.boundary.kind === 'reserved')
            expect(plan.reserved.map((one) => one.id)).toContain(standing.by);
        }
      }),
      RUNS,
    );
  });

  it('say denied no longer when the denial named is gone', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, instantArb, (made, denials, at) => {
        const plan = makePlan(made);
        for (const { schedule, standing } of explain(plan, denials, at).standings) {
          if (standing.name !== 'denied') continue;
          // Of one schedule: every denial that touches it goes, as each of them alone may deny it.
          let left = denials;
          let by: string | null = standing.by;
          for (let tries = 0; by !== null && tries <= denials.length; tries += 1) {
            const gone: string = by;
            left = left.filter((one) => (one.subject || 'stop-all') !== gone);
            const again = explain(plan, left, at).standings.find((one) => one.schedule.id === schedule.id);
            by = again?.standing.name === 'denied' ? again.standing.by : null;
          }
          expect(by).toBeNull();
        }
      }),
      RUNS,
    );
  });

  it('name what outranks a mandatory: without it, and without what then outranks it, the mandatory is not outranked', () => {
    fc.assert(
      fc.property(madePlanArb, instantArb, (made, at) => {
        for (const { schedule, standing } of explain(makePlan(made), [], at).standings) {
          if (standing.name !== 'outranked' || schedule.class !== 'mandatory') continue;
          let left = made;
          let now = standing.by;
          while (now !== null) {
            left = without(left, now);
            const again = explain(makePlan(left), [], at).standings.find(
              (one) => one.schedule.id === schedule.id,
            );
            expect(again?.standing.by).not.toBe(now);
            now = again?.standing.name === 'outranked' ? again.standing.by : null;
          }
        }
      }),
      RUNS,
    );
  });

  it('tile a day without gaps, and agree with the explanation of any instant in it', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, instantArb, (made, denials, at) => {
        const plan = makePlan(made);
        const explainer = createExplainer(plan, denials);
        const day = dayNumberOf(at);
        const ids = plan.schedules.map((one) => one.id);
        const days = explainer.day(day, ids);
        const entries = createResolver(plan, denials).timeline(
          midnightOf(day),
          (midnightOf(day) + DAY_S) as Instant,
        );
        for (const { schedule, standing } of explainer.at(at).standings) {
          const told = days.get(schedule.id);
          const stretches = told?.stretches ?? [];
          expect(stretches[0]?.from).toBe(midnightOf(day));
          expect(stretches.at(-1)?.to).toBe(midnightOf(day) + DAY_S);
          for (const [index, stretch] of stretches.entries()) {
            expect(stretch.to).toBeGreaterThan(stretch.from);
            if (index > 0) expect(stretch.from).toBe(stretches[index - 1]?.to);
          }
          const held = stretches.find((one) => one.from <= at && at < one.to);
          expect(held?.standing.name).toBe(standing.name);
          if (held?.standing.by !== null) expect(held?.standing.by).toBe(standing.by);
          const own = entries.filter((one) => one.schedule === schedule.id);
          const onAir = stretches.filter((one) => one.standing.name === 'on-air');
          expect(told?.airtimeS).toBe(onAir.reduce((sum, one) => sum + one.to - one.from, 0));
          expect(told?.plays).toBe(own.filter((one) => one.start >= midnightOf(day)).length);
        }
        expect(days.size).toBe(ids.length);
        expect(explainer.day(day, ['nobody' as ScheduleId]).size).toBe(0);
      }),
      RUNS,
    );
  });
});
