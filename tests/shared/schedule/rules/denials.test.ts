import { describe, expect, it } from 'vitest';
import { assetOf } from '../make-plan.ts';
import type { MadePlan } from '../make-plan.ts';
import { denial, M, order, shown } from './day.ts';

const news = (patch: object = {}) =>
  ({
    id: 'news',
    class: 'mandatory',
    tier: 'city',
    items: [2 * M],
    windows: ['08:10-08:20'],
    ...patch,
  }) as const;

describe('denials', () => {
  it('rule 13: decisions use only what is in force then: a denial to come frees nothing yet', () => {
    const made: MadePlan = {
      schedules: [news(), { id: 'rota', items: [20 * M], windows: ['08:00-09:00'] }],
    };
    // At 08:00 the hard start of 08:10 still stands; at 08:05 it is denied, and the rotation begins.
    const denials = [denial('schedule', 'news', ['08:05'])];
    expect(shown(made, ['08:00', '08:25'], { denials })).toEqual([
      '00:00:00-08:05:00 -',
      '08:05:00-08:25:00 rota/0',
    ]);
  });

  it('rule 13: a playlist with nothing left is no candidate, and its tier yields', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'p', tier: 'province', items: [M, M], windows: ['08:00-08:06'] },
        { id: 'v', tier: 'village', items: [M], windows: ['08:00-08:06'] },
      ],
      weights: { province: 1, village: 1 },
    };
    const all = [0, 1].map((item) => denial('asset', assetOf('p', item), ['00:00']));
    expect(order(made, ['08:00', '08:06'], { denials: all })).toEqual(Array.from({ length: 6 }, () => 'v/0'));
    const one = [denial('asset', assetOf('p', 0), ['00:00'])];
    expect(order(made, ['08:00', '08:04'], { denials: one })).toEqual(['p/1', 'v/0', 'p/1', 'v/0']);
  });

  it('rule 13: what once was stepped over is not gone back to; one that plays once does not turn', () => {
    const made: MadePlan = { schedules: [news({ items: [M, M, M], once: true })] };
    const denials = [denial('asset', assetOf('news', 1), ['08:00', '08:12'])];
    expect(order(made, ['08:10', '08:15'], { denials })).toEqual(['news/0', 'news/2', '-']);
  });

  it('rule 14: what a denial of a higher mandatory frees, a lower one takes at once', () => {
    const made: MadePlan = {
      schedules: [
        news({ id: 'high', tier: 'province', items: [10 * M] }),
        news({ id: 'low', tier: 'county', items: [3 * M] }),
        { id: 'rota', items: [M], windows: ['08:00-09:00'] },
      ],
    };
    const denials = [denial('schedule', 'high', ['08:13:30', '08:18'])];
    expect(shown(made, ['08:10', '08:20'], { denials })).toEqual([
      '08:10:00-08:13:30 high/0',
      '08:13:30-08:16:30 low/0',
      // The next of `low` would end at 08:19:30, in time: the lift at 08:18 lets `high` fit no more.
      '08:16:30-08:19:30 low/0',
      '08:19:30-08:20:30 rota/0',
    ]);
  });

  it('rule 15: stop-all denies filler too; what it cut begins anew at its lift', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'fill', class: 'filler', items: [10 * M, 10 * M] },
        news({ windows: ['08:00-08:30'], items: [4 * M, 6 * M] }),
      ],
    };
    const denials = [denial('stop-all', '', ['08:02', '08:03'])];
    expect(shown(made, ['08:00', '08:13'], { denials })).toEqual([
      '08:00:00-08:02:00 news/0',
      '08:02:00-08:03:00 -',
      '08:03:00-08:09:00 news/1',
      '08:09:00-08:13:00 news/0',
    ]);
  });
});
