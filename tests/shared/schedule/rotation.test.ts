import { describe, expect, it } from 'vitest';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { DAY_S } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { fairQueues } from '../../../shared/schedule/fair-queue.ts';
import { tierWeights } from '../../../shared/schedule/quota.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { QuotaPolicy } from '../../../shared/schedule/schedule.schema.ts';
import { instant, makePlan, told } from './make-plan.ts';
import type { MadePlan } from './make-plan.ts';

const DAY = '2026-11-23';
const M = 60;
function shown(made: MadePlan, from: string, to: string, day = DAY): string[] {
  const entries = createResolver(makePlan(made)).timeline(instant(day, from), instant(day, to));
  return told(entries).filter((line) => !line.endsWith(' -'));
}
/** Airtime by schedule over a day, in minutes. */
function airtime(made: MadePlan, day = DAY): Record<string, number> {
  const from = instant(day, '00:00');
  const sums: Record<string, number> = {};
  for (const entry of createResolver(makePlan(made)).timeline(from, (from + DAY_S) as Instant))
    sums[entry.schedule ?? '-'] = (sums[entry.schedule ?? '-'] ?? 0) + (entry.end - entry.start) / M;
  return sums;
}

describe('rotation', () => {
  it('shares the day between tiers by weight, whatever the items last', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'p', tier: 'province', items: [M] },
        { id: 'c', tier: 'city', items: [5 * M] },
        { id: 'v', tier: 'village', items: [2 * M, 3 * M] },
      ],
      weights: { province: 5, city: 2, village: 3 },
    };
    const { p = 0, c = 0, v = 0 } = airtime(made);
    expect(p + c + v).toBe(1440);
    // |A_f/w_f - A_g/w_g| <= L_f/w_f + L_g/w_g, in minutes.
    expect(Math.abs(p / 5 - c / 2)).toBeLessThanOrEqual(1 / 5 + 5 / 2);
    expect(Math.abs(p / 5 - v / 3)).toBeLessThanOrEqual(1 / 5 + 3 / 3);
    expect(Math.abs(c / 2 - v / 3)).toBeLessThanOrEqual(5 / 2 + 3 / 3);
  });

  it('shares a tier between its schedules by weight', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'a', items: [M], weight: 3 },
        { id: 'b', items: [M] },
      ],
    };
    expect(airtime(made)).toEqual({ a: 1080, b: 360 });
  });

  it('rule 6: starts each day at the item its window starts have reached', () => {
    const made = (days: MadePlan['schedules'][number]['days']): MadePlan => ({
      schedules: [
        {
          id: 'a',
          items: [M, M, M],
          windows: ['08:00-08:01', '20:00-20:01'],
          from: '2026-11-20',
          ...(days === undefined ? {} : { days }),
        },
      ],
    });
    // Friday the 20th to Sunday the 22nd: three days of two windows, so item 6 mod 3; Sunday alone: 2.
    expect(shown(made('every'), '08:00', '08:01')).toEqual(['08:00:00-08:01:00 a/0']);
    expect(shown(made('every'), '08:00', '08:01', '2026-11-24')).toEqual(['08:00:00-08:01:00 a/2']);
    expect(shown(made({ weekdays: [7, 1] }), '08:00', '08:01')).toEqual(['08:00:00-08:01:00 a/2']);
  });

  it('rule 7: what is passed over keeps its item and loses its credit', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'long', tier: 'county', items: [10 * M], windows: ['00:00-01:00'] },
        { id: 'short', tier: 'village', items: [M], windows: ['00:00-01:00'] },
        { id: 'hard', class: 'mandatory', tier: 'province', items: [M], windows: ['00:05-00:06'] },
      ],
      weights: { county: 1, village: 1 },
    };
    const order = shown(made, '00:00', '00:35').map((line) => line.split(' ')[1]);
    const shorts = (count: number) => Array.from({ length: count }, () => 'short/0');
    // `long` does not fit before 00:05; then its tag is V = 4 and not 0, so that it is on for ten
    // minutes, not for fifteen, before `short` (tag 5) has its nine.
    expect(order).toEqual([...shorts(5), 'hard/0', 'long/0', ...shorts(9), 'long/0']);
  });

  it('rule 9: ties inside a tier turn from day to day, so that a short shared window starves none', () => {
    const made: MadePlan = {
      schedules: ['a', 'b', 'c'].map((id) => ({ id, items: [M], windows: ['08:00-08:01'] })),
    };
    const days = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26'];
    expect(days.map((day) => shown(made, '08:00', '08:01', day)[0])).toEqual([
      '08:00:00-08:01:00 b/0',
      '08:00:00-08:01:00 a/0',
      '08:00:00-08:01:00 c/0',
      '08:00:00-08:01:00 b/0',
    ]);
  });

  it('rule 10: a tier at 0 never shows; with nothing to show a tier yields pro rata', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'p', tier: 'province', items: [M] },
        { id: 'c', tier: 'county', items: [M] },
        { id: 'v', tier: 'village', items: [M] },
      ],
      weights: { province: 4, county: 2, village: 0 },
    };
    expect(airtime(made)).toEqual({ p: 960, c: 480 });
  });

  it('rule 11: a window over midnight is two stretches', () => {
    const made: MadePlan = {
      schedules: [{ id: 'a', items: [20 * M, 40 * M], windows: ['23:30-00:30'], from: '2026-11-22' }],
    };
    // On the 23rd it begins at item 1, of 40 minutes, which fits neither half hour.
    expect(shown(made, '23:00', '24:00')).toEqual([]);
    expect(shown(made, '00:00', '00:30')).toEqual([]);
    expect(shown(made, '00:00', '00:30', '2026-11-24')).toEqual(['00:00:00-00:20:00 a/0']);
  });

  it('rule 18: equal start and end mean a day; days are asked of the day a window starts on', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'a', items: [60 * M], windows: ['12:00-12:00'], from: '2026-11-23', to: '2026-11-23' },
      ],
    };
    expect(airtime(made)['a']).toBe(720);
    expect(airtime(made, '2026-11-24')['a']).toBe(720);
    expect(airtime(made, '2026-11-25')['a']).toBeUndefined();
  });

  it('rule 18: holidays are what is no workday, weekends included, with 调休', () => {
    const on = (days: 'holidays' | 'workdays', day: string) =>
      airtime({ schedules: [{ id: 'a', days }], off: ['2026-10-01'], work: ['2026-10-10'] }, day)['a'] ===
      1440;
    expect(
      ['2026-10-01', '2026-10-03', '2026-10-09', '2026-10-10'].map((day) => on('holidays', day)),
    ).toEqual([true, true, false, false]);
    expect(
      ['2026-10-01', '2026-10-03', '2026-10-09', '2026-10-10'].map((day) => on('workdays', day)),
    ).toEqual([false, false, true, true]);
  });
});

