import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../../shared/core/time.ts';
import { createResolver } from '../../../../shared/schedule/resolve.ts';
import { scheduleSchema } from '../../../../shared/schedule/schedule.schema.ts';
import { assetOf, instant, makePlan } from '../make-plan.ts';
import type { MadePlan } from '../make-plan.ts';
import { DAY, denial, M, order, shown } from './day.ts';

describe('hard starts', () => {
  it('rule 1: a lower tier cannot keep a higher one off the air by starting often', () => {
    const often = Array.from({ length: 5 }, (_, index) => `08:0${index * 2}-08:0${index * 2 + 1}`);
    const made: MadePlan = {
      schedules: [
        { id: 'high', class: 'mandatory', tier: 'province', items: [9 * M], windows: ['08:00-08:10'] },
        { id: 'low', class: 'mandatory', tier: 'village', windows: often },
      ],
    };
    expect(shown(made, ['08:00', '08:10'])).toEqual(['08:00:00-08:09:00 high/0', '08:09:00-00:00:00 -']);
  });

  it('rule 2: one whose playlist is wholly denied is no boundary', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'news', class: 'mandatory', items: [M, M], windows: ['08:05-08:30'] },
        { id: 'rota', items: [10 * M], windows: ['08:00-09:00'] },
      ],
    };
    const denials = [0, 1].map((item) => denial('asset', assetOf('news', item), ['00:00']));
    expect(order(made, ['08:00', '08:05'])).toEqual(['-']);
    expect(shown(made, ['08:00', '08:05'], { denials })).toEqual(['08:00:00-08:10:00 rota/0']);
  });

  it('an end is open: at it the next begins, and an item may end just at it', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'first', class: 'mandatory', items: [10 * M], windows: ['08:00-08:10'] },
        { id: 'second', class: 'mandatory', items: [5 * M], windows: ['08:10-08:15'] },
      ],
    };
    expect(shown(made, ['08:00', '08:15'])).toEqual([
      '08:00:00-08:10:00 first/0',
      '08:10:00-08:15:00 second/0',
    ]);
  });

  it('starts to the second', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'news', class: 'mandatory', items: [61], windows: ['08:00:01-08:01:02'] },
        { id: 'rota', items: [7], windows: ['07:59:00-08:02:00'] },
      ],
    };
    expect(shown(made, ['07:59:56', '08:01:02'])).toEqual([
      '07:59:56-08:00:01 -',
      '08:00:01-08:01:02 news/0',
    ]);
  });
});

describe('a mandatory’s window', () => {
  it('rule 3: the earlier start is that of the whole window, also where its beginning is reserved', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'b-early', class: 'mandatory', windows: ['07:00-09:00'] },
        { id: 'a-late', class: 'mandatory', windows: ['08:00-09:00'] },
      ],
      reserved: [{ tier: 'province', windows: ['07:00-08:30'] }],
    };
    expect(order(made, ['08:30', '08:31'])).toEqual(['b-early/0']);
  });

  it('rule 3: once is refused on other classes', () => {
    const schedule = {
      id: 'a',
      name: 'a',
      class: 'rotation',
      region: '410122',
      playlist: 'a',
      windows: [{ start: '08:00', end: '09:00' }],
      validity: { from: '2026-01-01', to: null },
    };
    expect(scheduleSchema.safeParse(schedule).success).toBe(true);
    expect(scheduleSchema.safeParse({ ...schedule, once: true }).error?.issues[0]?.path).toEqual(['once']);
    expect(scheduleSchema.safeParse({ ...schedule, class: 'filler', once: true }).success).toBe(false);
  });

  it('rule 3: repeats its playlist from the first item again, and takes up its next item after a pause', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'high', class: 'mandatory', tier: 'city', items: [M], windows: ['08:03-08:04'] },
        { id: 'low', class: 'mandatory', items: [M, M], windows: ['08:00-08:06'] },
      ],
    };
    expect(order(made, ['08:00', '08:06'])).toEqual(['low/0', 'low/1', 'low/0', 'high/0', 'low/1', 'low/0']);
  });

  it('rule 4: a chain of seven nights is the same from its last day alone as from its first', () => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'night',
          class: 'mandatory',
          items: [50 * M, 7 * M],
          windows: ['23:30-01:00'],
          from: '2026-11-23',
          to: '2026-11-28',
        },
        { id: 'rota', items: [11 * M] },
      ],
    };
    const resolver = createResolver(makePlan(made));
    const from = instant('2026-11-29', '00:00');
    const to = (from + 86_400) as Instant;
    const whole = resolver.timeline(instant('2026-11-23', '00:00'), to);
    const last = createResolver(makePlan(made)).timeline(from, to);
    expect(last).toEqual(whole.filter((entry) => entry.end > from));
    expect(last[0]).toMatchObject({ schedule: 'night', item: 0, start: instant('2026-11-28', '23:30') });
  });

  it('rule 4: a mandatory of an empty playlist crosses no midnight', () => {
    const night = (id: string, items: number[]) =>
      ({ id, class: 'mandatory', items, windows: ['23:30-01:00'] }) as const;
    const some = { ...night('some', [50 * M, 7 * M]), to: '2026-11-23' };
    const entries = (schedules: MadePlan['schedules']) =>
      createResolver(makePlan({ schedules })).timeline(instant(DAY, '23:00'), instant('2026-11-24', '02:00'));
    // Found by the law of empty playlists: an endless chain of nothing is cut every seventh night.
    expect(entries([some, night('none', [])])).toEqual(entries([some]));
  });

  it('rule 5: a rotation window that opens cuts no rotation; a mandatory start is waited for', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'rota', tier: 'village', items: [7 * M], windows: ['08:00-09:00'] },
        { id: 'high', tier: 'province', items: [M], windows: ['08:05-08:30'] },
        { id: 'news', class: 'mandatory', items: [M], windows: ['08:10-08:11'] },
      ],
      weights: { province: 1, village: 1 },
    };
    expect(shown(made, ['08:00', '08:11'])).toEqual([
      '08:00:00-08:07:00 rota/0',
      '08:07:00-08:08:00 high/0',
      '08:08:00-08:09:00 high/0',
      '08:09:00-08:10:00 high/0',
      '08:10:00-08:11:00 news/0',
    ]);
  });
});

describe('reserved windows', () => {
  it('rule 16: cut rotation and filler of lower tiers too, and leave the own tier’s and those above', () => {
    const made: MadePlan = {
      schedules: [
        { id: 'fill', class: 'filler', tier: 'county', items: [20 * M], windows: ['08:00-09:00'] },
        { id: 'rota', tier: 'village', items: [4 * M], windows: ['08:00-08:08'] },
        { id: 'city', class: 'filler', tier: 'city', items: [5 * M], windows: ['08:10-08:20'] },
      ],
      reserved: [{ tier: 'city', windows: ['08:05-08:15'] }],
    };
    expect(shown(made, ['08:00', '08:35'])).toEqual([
      '08:00:00-08:04:00 rota/0',
      '08:04:00-08:05:00 fill/0',
      '08:05:00-08:10:00 -',
      '08:10:00-08:15:00 city/0',
      '08:15:00-08:20:00 city/0',
      '08:20:00-08:40:00 fill/0',
    ]);
  });
});
