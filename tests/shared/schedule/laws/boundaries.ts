import fc from 'fast-check';
import type { TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { dayOf, rankOf } from './calendar.ts';
import { outranks, readAlong, told } from './ledger.ts';
import { defineLaw, hold, holdSame } from './law.ts';
import { planOf, stretchOf, worldArb } from './world.ts';

export const boundaries = defineLaw({
  name: 'boundaries',
  source:
    'DESIGN 4: only a takedown or a filler’s end cuts; items end by their window and before hard starts (rules 1, 2, 5, 11, 14, 16)',
  shortRuns: 200,
  arbitrary: worldArb({ denials: 2 }),
  check: (subject, world) =>
    readAlong(subject, world, (entry, ledger, index, entries) => {
      const open = ledger.openOf(entry);
      if (open === null || entry.class === 'filler') return;
      const { window, piece } = open;
      hold(entry.plannedEnd <= piece.end, () => `${told(entry)} is to end after its window`);
      const hard = ledger.hardStartAfter(window, entry.start);
      hold(entry.plannedEnd <= hard, () => `${told(entry)} is to run over the hard start at ${hard}`);
      if (entry.end === entry.plannedEnd) return;
      // Cut: by a denial of its own, or by a mandatory that a denial held back when it began (rule 14).
      if (ledger.isDenied(window.schedule, entry.item, entry.end)) return;
      const cutter = entries[index + 1];
      const by = cutter === undefined ? null : ledger.openOf(cutter);
      const isRule14 =
        by !== null &&
        by.window.schedule.class === 'mandatory' &&
        outranks(by.window, window) &&
        ledger.next(by.window, entry.start) < 0;
      hold(isRule14, () => `${told(entry)} is cut by ${cutter === undefined ? 'nothing' : told(cutter)}`);
    }),
});

export const hardStarts = defineLaw({
  name: 'hard starts to the second',
  source: 'DESIGN 4: mandatory starts hard at its window’s start with its first item',
  shortRuns: 150,
  arbitrary: worldArb({ schedules: 9 }),
  check: (subject, world) =>
    readAlong(subject, world, (entry, ledger) => {
      const on = ledger.openOf(entry);
      // Filler goes on past a start that cannot be used (rule 12); the law of filler says when.
      if (entry.class === 'filler') return;
      for (const at of [entry.start, ...ledger.edgesInside(entry)])
        for (const { window, piece } of ledger.openAt(at, 'mandatory')) {
          if (at !== piece.start || ledger.next(window, at) < 0) continue;
          // Nothing is denied in these worlds: only what outranks it may be on across its start.
          const mayRunOn = on?.window.schedule.class === 'mandatory' && !outranks(window, on.window);
          hold(
            at === entry.start || mayRunOn,
            () => `${told(entry)} runs over the start of ${window.schedule.id}`,
          );
          if (at !== entry.start || window.start !== at || entry.schedule !== window.schedule.id) continue;
          hold(entry.item === 0, () => `${told(entry)} does not begin at the first item`);
        }
    }),
});

export const monotonicity = defineLaw({
  name: 'monotonicity',
  source:
    'DESIGN 4: adding a lower-tier schedule never changes when a higher-tier mandatory is on air (rule 1)',
  shortRuns: 150,
  arbitrary: fc.tuple(worldArb({ schedules: 9, denials: 3 }), fc.nat({ max: 8 })),
  check: (subject, [world, pick]) => {
    const plan = planOf(subject, world);
    const { from, to } = stretchOf(world);
    const lower = plan.schedules[pick % plan.schedules.length];
    if (lower === undefined) return;
    const without = { ...plan, schedules: plan.schedules.filter((one) => one !== lower) };
    const higher = (one: typeof plan) =>
      subject
        .createResolver(one, world.denials)
        .timeline(from, to)
        .filter(
          ({ class: kind, region }) =>
            kind === 'mandatory' && rankOf({ region: region ?? '' }) < rankOf(lower),
        )
        // Why it is on may change (a repeat, a resumption), not when nor what.
        .map(({ start, end, schedule, item }) => ({ start, end, schedule, item }));
    holdSame(higher(plan), higher(without), `with ${lower.id} a higher mandatory moves`);
  },
});

export const midnightLaw = defineLaw({
  name: 'midnight',
  source:
    'DESIGN 4: tags start at zero at local midnight, a hard boundary for rotation; mandatory ignores it (rules 4, 6, 11, 12)',
  shortRuns: 100,
  arbitrary: worldArb({ schedules: 9 }),
  check: (subject, world) => {
    const plan = planOf(subject, world);
    const { from, to } = stretchOf(world);
    const noon = (from + 43_200) as typeof from;
    const midnight = (from + 86_400) as typeof from;
    const entries = subject.createResolver(plan).timeline(from, to);
    for (const entry of entries)
      hold(entry.class === 'mandatory' || !crosses(entry), () => `${told(entry)} runs over midnight`);
    // Whatever the rotation of the day before did leaves no trace: without its afternoon, today is the same.
    const idle = plan.schedules
      .filter((one) => one.class !== 'mandatory')
      .map(({ id }) => ({ kind: 'schedule', subject: id, from: noon, to: midnight }) as const);
    const today = (list: typeof entries) => list.filter((entry) => entry.start >= midnight);
    const other = subject.createResolver(plan, idle).timeline(from, to);
    holdSame(today(other), today(entries), 'yesterday’s rotation moves today');
  },
});

function crosses({ start, end }: TimelineEntry): boolean {
  return dayOf(start) !== dayOf(end - 1);
}
