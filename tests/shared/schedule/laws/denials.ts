import type { Instant } from '../../../../shared/core/time.ts';
import type { TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { addDays, cleanDay, dayOf, midnight } from './calendar.ts';
import { Ledger, outranks, readAlong, told } from './ledger.ts';
import { defineLaw, hold, holdSame } from './law.ts';
import { planOf, stretchOf, worldArb } from './world.ts';

export const denialsAct = defineLaw({
  name: 'denials act from their instant',
  source: 'DESIGN 9, SCHEDULING rules 13, 15: acts from the instant it names; stop-all denies filler too',
  shortRuns: 150,
  arbitrary: worldArb({ denials: 5 }),
  check: (subject, world) => {
    const plan = planOf(subject, world);
    const { from, to } = stretchOf(world);
    const ledger = new Ledger(plan, world.denials, { first: world.day, last: addDays(world.day, 1) });
    const begins = Math.min(...ledger.denials.map((denial) => denial.from));
    const entries = subject.createResolver(plan, world.denials).timeline(from, to);
    for (const entry of entries) {
      const schedule = plan.schedules.find(({ id }) => id === entry.schedule);
      if (schedule === undefined) continue;
      const isDenied = (at: number) => ledger.isDenied(schedule, entry.item, at);
      const at = [entry.start, ...ledger.edgesInside(entry)].find(isDenied);
      hold(at === undefined, () => `${told(entry)} is on and denied at ${at}`);
    }
    // Nothing is known of a denial before it begins: until then all is as if there were none.
    const free = subject.createResolver(plan).timeline(from, to);
    const until = (list: readonly TimelineEntry[]) =>
      list
        .filter(({ start }) => start < begins && from < begins)
        .map((entry) => ({
          ...entry,
          end: Math.min(entry.end, begins),
          plannedEnd: entry.schedule === null ? null : entry.plannedEnd,
        }));
    holdSame(until(entries), until(free), 'a denial acts before its instant');
  },
});

export const liftRestores = defineLaw({
  name: 'a lift restores',
  source: 'SCHEDULING rules 13, 14: a lift acts from its instant; a mandatory starts at it',
  shortRuns: 100,
  arbitrary: worldArb({ denials: 4 }),
  check: (subject, world) => {
    const plan = planOf(subject, world);
    const lifted = world.denials.map(({ from, to, ...rest }) => ({
      ...rest,
      from,
      to: to ?? ((from + 3_600) as Instant),
    }));
    const last = Math.max(midnight(world.day), ...lifted.map(({ to }) => to));
    // From the next midnight that no mandatory crosses, nothing of a lifted denial is left.
    let day = addDays(dayOf(last), 1);
    while (cleanDay(plan, day) !== day) day = addDays(day, 1);
    const [from, to] = [midnight(day), midnight(addDays(day, 1))];
    const free = subject.createResolver(plan).timeline(from, to);
    holdSame(subject.createResolver(plan, lifted).timeline(from, to), free, 'what was lifted still acts');
    // At each lift itself, whatever mandatory it lets start is not kept waiting by what it outranks.
    const lifts = new Set<number>(lifted.map((one) => one.to));
    readAlong(subject, { ...world, denials: lifted }, (entry, along) => {
      const on = along.openOf(entry);
      along.begin(entry);
      for (const at of along.edgesInside(entry).filter((edge) => lifts.has(edge))) {
        const waiting = along
          .openAt(at, 'mandatory')
          .find((open) => (on === null || outranks(open.window, on.window)) && along.fits(open, at));
        hold(waiting === undefined, () => `${told(entry)} runs on over a lift at ${at}`);
      }
    });
  },
});
