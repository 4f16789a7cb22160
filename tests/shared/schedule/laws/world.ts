import fc from 'fast-check';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { Instant, LocalDay } from '../../../../shared/core/time.ts';
import type { Plan } from '../../../../shared/plan/plan.schema.ts';
import type { QuotaPolicy } from '../../../../shared/schedule/schedule.schema.ts';
import type { Denial } from '../../../../shared/schedule/timeline.ts';
import { assetOf, makePlan, REGION } from '../make-plan.ts';
import type { MadePlan, MadeReserve, MadeSchedule, TierName } from '../make-plan.ts';
import { addDays, midnight } from './calendar.ts';
import type { Subject } from './law.ts';
import { policiesArb } from './policies.ts';

/**
 * Arbitrary provinces seen from one screen: what is scheduled there, by whom, under which policies,
 * what is reserved and what is denied. Crowded, so that the rules meet each other.
 */
export interface World {
  /** The screen's village. */
  readonly place: string;
  /** The first of the two days that are looked at. */
  readonly day: string;
  readonly made: MadePlan;
  readonly policies: readonly QuotaPolicy[];
  readonly denials: readonly Denial[];
}

export interface WorldOptions {
  /** All times are multiples of it, in seconds. */
  readonly grainS: 1 | 60;
  readonly schedules: number;
  readonly denials: number;
  /** Whether windows of one schedule may overlap each other. */
  readonly overlapping: boolean;
}

const OPTIONS: WorldOptions = { grainS: 1, schedules: 7, denials: 0, overlapping: false };
const PLACES = [REGION.village, '411724006003', '419001101205'];
/** Sundays, month ends, a leap day, National Day with its 调休. */
const DAYS = ['2026-11-22', '2026-09-30', '2026-02-13', '2026-12-31', '2028-02-28', '2026-10-10'];
export const TIER: readonly TierName[] = ['province', 'city', 'county', 'township', 'village'];

/** Days around day 0, as offsets. */
const nearDays = fc.uniqueArray(fc.integer({ min: -9, max: 3 }), { maxLength: 6 });

export const dayRuleArb = fc.oneof(
  { weight: 4, arbitrary: fc.constant('every' as const) },
  { weight: 3, arbitrary: fc.constantFrom('weekdays', 'weekends', 'workdays', 'holidays') },
  {
    weight: 1,
    arbitrary: fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ near: fc.array(fc.integer({ min: -4, max: 3 }), { minLength: 1 }) }) },
);

/** `HH:MM:SS` of a second of the day. */
export const clock = (second: number): string =>
  [Math.floor(second / 3600) % 24, Math.floor(second / 60) % 60, second % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');

/** One or two windows that often cross midnight and often share edges with others. */
const windowsArb = ({ grainS, overlapping }: WorldOptions) =>
  fc
    .record({
      halves: fc.uniqueArray(fc.integer({ min: 0, max: 47 }), {
        minLength: 2,
        maxLength: 4,
        selector: (half) => half,
      }),
      shiftS: fc.constantFrom(0, 0, 0, grainS === 1 ? 61 : 420),
      turn: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ halves, shiftS, turn }) => {
      // In order around the clock, from any of them: pairs of neighbours never overlap.
      const around = halves.toSorted((a, b) => a - b);
      const marks = [...around.slice(turn), ...around.slice(0, turn)].map((half) => half * 1800 + shiftS);
      const [a = 0, b = 0, c, d] = marks;
      const text = (from: number, to: number) => `${clock(from)}-${clock(to)}`;
      if (c === undefined || d === undefined) return [text(a, b)];
      return overlapping ? [text(a, c), text(b, d)] : [text(a, b), text(c, d)];
    });

export const scheduleArb = (options: WorldOptions) =>
  fc.record({
    class: fc.constantFrom('mandatory', 'mandatory', 'rotation', 'rotation', 'rotation', 'filler'),
    tier: fc.constantFrom(...TIER),
    items: fc.array(
      options.grainS === 60
        ? fc.integer({ min: 1, max: 40 }).map((minutes) => minutes * 60)
        : fc.oneof(
            fc.integer({ min: 2, max: 40 }).map((m) => m * 60),
            fc.integer({ min: 90, max: 1900 }),
          ),
      { minLength: 1, maxLength: 4 },
    ),
    windows: windowsArb(options),
    days: dayRuleArb,
    exclude: fc.array(fc.integer({ min: -9, max: 2 }), { maxLength: 2 }),
    from: fc.integer({ min: -30, max: 0 }),
    to: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 5 }),
    priority: fc.integer({ min: -1, max: 2 }),
    weight: fc.integer({ min: 1, max: 5 }),
    once: fc.boolean(),
  });
type Drawn = typeof scheduleArb extends (options: WorldOptions) => fc.Arbitrary<infer One> ? One : never;

const reserveArb = (options: WorldOptions) =>
  fc.record({
    tier: fc.constantFrom(...TIER.slice(0, 4)),
    windows: windowsArb({ ...options, overlapping: false }),
    days: dayRuleArb,
  });

