import type { Plan, PlanSchedule } from '../../../../shared/plan/plan.schema.ts';
import type { Denial, TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { addDays, cleanDay, dayOf, midnight, rankOf, startsBefore, windowsOf } from './calendar.ts';
import type { OpenWindow, Span } from './calendar.ts';
import type { Subject } from './law.ts';
import { hold } from './law.ts';
import { planOf, stretchOf } from './world.ts';
import type { World } from './world.ts';

/** A piece of a window that is open at the ledger's instant. */
export interface Open {
  readonly window: OpenWindow;
  readonly piece: Span;
}

/**
 * Reads a timeline along with the windows: where every playlist stands at the entry at hand, what is
 * open and denied, and what fits. It never chooses; whether the choice was right is for the laws.
 */
export class Ledger {
  readonly plan: Plan;
  readonly denials: readonly Denial[];
  readonly #windows: readonly OpenWindow[];
  readonly #mandatoryStarts: readonly { readonly at: number; readonly window: OpenWindow }[];
  /** Instants at which a window opens or a denial begins or is lifted. */
  readonly #edges: readonly number[];
  #places = new Map<string, number>();
  #day = '';

  constructor(
    plan: Plan,
    denials: readonly Denial[],
    span: { readonly first: string; readonly last: string },
  ) {
    this.plan = plan;
    this.denials = denials.filter(({ from, to }) => to === null || to > from);
    this.#windows = windowsOf(plan, span.first, span.last).filter(
      ({ schedule }) => this.itemsOf(schedule).length > 0,
    );
    const starts = this.#windows.flatMap((window) =>
      window.pieces.map(({ start }) => ({ at: start, window })),
    );
    this.#mandatoryStarts = starts.filter(({ window }) => window.schedule.class === 'mandatory');
    const changes = this.denials.flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
    this.#edges = [...new Set<number>([...starts.map(({ at }) => at), ...changes])];
  }

  itemsOf(schedule: PlanSchedule): readonly { readonly asset: string; readonly durationS: number }[] {
    return this.plan.playlists[schedule.playlist]?.items ?? [];
  }

  /** Instants strictly inside an entry at which a window opens or a denial begins or is lifted. */
  edgesInside({ start, end }: Span): number[] {
    return this.#edges.filter((at) => at > start && at < end);
  }

  /** What is open, in the class's order: tier, priority, start of the whole window, id. */
  openAt(at: number, kind: PlanSchedule['class']): Open[] {
    const open: Open[] = [];
    for (const window of this.#windows) {
      if (window.schedule.class !== kind || window.start > at || window.end <= at) continue;
      const piece = window.pieces.find(({ start, end }) => start <= at && at < end);
      if (piece !== undefined) open.push({ window, piece });
    }
    return open.sort((a, b) => inOrder(a.window, b.window));
  }

  /** The window that an entry is on in; `null` for the player's own filler. */
  openOf(entry: TimelineEntry): Open | null {
    if (entry.schedule === null) return null;
    const open = this.openAt(entry.start, entry.class).find(
      (one) => one.window.schedule.id === entry.schedule,
    );
    hold(open !== undefined, () => `${told(entry)} is on outside its windows`);
    return open ?? null;
  }

  isDenied(schedule: PlanSchedule, item: number, at: number): boolean {
    const asset = this.itemsOf(schedule)[item]?.asset;
    return this.denials.some(
      ({ kind, subject, from, to }) =>
        from <= at &&
        (to === null || at < to) &&
        (kind === 'stop-all' || subject === (kind === 'asset' ? asset : schedule.id)),
    );
  }

  /** The next item of a window's playlist that is not denied at an instant, or -1 (rules 2, 3, 6, 13). */
  next(window: OpenWindow, at: number): number {
    const { schedule } = window;
    const place = this.#places.get(keyOf(window)) ?? 0;
    const { length } = this.itemsOf(schedule);
    for (let item = place; item < place + length; item += 1) {
      if (schedule.once && item >= length) return -1;
      if (!this.isDenied(schedule, item % length, at)) return item % length;
    }
    return -1;
  }

  lengthOf(window: OpenWindow, item: number): number {
    return this.itemsOf(window.schedule)[item]?.durationS ?? 0;
  }

  /** Whether its next item may be on from an instant: by its window's end, before what outranks it. */
  fits({ window, piece }: Open, at: number): boolean {
    const item = this.next(window, at);
    if (item < 0) return false;
    const end = at + this.lengthOf(window, item);
    return end <= piece.end && end <= this.hardStartAfter(window, at);
  }

  /** The next start of a mandatory window that outranks this one and has something to show (rules 1, 2). */
  hardStartAfter(window: OpenWindow, after: number): number {
    let first = Infinity;
    for (const { at, window: other } of this.#mandatoryStarts)
      if (at > after && at < first && outranks(other, window) && this.next(other, after) >= 0) first = at;
    return first;
  }

  /** Playlists of rotation and filler begin anew with the local day (rule 6). */
  enter(at: number): void {
    const day = dayOf(at);
    if (day === this.#day) return;
    this.#day = day;
    for (const schedule of this.plan.schedules) {
      if (schedule.class === 'mandatory') continue;
      const { length } = this.itemsOf(schedule);
      if (length > 0) this.#places.set(schedule.id, startsBefore(this.plan, schedule, day) % length);
    }
  }

  /** Notes that an entry began. */
  begin(entry: TimelineEntry): void {
    const open = this.openOf(entry);
    if (open === null) return;
    const { schedule } = open.window;
    const { length } = this.itemsOf(schedule);
    const next = schedule.once ? entry.item + 1 : (entry.item + 1) % length;
    this.#places.set(keyOf(open.window), next);
  }
}

/** A mandatory's place belongs to one window, the others' to the day (rules 3 and 6). */
function keyOf({ schedule, start }: OpenWindow): string {
  return schedule.class === 'mandatory' ? `${schedule.id}@${start}` : schedule.id;
}

/** Higher tier, then higher priority, then earlier start of the whole window, then id. */
export function inOrder(a: OpenWindow, b: OpenWindow): number {
  return (
    rankOf(a.schedule) - rankOf(b.schedule) ||
    b.schedule.priority - a.schedule.priority ||
    a.start - b.start ||
    (a.schedule.id < b.schedule.id ? -1 : a.schedule.id > b.schedule.id ? 1 : a.end - b.end)
  );
}

/** Whether a mandatory's window outranks another window of any class. */
export function outranks(mandatory: OpenWindow, other: OpenWindow): boolean {
  return other.schedule.class !== 'mandatory' || inOrder(mandatory, other) < 0;
}

/**
 * The world's timeline from the last clean midnight, and a ledger that stands before its first entry.
 * Calls `visit` with every entry, the ledger standing before it.
 */
export function readAlong(
  subject: Subject,
  world: World,
  visit: (entry: TimelineEntry, ledger: Ledger, index: number, entries: readonly TimelineEntry[]) => void,
): void {
  const plan = planOf(subject, world);
  const { to } = stretchOf(world);
  const first = cleanDay(plan, world.day);
  // Also the windows of the next days: their hard starts are boundaries already.
  const ledger = new Ledger(plan, world.denials, { first, last: addDays(world.day, 3) });
  const entries = subject.createResolver(plan, world.denials).timeline(midnight(first), to);
  for (const [index, entry] of entries.entries()) {
    if (entry.start >= to) break;
    ledger.enter(entry.start);
    visit(entry, ledger, index, entries);
    ledger.begin(entry);
  }
}

/** An entry for reading: `mandatory s1/0 2026-11-22 08:00:00–08:01:00`. */
export function told({ class: kind, schedule, item, start, end }: TimelineEntry): string {
  const local = (at: number) => new Date((at + 8 * 3600) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${kind} ${schedule ?? '-'}/${item} ${local(start)}–${local(end).slice(11)}`;
}
