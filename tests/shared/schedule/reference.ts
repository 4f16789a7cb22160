import type { DayNumber, Instant, LocalDay } from '../../../shared/core/time.ts';
import { dayNumberOf, dayNumberOfLocalDay, isoWeekday, midnightOf } from '../../../shared/core/time.ts';
import type { Plan, PlanSchedule } from '../../../shared/plan/plan.schema.ts';
import { TIERS, tierOf, tierRank } from '../../../shared/region/tier.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import { secondsOf } from '../../../shared/schedule/windows.ts';

/**
 * SCHEDULING.md once more, as slowly and plainly as it reads: it walks step by step, asks every rule at
 * every step, and keeps nothing prepared.
 */
export interface ReferenceStep {
  readonly schedule: string | null;
  readonly item: number;
  /** Start of the showing. */
  readonly start: number;
}

/** From where to where, and in which steps: every time in the plan is a multiple of one. */
export interface Walk {
  /** Nothing may be on before it: a midnight that no mandatory window crosses, or an idle instant. */
  readonly from: number;
  readonly to: number;
  readonly stepS: number;
}

interface Opening {
  readonly schedule: PlanSchedule;
  readonly key: string;
  readonly start: number;
  readonly end: number;
}
interface Showing {
  readonly opening: Opening | null;
  readonly item: number;
  readonly start: number;
  readonly plannedEnd: number;
  readonly class: 'mandatory' | 'rotation' | 'filler';
}
/** A rational number. */
type Tag = readonly [bigint, bigint];
const ZERO: Tag = [0n, 1n];
const less = (a: Tag, b: Tag) => a[0] * b[1] < b[0] * a[1];
const same = (a: Tag, b: Tag) => a[0] * b[1] === b[0] * a[1];
const later = (a: Tag, b: Tag) => (less(a, b) ? b : a);
const plus = (a: Tag, b: Tag): Tag => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];

