import fc from 'fast-check';
import type { Instant } from '../../../../shared/core/time.ts';
import type { Plan } from '../../../../shared/plan/plan.schema.ts';
import type { TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { cleanDay, midnight } from './calendar.ts';
import { told } from './ledger.ts';
import { defineLaw, hold, holdSame } from './law.ts';
import { planOf, stretchOf, worldArb } from './world.ts';

const DAY_S = 86_400;
const WORLDS = worldArb({ denials: 4, overlapping: true });
const askedArb = fc.array(fc.integer({ min: -9 * DAY_S, max: 12 * DAY_S }), { minLength: 1, maxLength: 24 });

export const determinism = defineLaw({
  name: 'determinism',
  source: 'DESIGN 4: the same answer on center and player, whatever was asked before',
  shortRuns: 100,
  arbitrary: fc.tuple(WORLDS, askedArb, fc.integer({ min: 0, max: 1_000 })),
  check: (subject, [world, asked, seed]) => {
    const plan = planOf(subject, world);
    const { from, to } = stretchOf(world);
    const whole = subject.createResolver(plan, world.denials).timeline(from, to);
    const worn = subject.createResolver(plan, world.denials);
    for (const offset of asked) worn.at((from + offset) as Instant);
    holdSame(worn.timeline(from, to), whole, 'what was asked before changes the answer');
    // A plan lists its schedules by id, but nothing may hang on it.
    const stirred: Plan = {
      ...plan,
      schedules: turned(plan.schedules, seed),
      reserved: turned(plan.reserved, seed),
      playlists: Object.fromEntries(turned(Object.entries(plan.playlists), seed)),
    };
    const other = subject.createResolver(stirred, turned(world.denials, seed)).timeline(from, to);
    holdSame(other, whole, 'the order of a plan changes the answer');
  },
});

/** Another order, which depends on the seed alone. */
function turned<One>(list: readonly One[], seed: number): One[] {
  const by = list.length === 0 ? 0 : seed % list.length;
  const rest = [...list.slice(by), ...list.slice(0, by)];
  return seed % 2 === 0 ? rest.reverse() : rest;
}

export const twoScreens = defineLaw({
  name: 'two screens',
  source: 'DESIGN 4: two screens with the same plan show the same frame at the same instant',
  shortRuns: 100,
  arbitrary: fc.tuple(WORLDS, askedArb),
  check: (subject, [world, asked]) => {
    const plan = planOf(subject, world);
    const { from, to } = stretchOf(world);
    // One has the plan from its bytes and asks for instants; the other asked for the whole stretch.
    const one = subject.createResolver(JSON.parse(JSON.stringify(plan)) as Plan, world.denials);
    const entries = subject.createResolver(plan, world.denials).timeline(from, to);
    for (const offset of asked) {
      const at = (from + (((offset % (2 * DAY_S)) + 2 * DAY_S) % (2 * DAY_S))) as Instant;
      const expected = entries.filter((entry) => entry.start <= at && at < entry.end);
      holdSame([one.at(at)], expected, `at ${at}`);
      // Its first and last second too: that is where two screens would differ.
      const [on] = expected;
      if (on === undefined) continue;
      const first = Math.max(on.start, from) as Instant;
      holdSame(
        [one.at(first), one.at((on.end - 1) as Instant)],
        [on, on],
        `when ${told(on)} begins and ends`,
      );
    }
  },
});

export const tiling = defineLaw({
  name: 'no gap and no overlap',
  source: 'DESIGN 4: no gaps, no overlaps',
  shortRuns: 150,
  arbitrary: WORLDS,
  check: (subject, world) => {
    const { from, to } = stretchOf(world);
    const entries = subject.createResolver(planOf(subject, world), world.denials).timeline(from, to);
    hold((entries[0]?.start ?? Infinity) <= from, () => 'nothing is on at first');
    hold((entries.at(-1)?.end ?? -Infinity) >= to, () => 'nothing is on at last');
    hold((entries[0]?.end ?? -Infinity) > from, () => 'begins with what is over');
    hold((entries.at(-1)?.start ?? Infinity) < to, () => 'ends with what has not begun');
    for (const [index, entry] of entries.entries()) {
      hold(
        Number.isInteger(entry.start) && Number.isInteger(entry.end),
        () => `${told(entry)}: no whole second`,
      );
      hold(entry.start < entry.end && entry.end <= entry.plannedEnd, () => `${told(entry)} ends wrongly`);
      const next = entries[index + 1];
      if (next !== undefined)
        hold(entry.end === next.start, () => `${told(entry)} is followed by ${told(next)}`);
    }
  },
});

export const stretchAlone = defineLaw({
  name: 'a stretch alone',
  source: 'SCHEDULING, end: any stretch resolved alone equals the same stretch of a longer one (rule 4)',
  shortRuns: 60,
  arbitrary: fc.tuple(
    WORLDS,
    fc.integer({ min: -3 * DAY_S, max: 4 * DAY_S }),
    fc.integer({ min: 1, max: DAY_S }),
  ),
  check: (subject, [world, offset, length]) => {
    const plan = planOf(subject, world);
    const from = (midnight(world.day) + offset) as Instant;
    const to = (from + length) as Instant;
    const long = subject
      .createResolver(plan, world.denials)
      .timeline((midnight(cleanDay(plan, world.day)) - 4 * DAY_S) as Instant, (to + 2 * DAY_S) as Instant);
    const expected = long.filter((entry: TimelineEntry) => entry.end > from && entry.start < to);
    const alone = subject.createResolver(plan, world.denials).timeline(from, to);
    holdSame(alone, expected, 'alone it is another');
    holdSame([subject.createResolver(plan, world.denials).at(from)], alone.slice(0, 1), 'an instant alone');
  },
});
