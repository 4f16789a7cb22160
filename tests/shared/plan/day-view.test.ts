import { describe, expect, it } from 'vitest';
import { DAY_S, dayNumberOfLocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';
import type { Instant, LocalDay } from '../../../shared/core/time.ts';
import { planDay } from '../../../shared/plan/day-view.ts';
import type { PlanDay } from '../../../shared/plan/day-view.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import { makePlan } from '../schedule/make-plan.ts';
import type { MadePlan } from '../schedule/make-plan.ts';

const DAY = '2026-11-23' as LocalDay;
const midnight = midnightOfLocalDay(DAY);
const at = (clock: string) => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return midnight + hours * 3600 + minutes * 60;
};

function dayOf(made: MadePlan, denials: readonly Denial[] = []): PlanDay {
  const options = { day: dayNumberOfLocalDay(DAY), regionName: (code: string) => `区划${code}` };
  return planDay(makePlan(made), denials, options);
}

const crowded: MadePlan = {
  schedules: [
    { id: 'news', class: 'mandatory', tier: 'province', items: [600], windows: ['12:00-12:30'] },
    { id: 'talk', class: 'mandatory', tier: 'county', items: [600], windows: ['12:00-13:00'] },
    { id: 'county', tier: 'county', items: [60], windows: ['06:00-22:00'] },
    { id: 'village', tier: 'village', items: [45], windows: ['08:00-20:00'] },
    { id: 'later', tier: 'village', items: [45], windows: ['08:00-20:00'], from: '2026-12-01' },
  ],
  reserved: [{ tier: 'province', windows: ['23:00-01:00'] }],
};

describe('a day of a plan', () => {
  it('has a lane for whoever wants time that day, highest tier first', () => {
    expect(dayOf(crowded).lanes.map(({ schedule, tier }) => `${tier} ${schedule}`)).toEqual([
      'province news',
      'county talk',
      'county county',
      'village village',
    ]);
  });

  it('tells what a displaced mandatory lost, to whom, and what it got', () => {
    const talk = dayOf(crowded).lanes.find(({ schedule }) => schedule === 'talk');
    expect(talk?.pieces).toEqual([
      { from: at('12:00'), to: at('12:30'), standing: 'outranked', by: 'news' },
      { from: at('12:30'), to: at('13:00'), standing: 'on-air', by: null },
    ]);
    expect(talk).toMatchObject({ airtimeS: 1800, plays: 3 });
  });

  it('has reserved time of the night before and of the night to come', () => {
    const { reserved } = dayOf(crowded);
    expect(reserved.map(({ from, to }) => [from, to])).toEqual([
      [at('00:00'), at('01:00')],
      [at('23:00'), at('24:00')],
    ]);
    expect(reserved[0]).toMatchObject({ id: 'reserve-0', tier: 'province', regionName: '区划41' });
  });

  it('gives each lane the airtime that the timeline gives it', () => {
    const { lanes } = dayOf(crowded);
    const entries = createResolver(makePlan(crowded)).timeline(midnight, (midnight + DAY_S) as Instant);
    for (const { schedule, airtimeS } of lanes) {
      const own = entries.filter((entry) => entry.schedule === schedule);
      expect(
        own.reduce((sum, { start, end }) => sum + end - start, 0),
        schedule,
      ).toBe(airtimeS);
    }
  });

  it('shares the rotation as rule 21 asks, and leaves a denied tier no target', () => {
    const tiersOf = (denials: readonly Denial[]) =>
      dayOf({ schedules: crowded.schedules.slice(2, 4), weights: { county: 1, village: 1 } }, denials).tiers;
    const [county, village] = [tiersOf([])[2], tiersOf([])[4]];
    // Alone from 06:00 to 08:00 and from 20:00 to 22:00, halves in between.
    expect(county?.targetS).toBeCloseTo(10 * 3600, -2);
    expect(village?.targetS).toBeCloseTo(6 * 3600, -2);
    const denial = { kind: 'schedule', subject: 'village', from: midnight, to: null } as const;
    expect(tiersOf([denial])[4]).toMatchObject({ airtimeS: 0, targetS: 0 });
    expect(tiersOf([denial])[2]?.airtimeS).toBe(16 * 3600);
  });
});