/** What is on at every step of a walk. */
export function resolveStepByStep(
  plan: Plan,
  denials: readonly Denial[],
  { from, to, stepS }: Walk,
): ReferenceStep[] {
  const steps: ReferenceStep[] = [];
  const rankOf = (schedule: PlanSchedule) => tierRank(tierOf(schedule.region));
  const itemsOf = (schedule: PlanSchedule) => plan.playlists[schedule.playlist]?.items ?? [];
  const denied = (kind: Denial['kind'], subject: string, at: number) =>
    denials.some(
      (one) =>
        one.kind === kind && one.subject === subject && one.from <= at && (one.to === null || at < one.to),
    );
  const isDenied = (schedule: PlanSchedule, item: number, at: number) =>
    denied('stop-all', '', at) ||
    denied('schedule', schedule.id, at) ||
    denied('asset', itemsOf(schedule)[item]?.asset ?? '', at);

  let places = new Map<string, number>();
  let tierV: Tag = ZERO;
  let tierFinish: Tag[] = [];
  let insideV: Tag[] = [];
  let insideFinish = new Map<string, Tag>();
  const mandatoryPlaces = new Map<string, number>();

  const all = plan.schedules.flatMap((schedule) =>
    spans(plan, schedule, from, to).map(
      ({ start, end }): Opening => ({ schedule, key: `${schedule.id}@${start}-${end}`, start, end }),
    ),
  );
  const kept = plan.reserved.flatMap((reserve) =>
    spans(plan, reserve, from, to).map((span) => ({ ...span, rank: tierRank(tierOf(reserve.region)) })),
  );
  const isReserved = (opening: Opening, at: number) =>
    kept.some(({ start, end, rank }) => start <= at && at < end && rank < rankOf(opening.schedule));
  const openAt = (at: number, kind: PlanSchedule['class']) =>
    all
      .filter((one) => one.schedule.class === kind && one.start <= at && at < one.end)
      .filter((one) => !isReserved(one, at));

  function orderOf(a: Opening, b: Opening): number {
    return (
      rankOf(a.schedule) - rankOf(b.schedule) ||
      b.schedule.priority - a.schedule.priority ||
      a.start - b.start ||
      (a.schedule.id < b.schedule.id ? -1 : a.schedule.id > b.schedule.id ? 1 : a.end - b.end)
    );
  }
  function nextItem(opening: Opening, at: number): number {
    const { schedule } = opening;
    const length = itemsOf(schedule).length;
    const place =
      schedule.class === 'mandatory'
        ? (mandatoryPlaces.get(opening.key) ?? 0)
        : (places.get(schedule.id) ?? 0);
    for (let item = place; item < place + length; item += 1) {
      if (schedule.once && item >= length) return -1;
      if (!isDenied(schedule, item % length, at)) return item % length;
    }
    return -1;
  }
  /** Whether an item of `length` seconds may be on from `at`, step by step. */
  function fits(opening: Opening, length: number, at: number): boolean {
    for (let step = at; step < at + length; step += stepS) {
      if (step >= opening.end || isReserved(opening, step)) return false;
      if (step === at) continue;
      if (opening.schedule.class !== 'mandatory' && isMidnight(step)) return false;
      for (const other of all) {
        if (other.schedule.class !== 'mandatory') continue;
        if (opening.schedule.class === 'mandatory' && orderOf(other, opening) >= 0) continue;
        if (startsAt(other, step) && nextItem(other, at) >= 0) return false;
      }
    }
    return true;
  }
  function startsAt(opening: Opening, at: number): boolean {
    const open = (step: number) => opening.start <= step && step < opening.end && !isReserved(opening, step);
    return open(at) && !open(at - stepS);
  }
  function decideMandatory(at: number, above: Opening | null): Showing | null {
    for (const opening of openAt(at, 'mandatory').sort(orderOf)) {
      if (above !== null && orderOf(opening, above) >= 0) continue;
      const item = nextItem(opening, at);
      if (item < 0) continue;
      const length = itemsOf(opening.schedule)[item]?.durationS ?? 0;
      if (fits(opening, length, at))
        return { opening, item, start: at, plannedEnd: at + length, class: 'mandatory' };
    }
    return null;
  }
  function decideRotation(at: number): Showing | null {
    const fitting = openAt(at, 'rotation').filter((opening) => {
      if (plan.tierWeights[tierOf(opening.schedule.region)] === 0) return false;
      const item = nextItem(opening, at);
      return item >= 0 && fits(opening, itemsOf(opening.schedule)[item]?.durationS ?? 0, at);
    });
    const tags = (opening: Opening) => {
      const rank = rankOf(opening.schedule);
      return {
        tier: later(tierV, tierFinish[rank] ?? ZERO),
        own: later(insideV[rank] ?? ZERO, insideFinish.get(opening.schedule.id) ?? ZERO),
      };
    };
    const turn = (opening: Opening) => {
      const siblings = plan.schedules
        .filter((one) => one.class === 'rotation' && rankOf(one) === rankOf(opening.schedule))
        .map((one) => one.id)
        .sort();
      return (siblings.indexOf(opening.schedule.id) + dayNumberOf(at as Instant)) % siblings.length;
    };
    fitting.sort((a, b) => {
      const x = tags(a);
      const y = tags(b);
      if (!same(x.tier, y.tier)) return less(x.tier, y.tier) ? -1 : 1;
      const ranks = rankOf(a.schedule) - rankOf(b.schedule);
      if (ranks !== 0) return ranks;
      if (!same(x.own, y.own)) return less(x.own, y.own) ? -1 : 1;
      return turn(a) - turn(b) || b.end - a.end;
    });
    const opening = fitting[0];
    if (opening === undefined) return null;
    const item = nextItem(opening, at);
    const length = itemsOf(opening.schedule)[item]?.durationS ?? 0;
    return { opening, item, start: at, plannedEnd: at + length, class: 'rotation' };
  }
  function decide(at: number): Showing {
    const better = decideMandatory(at, null) ?? decideRotation(at);
    if (better !== null) return better;
    for (const opening of openAt(at, 'filler').sort(orderOf)) {
      const item = nextItem(opening, at);
      const length = itemsOf(opening.schedule)[item]?.durationS ?? 0;
      if (item >= 0) return { opening, item, start: at, plannedEnd: at + length, class: 'filler' };
    }
    return { opening: null, item: -1, start: at, plannedEnd: Infinity, class: 'filler' };
  }
  function isOver(showing: Showing, at: number): boolean {
    const { opening } = showing;
    if (at === showing.plannedEnd) return true;
    if (opening !== null && isDenied(opening.schedule, showing.item, at)) return true;
    if (showing.class !== 'filler')
      return decideMandatory(at, showing.class === 'mandatory' ? opening : null) !== null;
    if (isMidnight(at)) return true;
    if (opening !== null && (at >= opening.end || isReserved(opening, at))) return true;
    const other = decide(at);
    if (other.class !== 'filler') return true;
    return other.opening !== null && (opening === null || orderOf(other.opening, opening) < 0);
  }
  function close(showing: Showing, at: number): void {
    const { opening, item } = showing;
    if (opening === null) return;
    const { schedule } = opening;
    if (schedule.class === 'mandatory')
      mandatoryPlaces.set(opening.key, schedule.once ? item + 1 : (item + 1) % itemsOf(schedule).length);
    else places.set(schedule.id, (item + 1) % itemsOf(schedule).length);
    if (schedule.class !== 'rotation') return;
    const rank = rankOf(schedule);
    const airtime = BigInt(at - showing.start);
    tierV = later(tierV, tierFinish[rank] ?? ZERO);
    tierFinish[rank] = plus(tierV, [airtime, BigInt(plan.tierWeights[tierOf(schedule.region)])]);
    const ownStart = later(insideV[rank] ?? ZERO, insideFinish.get(schedule.id) ?? ZERO);
    insideV[rank] = ownStart;
    insideFinish.set(schedule.id, plus(ownStart, [airtime, BigInt(schedule.weight)]));
  }
  function newDay(at: number): void {
    const day = dayNumberOf(at as Instant);
    tierV = ZERO;
    tierFinish = TIERS.map(() => ZERO);
    insideV = TIERS.map(() => ZERO);
    insideFinish = new Map();
    places = new Map(
      plan.schedules.map((schedule) => [
        schedule.id,
        (startsBefore(plan, schedule, day) * schedule.windows.length) % Math.max(1, itemsOf(schedule).length),
      ]),
    );
  }

  let showing: Showing | null = null;
  for (let at = from; at < to; at += stepS) {
    if (showing !== null && isOver(showing, at)) {
      close(showing, at);
      showing = null;
    }
    if (isMidnight(at) || at === from) newDay(at);
    showing ??= decide(at);
    steps.push({
      schedule: showing.opening?.schedule.id ?? null,
      item: showing.item,
      start: showing.start,
    });
  }
  return steps;
}

