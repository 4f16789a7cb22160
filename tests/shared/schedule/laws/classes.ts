import type { TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { isMidnight, rankOf } from './calendar.ts';
import { inOrder, outranks, readAlong, told } from './ledger.ts';
import type { Ledger, Open } from './ledger.ts';
import { defineLaw, hold } from './law.ts';
import { worldArb } from './world.ts';

const CROWDED = worldArb({ denials: 4 });

/** Strictly by class, and mandatories in their order. */
export const precedence = defineLaw({
  name: 'precedence',
  source: 'DESIGN 4: strictly by class; mandatory by tier, priority, earlier start, id (rules 1–3, 14)',
  shortRuns: 150,
  arbitrary: CROWDED,
  check: (subject, world) =>
    readAlong(subject, world, (entry, ledger) => {
      const due = ledger.openAt(entry.start, 'mandatory').find((open) => ledger.fits(open, entry.start));
      const isOn = entry.class === 'mandatory' ? entry.schedule : null;
      hold(isOn === (due?.window.schedule.id ?? null), () => `${told(entry)}: ${nameOf(due)} was due`);
      if (entry.class === 'filler')
        hold(rotationThatFits(ledger, entry.start) === undefined, () => `${told(entry)} while rotation fits`);
      // What is on stays on past an edge only where nothing that outranks it can start there.
      const on = ledger.openOf(entry);
      ledger.begin(entry);
      for (const at of ledger.edgesInside(entry)) {
        const later = ledger
          .openAt(at, 'mandatory')
          .find((open) => (on === null || outranks(open.window, on.window)) && ledger.fits(open, at));
        hold(later === undefined, () => `${told(entry)} runs on at ${at} where ${nameOf(later)} was due`);
      }
    }),
});

/** Filler is on only where nothing else fits, in its order, and is cut by nothing but what may cut it. */
export const filler = defineLaw({
  name: 'filler',
  source: 'DESIGN 4: filler when nothing else is there, or nothing fits (rules 5, 12, 15)',
  shortRuns: 150,
  arbitrary: CROWDED,
  check: (subject, world) =>
    readAlong(subject, world, (entry, ledger, index, entries) => {
      if (entry.class !== 'filler') return;
      const first = firstFiller(ledger, entry.start);
      hold(
        entry.schedule === (first?.window.schedule.id ?? null),
        () => `${told(entry)}: not the first filler`,
      );
      hold(!fitsAnything(ledger, entry.start), () => `${told(entry)} where something else fits`);
      for (const at of ledger.edgesInside(entry)) {
        hold(!fitsAnything(ledger, at), () => `${told(entry)} goes on at ${at} where something can begin`);
        const better = firstFiller(ledger, at);
        const isBetter =
          better !== undefined && (first === undefined || inOrder(better.window, first.window) < 0);
        hold(!isBetter, () => `${told(entry)} goes on at ${at} where ${nameOf(better)} comes first`);
      }
      const next = entries[index + 1];
      if (next !== undefined && (entry.end < entry.plannedEnd || entry.schedule === null))
        hold(mayCut(ledger, { entry, open: first, next }), () => `${told(entry)} is cut by ${told(next)}`);
    }),
});

function mayCut(
  ledger: Ledger,
  { entry, open, next }: { entry: TimelineEntry; open: Open | undefined; next: TimelineEntry },
): boolean {
  const { end } = entry;
  if (next.class !== 'filler' || isMidnight(end)) return true;
  if (open === undefined) return next.schedule !== null;
  if (open.piece.end === end || ledger.isDenied(open.window.schedule, entry.item, end)) return true;
  const after = ledger.openOf(next);
  return after !== null && inOrder(after.window, open.window) < 0;
}

function firstFiller(ledger: Ledger, at: number): Open | undefined {
  return ledger.openAt(at, 'filler').find(({ window }) => ledger.next(window, at) >= 0);
}

function fitsAnything(ledger: Ledger, at: number): boolean {
  return (
    rotationThatFits(ledger, at) !== undefined ||
    ledger.openAt(at, 'mandatory').some((open) => ledger.fits(open, at))
  );
}

const WEIGHT_OF = ['province', 'city', 'county', 'township', 'village'] as const;
function rotationThatFits(ledger: Ledger, at: number): Open | undefined {
  const mayShow = (open: Open) => {
    const tier = WEIGHT_OF[rankOf(open.window.schedule)];
    return tier !== undefined && ledger.plan.tierWeights[tier] > 0;
  };
  return ledger.openAt(at, 'rotation').find((open) => mayShow(open) && ledger.fits(open, at));
}

const nameOf = (open: Open | undefined): string => open?.window.schedule.id ?? 'no mandatory';
