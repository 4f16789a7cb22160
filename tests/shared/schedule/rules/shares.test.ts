import { describe, expect, it } from 'vitest';
import { dayNumberOfLocalDay } from '../../../../shared/core/time.ts';
import type { LocalDay } from '../../../../shared/core/time.ts';
import { airtimeOf } from '../../../../shared/plan/feasibility-airtime.ts';
import { makePlan } from '../make-plan.ts';
import type { MadePlan } from '../make-plan.ts';
import { DAY, M, minutesOf, order, shown } from './day.ts';

describe('shares', () => {
  it('rule 6: counts from the first day of validity, past days and excluded dates minded', () => {
    const made = (from: string, excludeDates: string[] = []): MadePlan => ({
      schedules: [{ id: 'a', items: [M, M, M, M, M], windows: ['08:00-08:01'], from, excludeDates }],
    });
    expect(order(made('2026-11-23'), ['08:00', '08:01'])).toEqual(['a/0']);
    expect(order(made('2026-11-21'), ['08:00', '08:01'])).toEqual(['a/2']);
    expect(order(made('2026-11-21', ['2026-11-22']), ['08:00', '08:01'])).toEqual(['a/1']);
    expect(order(made('2026-11-21', ['2026-11-30']), ['08:00', '08:01'])).toEqual(['a/2']);
  });

  it('rule 6: reaches every item only of what is on in each of its windows; else some may never be on', () => {
    const items = (made: MadePlan) => {
      const days = Array.from({ length: 12 }, (_, index) => `2026-11-${String(index + 10)}`);
      return new Set(days.flatMap((day) => order(made, ['08:00', '08:01'], { day })));
    };
    const alone = { id: 'a', items: [M, M], windows: ['08:00-08:01'] };
    expect(items({ schedules: [alone] })).toEqual(new Set(['a/0', 'a/1']));
    // The turn and the playlist both have period two: each is on every other day, always with one item.
    const both = items({ schedules: [alone, { ...alone, id: 'b' }] });
    expect(both.size).toBe(2);
  });

  it('rule 7: an item that does not fit keeps its place, the next schedule is tried', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'b', items: [2 * M, 6 * M], windows: ['08:00-09:00'], from: DAY },
        { id: 'a', items: [M], windows: ['08:00-08:07'] },
        { id: 'news', class: 'mandatory', items: [M], windows: ['08:07-08:08'] },
      ],
    };
    expect(shown(made, ['08:00', '08:15'])).toEqual([
      '08:00:00-08:01:00 a/0',
      '08:01:00-08:03:00 b/0',
      '08:03:00-08:04:00 a/0',
      '08:04:00-08:05:00 a/0',
      '08:05:00-08:06:00 a/0',
      '08:06:00-08:07:00 a/0',
      '08:07:00-08:08:00 news/0',
      '08:08:00-08:14:00 b/1',
      '08:14:00-08:16:00 b/0',
    ]);
  });

  it('rule 7: tags outlive an hour of mandatory and an idle hour, and end with the day', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'a', items: [10 * M], windows: ['08:00-08:10', '10:00-10:20'] },
        { id: 'b', items: [10 * M], windows: ['10:00-10:20', '22:00-22:10'] },
        { id: 'news', class: 'mandatory', items: [20 * M], windows: ['08:10-09:00'] },
      ],
    };
    // The turn of this day is `a` before `b`: were the tags gone, `a` would begin at ten.
    const together = ['a', 'b'].map((id) => ({ id, items: [10 * M], windows: ['10:00-10:20'] }));
    expect(order({ schedules: together }, ['10:00', '10:20'])).toEqual(['a/0', 'b/0']);
    expect(order(made, ['10:00', '10:20'])).toEqual(['b/0', 'a/0']);
  });

  it('rule 7: a tier none of whose candidates fits is passed over whole', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'p1', tier: 'province', items: [9 * M], windows: ['08:00-08:20'] },
        { id: 'p2', tier: 'province', items: [8 * M], windows: ['08:00-08:20'] },
        { id: 'v', tier: 'village', items: [M], windows: ['08:00-08:20'] },
        { id: 'news', class: 'mandatory', items: [M], windows: ['08:03-08:04'] },
      ],
      weights: { province: 9, village: 1 },
    };
    expect(order(made, ['08:00', '08:12']).slice(0, 5)).toEqual(['v/0', 'v/0', 'v/0', 'news/0', 'p1/0']);
  });

  it('rule 9: between tiers a tie goes to the higher, every day', () => {
    const made: MadePlan = {
      schedules: (['village', 'township', 'county', 'city', 'province'] as const).map((tier) => ({
        id: tier,
        tier,
        items: [M],
        windows: ['08:00-08:05'],
      })),
      weights: { province: 1, city: 1, county: 1, township: 1, village: 1 },
    };
    const all = ['province/0', 'city/0', 'county/0', 'township/0', 'village/0'];
    for (const day of ['2026-11-23', '2026-11-24', '2026-11-25'])
      expect(order(made, ['08:00', '08:05'], { day })).toEqual(all);
  });

  it('rule 10: a tier with nothing to show yields pro rata to those present', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'p', tier: 'province', items: [M] },
        { id: 'v', tier: 'village', items: [M] },
        { id: 'c', tier: 'city', items: [] },
      ],
      weights: { province: 3, city: 5, village: 1 },
    };
    expect([minutesOf(made, 'p'), minutesOf(made, 'v')]).toEqual([1080, 360]);
  });

  it('rule 21: the converted target is the rotation time shared among the tiers that have a candidate then', () => {
    const plan = makePlan({
      schedules: [
        { id: 'p', tier: 'province', items: [M], windows: ['08:00-12:00'] },
        { id: 'v', tier: 'village', items: [M], windows: ['10:00-14:00'] },
        { id: 'news', class: 'mandatory', items: [60 * M], windows: ['11:00-12:00'] },
      ],
      weights: { province: 3, city: 4, village: 1 },
    });
    const { tiers } = airtimeOf(plan)(dayNumberOfLocalDay(DAY as LocalDay));
    // Two hours alone and three quarters of one; a quarter of one and two hours alone; news is no rotation.
    expect(tiers.map(({ targetS }) => targetS / 3600)).toEqual([2.75, 0, 0, 0, 2.25]);
    expect(tiers.map(({ airtimeS }) => airtimeS / 3600)).toEqual([2.75, 0, 0, 0, 2.25]);
  });
});
