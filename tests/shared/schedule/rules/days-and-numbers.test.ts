import { describe, expect, it } from 'vitest';
import type { LocalDay } from '../../../../shared/core/time.ts';
import { createResolver } from '../../../../shared/schedule/resolve.ts';
import { playlistItemSchema, scheduleSchema } from '../../../../shared/schedule/schedule.schema.ts';
import { instant, makePlan } from '../make-plan.ts';
import type { MadePlan, MadeSchedule } from '../make-plan.ts';
import { DAY, M, minutesOf, order, shown } from './day.ts';

const minutes = (schedule: Partial<MadeSchedule>, day: string) =>
  minutesOf({ schedules: [{ id: 'a', items: [M], ...schedule }] }, 'a', day);

describe('days', () => {
  it('rule 18: listed weekdays, listed dates, weekdays and weekends', () => {
    const days = ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'];
    const on = (rule: NonNullable<MadeSchedule['days']>) =>
      days.map((day) => minutes({ days: rule, windows: ['08:00-08:10'] }, day));
    expect(on('every')).toEqual([10, 10, 10, 10]);
    expect(on('weekdays')).toEqual([10, 0, 0, 10]);
    expect(on('weekends')).toEqual([0, 10, 10, 0]);
    expect(on({ weekdays: [5, 7] })).toEqual([10, 0, 10, 0]);
    expect(on({ dates: ['2026-11-21', '2026-11-23'] as LocalDay[] })).toEqual([0, 10, 0, 10]);
  });

  it('rule 18: validity includes its first and its last day', () => {
    const days = ['2026-11-21', '2026-11-22', '2026-11-23', '2026-11-24'];
    const on = days.map((day) => minutes({ from: '2026-11-22', to: '2026-11-23' }, day));
    expect(on).toEqual([0, 1440, 1440, 0]);
  });

  it('rule 18: an excluded date takes away the windows that start on it, not the night before', () => {
    const night: Partial<MadeSchedule> = { windows: ['22:00-02:00'], excludeDates: ['2026-11-23'] };
    expect(minutes(night, '2026-11-22')).toBe(240);
    expect(minutes(night, '2026-11-23')).toBe(120);
    expect(minutes(night, '2026-11-24')).toBe(120);
    expect(minutes({ ...night, class: 'mandatory' }, '2026-11-23')).toBe(120);
  });

  it('rule 11: a filler window over midnight is two stretches too', () => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'fill',
          class: 'filler',
          items: [20 * M, 40 * M],
          windows: ['23:30-00:30'],
          from: '2026-11-22',
        },
      ],
    };
    // On the 23rd it begins at item 1, of 40 minutes, cut at half past midnight; then item 0 is next.
    expect(shown(made, ['00:00', '00:30'])).toEqual(['00:00:00-00:30:00 fill/1']);
    expect(shown(made, ['23:30', '24:00'])).toEqual(['23:30:00-23:50:00 fill/0', '23:50:00-00:00:00 fill/1']);
    // On the 24th two windows have started before: its first item.
    expect(shown(made, ['00:00', '00:30'], { day: '2026-11-24' })).toEqual([
      '00:00:00-00:20:00 fill/0',
      '00:20:00-00:30:00 fill/1',
    ]);
  });

  it('rule 12: filler schedules come in the order of mandatories: tier, priority, start, id', () => {
    const first = (a: Partial<MadeSchedule>, b: Partial<MadeSchedule>) =>
      order(
        {
          schedules: [
            { id: 'a', class: 'filler', windows: ['08:00-09:00'], ...a },
            { id: 'b', class: 'filler', windows: ['08:00-09:00'], ...b },
          ],
        },
        ['08:30', '08:31'],
      );
    expect(first({}, {})).toEqual(['a/0']);
    expect(first({}, { windows: ['07:00-09:00'] })).toEqual(['b/0']);
    expect(first({ windows: ['07:00-09:00'] }, { priority: 1 })).toEqual(['b/0']);
    expect(first({ priority: 9 }, { tier: 'city' })).toEqual(['b/0']);
  });
});