/** A schedule from what was drawn; on days whose number leaves `rest` by 7 no mandatory runs over midnight. */
export function scheduleOf(drawn: Drawn, id: string, day: string, rest: number): MadeSchedule {
  const { class: kind, priority, weight, once } = drawn;
  const isMandatory = kind === 'mandatory';
  return {
    id,
    class: kind as NonNullable<MadeSchedule['class']>,
    tier: drawn.tier,
    items: drawn.items,
    windows: drawn.windows,
    days: daysOf(drawn.days as DrawnDays, day),
    excludeDates: [
      ...drawn.exclude.map((offset) => addDays(day, offset)),
      ...(isMandatory ? everySeventh(day, rest) : []),
    ],
    from: addDays(day, drawn.from),
    to: drawn.to === null ? null : addDays(day, drawn.to),
    priority: kind === 'rotation' ? 0 : priority,
    weight: kind === 'rotation' ? weight : 1,
    once: isMandatory && once,
  };
}

export type DrawnDays = Extract<MadeSchedule['days'], string> | { weekdays: number[] } | { near: number[] };

/** A day rule whose dates are counted from a day. */
export function daysOf(drawn: DrawnDays, day: string): NonNullable<MadeSchedule['days']> {
  if (typeof drawn === 'string' || 'weekdays' in drawn) return drawn;
  return { dates: drawn.near.map((offset) => addDays(day, offset) as LocalDay) };
}

/** So that no chain of crossed midnights is longer than the 7 days that publishing allows (rule 4). */
function everySeventh(day: string, rest: number): string[] {
  return Array.from({ length: 10 }, (_, week) => addDays(day, rest + (week - 5) * 7));
}

export function worldArb(patch: Partial<WorldOptions> = {}): fc.Arbitrary<World> {
  const options = { ...OPTIONS, ...patch };
  return fc
    .record({
      place: fc.constantFrom(...PLACES),
      day: fc.constantFrom(...DAYS),
      schedules: fc.array(scheduleArb(options), { minLength: 1, maxLength: options.schedules }),
      reserved: fc.array(reserveArb(options), { maxLength: 2 }),
      policies: policiesArb,
      denials: denialsArb(options),
      off: nearDays,
      work: nearDays,
      rest: fc.integer({ min: -3, max: 3 }),
    })
    .map(({ place, day, schedules, reserved, policies, denials, off, work, rest }) => ({
      place,
      day,
      made: {
        schedules: schedules.map((drawn, index) => scheduleOf(drawn, `s${index}`, day, rest)),
        reserved: reserved.map(
          (one): MadeReserve => ({
            tier: one.tier,
            windows: one.windows,
            days: daysOf(one.days as DrawnDays, day),
          }),
        ),
        off: off.map((offset) => addDays(day, offset)),
        work: work.map((offset) => addDays(day, offset)),
      },
      policies: policies(place),
      denials: denials(day),
    }));
}

/** Denials of things that may or may not be in the plan, on the two days. */
function denialsArb({ grainS, denials }: WorldOptions): fc.Arbitrary<(day: string) => Denial[]> {
  const subjectArb = fc.oneof(
    fc.integer({ min: 0, max: 6 }).map((n) => ({ kind: 'schedule' as const, subject: `s${n}` })),
    fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 3 }))
      .map(([n, item]) => ({ kind: 'asset' as const, subject: assetOf(`s${n}`, item) as string })),
    fc.constant({ kind: 'stop-all' as const, subject: '' }),
  );
  const most = (seconds: number) => Math.floor(seconds / grainS);
  return fc
    .array(
      fc.record({
        subject: subjectArb,
        from: fc.integer({ min: -most(7200), max: most(2 * 86_400) }),
        length: fc.option(fc.integer({ min: 1, max: most(20_000) }), { freq: 6 }),
      }),
      { maxLength: denials },
    )
    .map((drawn) => (day) => {
      return drawn.map(({ subject, from, length }): Denial => {
        const begins = midnight(day) + from * grainS;
        const lifted = length === null ? null : ((begins + length * grainS) as Instant);
        return { ...subject, from: begins as Instant, to: lifted };
      });
    });
}

/** The plan of a world's screen, its weights by the quota rules under test. */
export function planOf({ tierWeights }: Pick<Subject, 'tierWeights'>, world: World): Plan {
  const { place, made, policies } = world;
  const at = <One extends { readonly region: RegionCode }>(one: One): One => ({
    ...one,
    region: place.slice(0, one.region.length) as RegionCode,
  });
  const plan = makePlan(made);
  return {
    ...plan,
    tierWeights: tierWeights(policies, place as RegionCode),
    schedules: plan.schedules.map(at),
    reserved: plan.reserved.map(at),
  };
}

/** The two days of a world: from the first midnight to the last. */
export function stretchOf({ day }: Pick<World, 'day'>): { readonly from: Instant; readonly to: Instant } {
  return { from: midnight(day), to: midnight(addDays(day, 2)) };
}