describe('quota', () => {
  const policy = (region: string, percents: number[] | null, minimums: QuotaPolicy['minimums'] = {}) => ({
    region: region as RegionCode,
    percents:
      percents === null
        ? null
        : {
            province: percents[0] ?? 0,
            city: percents[1] ?? 0,
            county: percents[2] ?? 0,
            township: percents[3] ?? 0,
            village: percents[4] ?? 0,
          },
    minimums,
  });
  const weights = (policies: QuotaPolicy[], region = '410122100201') =>
    Object.values(tierWeights(policies, region as RegionCode));

  it('rule 10: with no policy it is 40/20/20/10/10', () => {
    expect(weights([])).toEqual([4, 2, 2, 1, 1]);
  });

  it('rule 10: the nearest policy counts, its own region included, others of other places do not', () => {
    const policies = [policy('41', [100, 0, 0, 0, 0]), policy('410122', [20, 20, 20, 20, 20])];
    expect(weights(policies)).toEqual([1, 1, 1, 1, 1]);
    expect(weights(policies, '410122')).toEqual([1, 1, 1, 1, 1]);
    expect(weights(policies, '411224')).toEqual([1, 0, 0, 0, 0]);
  });

  it('rule 10: a locked minimum is given, the others shrink pro rata; one already granted changes nothing', () => {
    const lower = policy('410122', [0, 20, 40, 20, 20]);
    expect(weights([policy('41', null, { province: 50 }), lower])).toEqual([5, 1, 2, 1, 1]);
    expect(weights([policy('41', null, { county: 40 }), lower])).toEqual([0, 1, 2, 1, 1]);
  });

  it('rule 10: only regions strictly above the policy lock it, and the largest lock counts', () => {
    const lower = policy('410122', [0, 25, 25, 25, 25], { province: 90 });
    expect(weights([lower])).toEqual([0, 1, 1, 1, 1]);
    const locks = [policy('41', null, { province: 20 }), policy('4101', null, { province: 60 })];
    expect(weights([...locks, lower])).toEqual([6, 1, 1, 1, 1]);
  });

  it('still has weights where locks alone fill the day', () => {
    const locks = policy('41', null, { province: 60, city: 40 });
    expect(weights([locks, policy('410122', [60, 40, 0, 0, 0])])).toEqual([3, 2, 0, 0, 0]);
  });
});

describe('fair queue', () => {
  it('stays exact where weights are too unlike for doubles', () => {
    const primes = [997, 991, 983, 977, 971, 967, 953];
    const queue = fairQueues(primes)();
    const served = primes.map(() => 0);
    for (let turn = 0; turn < 5_000; turn += 1) {
      let next = 0;
      for (let flow = 1; flow < primes.length; flow += 1) if (queue.compare(flow, next) < 0) next = flow;
      queue.charge(next, 7);
      served[next] = (served[next] ?? 0) + 7;
    }
    for (const [f, a] of served.entries())
      for (const [g, b] of served.entries()) {
        const [wf, wg] = [primes[f] ?? 1, primes[g] ?? 1];
        expect(Math.abs(a / wf - b / wg)).toBeLessThanOrEqual(7 / wf + 7 / wg);
      }
  });
});