function isMidnight(at: number): boolean {
  return midnightOf(dayNumberOf(at as Instant)) === at;
}

function holds(
  plan: Plan,
  terms: Pick<PlanSchedule, 'days' | 'excludeDates' | 'validity'>,
  day: DayNumber,
): boolean {
  const text = new Date(day * 86_400_000).toISOString().slice(0, 10) as LocalDay;
  const { from, to } = terms.validity;
  if (text < from || (to !== null && text > to) || terms.excludeDates.includes(text)) return false;
  const weekday = isoWeekday(day);
  const isWorkday = plan.holidays.work.includes(text) || (weekday <= 5 && !plan.holidays.off.includes(text));
  if (terms.days === 'every') return true;
  if (terms.days === 'weekdays') return weekday <= 5;
  if (terms.days === 'weekends') return weekday > 5;
  if (terms.days === 'workdays') return isWorkday;
  if (terms.days === 'holidays') return !isWorkday;
  return 'dates' in terms.days ? terms.days.dates.includes(text) : terms.days.weekdays.includes(weekday);
}

function startsBefore(plan: Plan, schedule: PlanSchedule, day: DayNumber): number {
  let count = 0;
  for (let one = dayNumberOfLocalDay(schedule.validity.from); one < day; one = (one + 1) as DayNumber)
    if (holds(plan, schedule, one)) count += 1;
  return count;
}

type Terms = Pick<PlanSchedule, 'days' | 'excludeDates' | 'validity' | 'windows'>;

/** Every window of the terms that touches the walk. */
function spans(plan: Plan, terms: Terms, from: number, to: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let day = dayNumberOf(from as Instant) - 1; day <= dayNumberOf(to as Instant); day += 1) {
    if (!holds(plan, terms, day as DayNumber)) continue;
    for (const window of terms.windows) {
      const start = midnightOf(day as DayNumber) + secondsOf(window.start);
      let end = midnightOf(day as DayNumber) + secondsOf(window.end);
      if (end <= start) end += 86_400;
      found.push({ start, end });
    }
  }
  return found;
}