describe('numbers', () => {
  const schedule = {
    id: 'a',
    name: 'a',
    class: 'mandatory',
    region: '410122',
    playlist: 'a',
    windows: [{ start: '08:00', end: '09:00' }],
    validity: { from: '2026-01-01', to: null },
  };
  const faults = (patch: object) =>
    (scheduleSchema.safeParse({ ...schedule, ...patch }).error?.issues ?? []).map(({ path }) =>
      path.join('.'),
    );

  it('rule 19: priority is an integer, default 0, for mandatory and filler only', () => {
    expect(scheduleSchema.parse(schedule).priority).toBe(0);
    expect(faults({ priority: 1.5 })).toEqual(['priority']);
    expect(faults({ priority: -3 })).toEqual([]);
    expect(faults({ class: 'filler', priority: 3 })).toEqual([]);
    expect(faults({ class: 'rotation', priority: 3 })).toEqual(['priority']);
  });

  it('rule 19: weight is an integer of at least 1, default 1, for rotation only', () => {
    expect(scheduleSchema.parse({ ...schedule, class: 'rotation' }).weight).toBe(1);
    for (const weight of [0, -1, 1.5]) expect(faults({ class: 'rotation', weight })).toEqual(['weight']);
    expect(faults({ class: 'rotation', weight: 7 })).toEqual([]);
    expect(faults({ weight: 7 })).toEqual(['weight']);
  });

  it('rule 19: all durations and instants are whole seconds', () => {
    const item = { asset: 'a'.repeat(64), durationS: 10 };
    expect(playlistItemSchema.safeParse(item).success).toBe(true);
    for (const durationS of [0, 0.5, 10.2, -1])
      expect(playlistItemSchema.safeParse({ ...item, durationS }).success).toBe(false);
    expect(faults({ windows: [{ start: '08:00:00.5', end: '09:00' }] })).toEqual(['windows.0.start']);
  });
});

describe('a thousand schedules on one screen', () => {
  const crowd = (count: number): MadePlan => ({
    schedules: Array.from({ length: count }, (_, index): MadeSchedule => {
      const id = `s${String(index).padStart(4, '0')}`;
      if (index % 10 === 0) return { id, class: 'filler', items: [45], windows: ['06:00-22:00'] };
      if (index % 10 === 1)
        return { id, class: 'mandatory', items: [30], once: true, windows: ['07:00-07:30'] };
      return { id, items: [15, 20], windows: ['08:00-20:00'] };
    }),
  });

  it('are each on in their share, one after the other', () => {
    const made = crowd(1_000);
    const entries = createResolver(makePlan(made)).timeline(instant(DAY, '00:00'), instant(DAY, '24:00'));
    const on = Map.groupBy(entries, ({ schedule }) => schedule);
    // 60 mandatories of 30 seconds fill their half hour: the first sixty by id.
    const mandatory = entries.filter((entry) => entry.class === 'mandatory').map(({ schedule }) => schedule);
    expect(mandatory).toEqual(
      Array.from({ length: 60 }, (_, turn) => `s${String(turn * 10 + 1).padStart(4, '0')}`),
    );
    // 12 hours of items of 15 and 20 seconds in turn among 800: three showings for each, or two.
    const shares = made.schedules
      .filter(({ class: kind }) => kind === undefined)
      .map(({ id }) => (on.get(id as never) ?? []).reduce((sum, { start, end }) => sum + end - start, 0));
    expect(shares.length).toBe(800);
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(20 + 20);
    expect(shares.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(12 * 3600 - 20);
  });

  it('with 48 windows each, over three nights that hang together, still have a timeline', () => {
    const windows = Array.from({ length: 48 }, (_, half) => {
      const clock = (at: number) =>
        `${String(Math.floor(at / 2) % 24).padStart(2, '0')}:${at % 2 === 0 ? '15' : '45'}`;
      return `${clock(half)}-${clock(half + 1)}`;
    });
    const made: MadePlan = {
      schedules: Array.from({ length: 1_000 }, (_, index) => ({
        id: `s${index}`,
        class: 'mandatory',
        items: [30 * M],
        windows,
        days: { weekdays: [1, 2, 3] },
      })),
    };
    // 144,000 windows in one segment: more than a call has room for arguments.
    const entries = createResolver(makePlan(made)).timeline(instant(DAY, '00:15'), instant(DAY, '24:00'));
    expect(entries.every((entry) => entry.schedule === 's0' && entry.end - entry.start === 30 * M)).toBe(
      true,
    );
  });
});
