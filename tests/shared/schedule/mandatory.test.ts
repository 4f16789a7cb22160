import { describe, expect, it } from 'vitest';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import { instant, makePlan, told } from './make-plan.ts';
import type { MadePlan } from './make-plan.ts';

const DAY = '2026-11-23';
const M = 60;
/** What is on between two clock times, built-in filler left out. */
function shown(made: MadePlan, from: string, to: string, day = DAY): string[] {
  const entries = createResolver(makePlan(made)).timeline(instant(day, from), instant(day, to));
  return told(entries).filter((line) => !line.endsWith(' -'));
}

describe('mandatory', () => {
  it('starts hard with its first item, repeats while the next fits, then yields', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'news', class: 'mandatory', items: [4 * M, 3 * M], windows: ['08:00-08:10'] },
        { id: 'rota', items: [M] },
      ],
    };
    expect(shown(made, '07:59', '08:11')).toEqual([
      '07:59:00-08:00:00 rota/0',
      '08:00:00-08:04:00 news/0',
      '08:04:00-08:07:00 news/1',
      '08:07:00-08:08:00 rota/0',
      '08:08:00-08:09:00 rota/0',
      '08:09:00-08:10:00 rota/0',
      '08:10:00-08:11:00 rota/0',
    ]);
  });

  it('orders by tier, then priority, then earlier start, then id', () => {
    const order = (a: object, b: object) =>
      shown(
        {
          schedules: [
            { id: 'a', class: 'mandatory', tier: 'county', windows: ['08:00-08:01'], ...a },
            { id: 'b', class: 'mandatory', tier: 'county', windows: ['08:00-08:01'], ...b },
          ],
        },
        '08:00',
        '08:01',
      );
    expect(order({}, { tier: 'city' })).toEqual(['08:00:00-08:01:00 b/0']);
    expect(order({ tier: 'city' }, { priority: 9 })).toEqual(['08:00:00-08:01:00 a/0']);
    expect(order({}, { priority: 1 })).toEqual(['08:00:00-08:01:00 b/0']);
    expect(order({}, { windows: ['07:59-08:01'] })).toEqual(['08:00:00-08:01:00 b/0']);
    expect(order({}, {})).toEqual(['08:00:00-08:01:00 a/0']);
  });

  it('rule 1: a start that does not outrank an item is no boundary for it', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'high', class: 'mandatory', tier: 'city', items: [10 * M], windows: ['08:00-08:20'] },
        { id: 'low', class: 'mandatory', tier: 'village', items: [M], windows: ['08:05-08:12'] },
      ],
    };
    expect(shown(made, '08:00', '08:20')).toEqual(['08:00:00-08:10:00 high/0', '08:10:00-08:20:00 high/0']);
  });

  it('rule 2: a start is hard even where its first item cannot be placed', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'over', class: 'mandatory', tier: 'province', items: [5 * M], windows: ['08:02-08:10'] },
        // Its first item does not fit before `over`, yet nothing below may run across 08:00.
        { id: 'news', class: 'mandatory', tier: 'city', items: [3 * M], windows: ['08:00-08:20'] },
        { id: 'rota', tier: 'county', items: [2 * M], windows: ['07:57-09:00'] },
      ],
    };
    expect(shown(made, '07:57', '08:10')).toEqual([
      '07:57:00-07:59:00 rota/0',
      '08:00:00-08:02:00 rota/0',
      '08:02:00-08:07:00 over/0',
      '08:07:00-08:10:00 news/0',
    ]);
  });

  it('rule 2: an empty playlist is no boundary', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'none', class: 'mandatory', tier: 'province', items: [], windows: ['08:01-08:10'] },
        { id: 'rota', items: [2 * M], windows: ['08:00-09:00'] },
      ],
    };
    expect(shown(made, '08:00', '08:02')).toEqual(['08:00:00-08:02:00 rota/0']);
  });

  it('rule 2: one that has played once is no boundary where its window opens again', () => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'once',
          class: 'mandatory',
          tier: 'city',
          items: [M],
          once: true,
          windows: ['08:00-08:30'],
        },
        { id: 'rota', tier: 'province', items: [4 * M], windows: ['08:00-09:00'] },
      ],
      reserved: [{ tier: 'province', windows: ['08:10-08:15'] }],
    };
    expect(shown(made, '08:00', '08:18')).toEqual([
      '08:00:00-08:01:00 once/0',
      '08:01:00-08:05:00 rota/0',
      '08:05:00-08:09:00 rota/0',
      '08:09:00-08:13:00 rota/0',
      '08:13:00-08:17:00 rota/0',
      '08:17:00-08:21:00 rota/0',
    ]);
  });

  it('rule 3: a displaced mandatory begins at its first item, and resumes with its next', () => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'high',
          class: 'mandatory',
          tier: 'city',
          items: [2 * M],
          windows: ['08:00-08:02', '08:05-08:07'],
        },
        { id: 'low', class: 'mandatory', tier: 'county', items: [M, 2 * M, M], windows: ['08:00-08:10'] },
      ],
    };
    expect(shown(made, '08:00', '08:10')).toEqual([
      '08:00:00-08:02:00 high/0',
      '08:02:00-08:03:00 low/0',
      '08:03:00-08:05:00 low/1',
      '08:05:00-08:07:00 high/0',
      '08:07:00-08:08:00 low/2',
      '08:08:00-08:09:00 low/0',
    ]);
  });

  it('rule 3: once is once per window, and every window begins at the first item', () => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'once',
          class: 'mandatory',
          items: [M, M],
          once: true,
          windows: ['08:00-08:30', '09:00-09:30'],
        },
      ],
    };
    expect(shown(made, '07:00', '10:00')).toEqual([
      '08:00:00-08:01:00 once/0',
      '08:01:00-08:02:00 once/1',
      '09:00:00-09:01:00 once/0',
      '09:01:00-09:02:00 once/1',
    ]);
  });

  it('rule 4: ignores midnight, and a day resolved alone knows where the night is', () => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'night',
          class: 'mandatory',
          items: [50 * M, 7 * M],
          windows: ['23:30-01:00'],
          days: { weekdays: [1] },
        },
      ],
    };
    expect(shown(made, '00:00', '02:00', '2026-11-24')).toEqual([
      '23:30:00-00:20:00 night/0',
      '00:20:00-00:27:00 night/1',
    ]);
  });

  it('keeps answering, alike for every question, where a plan holds an endless chain of nights', () => {
    const plan = makePlan({
      schedules: [{ id: 'night', class: 'mandatory', items: [50 * M, 7 * M], windows: ['23:30-01:00'] }],
    });
    const from = instant('2026-11-01', '00:00');
    const whole = createResolver(plan).timeline(from, instant('2026-11-20', '00:00'));
    expect(whole.every((entry, index) => index === 0 || entry.start === whole[index - 1]?.end)).toBe(true);
    for (const entry of whole) expect(createResolver(plan).at(entry.start)).toEqual(entry);
  });

  it('rule 5: a window that opens cuts filler, and rotation only where a mandatory starts', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'fill', class: 'filler', items: [60 * M] },
        { id: 'rota', items: [5 * M], windows: ['08:10-08:30'] },
        { id: 'more', items: [5 * M], windows: ['08:12-08:30'] },
      ],
    };
    expect(shown(made, '08:09', '08:20')).toEqual([
      '08:00:00-08:10:00 fill/0',
      '08:10:00-08:15:00 rota/0',
      '08:15:00-08:20:00 more/0',
    ]);
  });
});

describe('reserved windows', () => {
  it('rule 16: are cut out of lower tiers; items end before, a mandatory still open starts hard after', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'low', class: 'mandatory', tier: 'county', items: [4 * M, 3 * M], windows: ['08:00-08:30'] },
        { id: 'own', tier: 'city', items: [2 * M], windows: ['08:00-09:00'] },
        { id: 'rota', tier: 'village', items: [M], windows: ['08:00-09:00'] },
      ],
      reserved: [{ tier: 'city', windows: ['08:06-08:11'] }],
    };
    expect(shown(made, '08:00', '08:16')).toEqual([
      '08:00:00-08:04:00 low/0',
      '08:04:00-08:06:00 own/0',
      '08:06:00-08:08:00 own/0',
      '08:08:00-08:10:00 own/0',
      '08:11:00-08:14:00 low/1',
      '08:14:00-08:18:00 low/0',
    ]);
  });
});
