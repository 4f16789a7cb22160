import fc from 'fast-check';
import type { Instant } from '../../../../shared/core/time.ts';
import type { PlanSchedule } from '../../../../shared/plan/plan.schema.ts';
import { makePlan } from '../make-plan.ts';
import type { MadePlan, TierName } from '../make-plan.ts';
import { addDays, isDay, joined, midnight, rankOf, spansOf, without } from './calendar.ts';
import type { Span } from './calendar.ts';
import { defineLaw, hold, holdSame } from './law.ts';
import { clock, dayRuleArb, daysOf, TIER } from './world.ts';
import type { DrawnDays } from './world.ts';

/** Around these days the walk is long: National Day and Spring Festival with 调休, a new year, a leap day. */
const DAYS = ['2026-10-01', '2026-02-16', '2026-12-31', '2028-02-28', '2026-11-22'];
const LOOKED_AT = 12;
const offsets = (maxLength: number) => fc.array(fc.integer({ min: -8, max: 12 }), { maxLength });
const windowArb = fc
  .tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 1, max: 96 }))
  .map(([start, length]) => `${clock(start * 900)}-${clock(((start + length) % 96) * 900)}`);

/** One schedule alone, of items of a minute, so that nothing but its days and windows decides. */
const aloneArb = fc
  .record({
    day: fc.constantFrom(...DAYS),
    kind: fc.constantFrom('mandatory', 'rotation', 'filler'),
    tier: fc.constantFrom<TierName>(...TIER),
    days: dayRuleArb,
    windows: fc.array(windowArb, { minLength: 1, maxLength: 3 }),
    exclude: offsets(3),
    from: fc.integer({ min: -40, max: 6 }),
    to: fc.option(fc.integer({ min: 0, max: 10 })),
    items: fc.integer({ min: 1, max: 3 }),
    reserves: fc.array(
      fc.record({
        tier: fc.constantFrom(...TIER),
        days: dayRuleArb,
        windows: fc.array(windowArb, { minLength: 1, maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
    off: offsets(8),
    work: offsets(5),
  })
  .map(({ day, kind, tier, days, windows, exclude, from, to, items, reserves, off, work }) => {
    const made: MadePlan = {
      schedules: [
        {
          id: 'alone',
          class: kind as PlanSchedule['class'],
          tier,
          days: daysOf(days as DrawnDays, day),
          windows,
          excludeDates: exclude.map((offset) => addDays(day, offset)),
          from: addDays(day, from),
          to: to === null ? null : addDays(day, Math.max(from, to)),
          items: Array.from({ length: items }, () => 60),
        },
      ],
      reserved: reserves.map((one) => ({ ...one, days: daysOf(one.days as DrawnDays, day) })),
      off: off.map((offset) => addDays(day, offset)),
      work: work.map((offset) => addDays(day, offset)),
      weights: { province: 1, city: 1, county: 1, township: 1, village: 1 },
    };
    return { day, made };
  });

export const daysAndWindows = defineLaw({
  name: 'days and windows',
  source:
    'DESIGN 4: windows, days with 调休, excluded dates, validity; a window belongs to the day it starts on (rules 16, 18)',
  shortRuns: 200,
  arbitrary: aloneArb,
  check: (subject, { day, made }) => {
    const plan = makePlan(made);
    const [from, to] = [midnight(addDays(day, -2)), midnight(addDays(day, LOOKED_AT - 2))];
    const first = addDays(day, -4);
    const last = addDays(day, LOOKED_AT);
    const [schedule] = plan.schedules;
    if (schedule === undefined) return;
    const kept = plan.reserved
      .filter((reserve) => rankOf(reserve) < rankOf(schedule))
      .flatMap((reserve) => spansOf(plan, reserve, first, last));
    const expected = joined(spansOf(plan, schedule, first, last).flatMap((span) => without(span, kept)));
    const entries = subject.createResolver(plan).timeline(from, to);
    const actual = joined(entries.filter((entry) => entry.schedule === 'alone'));
    holdSame(inside(actual, from, to), inside(expected, from, to), 'on at other times than its windows');
  },
});

function inside(spans: readonly Span[], from: number, to: number): Span[] {
  return spans
    .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
    .filter(({ start, end }) => start < end);
}

/** Windows of a day that neither touch nor cross midnight: marks in pairs. */
const dayWindowsArb = fc
  .uniqueArray(fc.integer({ min: 1, max: 23 }), { minLength: 2, maxLength: 6 })
  .map((hours) => {
    const marks = hours.toSorted((a, b) => a - b);
    return marks.flatMap((hour, index) => {
      const end = marks[index + 1];
      return index % 2 === 0 && end !== undefined ? [{ start: hour, end }] : [];
    });
  });

export const everyItem = defineLaw({
  name: 'every item is reached',
  source:
    'DESIGN 4: where a playlist starts depends on plan and date alone and reaches every item within a bounded number of days (rule 6)',
  shortRuns: 100,
  arbitrary: fc.record({
    day: fc.constantFrom(...DAYS),
    windows: dayWindowsArb,
    items: fc.array(fc.integer({ min: 600, max: 3_600 }), { minLength: 1, maxLength: 12 }),
    kind: fc.constantFrom<PlanSchedule['class']>('rotation', 'rotation', 'filler'),
    days: fc.constantFrom('every', 'weekdays', 'workdays', { weekdays: [1, 3, 6, 7] }),
    since: fc.integer({ min: 0, max: 30 }),
    off: offsets(4),
  }),
  /**
   * The bound: a schedule of n items and k windows a day that is on at least once in each of its windows
   * shows every item within ⌈n / k⌉ of its days, any of them the first. (It begins each day k items
   * further, and shows at least k.) Where others leave it less than that, no bound holds: rule 9 has
   * the feasibility report name its items that are never on.
   */
  check: (subject, { day, windows, items, kind, days, since, off }) => {
    const plan = makePlan({
      schedules: [
        {
          id: 'all',
          class: kind,
          items,
          days: days as 'every',
          windows: windows.map(({ start, end }) => `${clock(start * 3600)}-${clock(end * 3600)}`),
          from: addDays(day, -since),
        },
      ],
      off: off.map((offset) => addDays(day, offset)),
    });
    const [schedule] = plan.schedules;
    if (schedule === undefined) return;
    const resolver = subject.createResolver(plan);
    const needed = Math.ceil(items.length / windows.length);
    const seen = new Set<number>();
    let last = day;
    for (let open = 0; open < needed; last = addDays(last, 1)) {
      if (!isDay(plan, schedule, last)) continue;
      open += 1;
      for (const entry of resolver.timeline(midnight(last), midnight(addDays(last, 1))))
        if (entry.schedule === 'all') seen.add(entry.item);
    }
    const missing = items.findIndex((_, item) => !seen.has(item));
    hold(missing < 0, () => `item ${missing} is not on from ${day} to ${last}`);
  },
});

export const sharedWindow = defineLaw({
  name: 'a short shared window starves none',
  source:
    'SCHEDULING rule 9: ties inside a tier go by rank and day, so that a short shared window does not starve the same schedule',
  shortRuns: 100,
  arbitrary: fc.record({
    day: fc.constantFrom(...DAYS),
    count: fc.integer({ min: 1, max: 9 }),
    room: fc.integer({ min: 1, max: 3 }),
    weight: fc.integer({ min: 1, max: 9 }),
  }),
  // A window with room for `room` items of `count` like schedules: each is on in every `count` days.
  check: (subject, { day, count, room, weight }) => {
    const windows = [`08:00-${clock(8 * 3600 + room * 60)}`];
    const ids = Array.from({ length: count }, (_, index) => `s${index}`);
    const plan = makePlan({ schedules: ids.map((id) => ({ id, windows, weight, items: [60] })) });
    const resolver = subject.createResolver(plan);
    const from = midnight(day);
    const seen = resolver.timeline(from, (from + count * 86_400) as Instant).map(({ schedule }) => schedule);
    const times = ids.map((id) => seen.filter((one) => one === id).length);
    hold(
      times.every((one) => one === room),
      () => `in ${count} days the schedules are on ${times.join()} times, not ${room} each`,
    );
  },
});
