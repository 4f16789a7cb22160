import fc from 'fast-check';
import type { Instant } from '../../../shared/core/time.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import { assetOf, instant } from './make-plan.ts';
import type { MadePlan, MadeReserve, MadeSchedule, TierName } from './make-plan.ts';

/** Arbitrary plans whose every time is a whole minute, crowded enough for the rules to meet each other. */
const TIER: readonly TierName[] = ['province', 'city', 'county', 'township', 'village'];
export const FIRST_DAY = '2026-11-22';
export const LAST_DAY = '2026-11-23';

const clock = (minute: number) =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Windows that often cross midnight and often share edges. */
const windowArb = fc
  .tuple(fc.integer({ min: 0, max: 47 }), fc.integer({ min: 1, max: 16 }), fc.boolean())
  .map(([half, length, odd]) => {
    const start = half * 30 + (odd ? 7 : 0);
    return `${clock(start)}-${clock(start + length * 30)}`;
  });

const itemsArb = fc.array(
  fc.integer({ min: 1, max: 40 }).map((minutes) => minutes * 60),
  { minLength: 1, maxLength: 4 },
);

const daysArb = fc.constantFrom<NonNullable<MadeSchedule['days']>>(
  'every',
  'every',
  'weekdays',
  'weekends',
  'workdays',
  'holidays',
  { weekdays: [1, 7] },
);

export const scheduleArb = (id: string): fc.Arbitrary<MadeSchedule> =>
  fc
    .record({
      class: fc.constantFrom<NonNullable<MadeSchedule['class']>>(
        'mandatory',
        'mandatory',
        'rotation',
        'rotation',
        'rotation',
        'filler',
      ),
      tier: fc.constantFrom(...TIER),
      items: itemsArb,
      window: windowArb,
      days: daysArb,
      priority: fc.integer({ min: 0, max: 2 }),
      weight: fc.integer({ min: 1, max: 3 }),
      once: fc.boolean(),
      from: fc.constantFrom('2026-11-01', '2026-11-22'),
    })
    .map((made) => ({
      ...made,
      id,
      windows: [made.window],
      priority: made.class === 'rotation' ? 0 : made.priority,
      weight: made.class === 'rotation' ? made.weight : 1,
      once: made.class === 'mandatory' && made.once,
    }));

const reserveArb: fc.Arbitrary<MadeReserve> = fc
  .tuple(fc.constantFrom<TierName>('province', 'city', 'county'), windowArb)
  .map(([tier, window]) => ({ tier, windows: [window] }));

export const madePlanArb: fc.Arbitrary<MadePlan> = fc
  .record({
    count: fc.integer({ min: 1, max: 7 }),
    reserved: fc.array(reserveArb, { maxLength: 2 }),
    weights: fc.record({
      province: fc.integer({ min: 0, max: 4 }),
      county: fc.integer({ min: 1, max: 3 }),
      village: fc.integer({ min: 0, max: 7 }),
    }),
  })
  .chain(({ count, reserved, weights }) =>
    fc
      .tuple(...Array.from({ length: count }, (_, index) => scheduleArb(`s${index}`)))
      .map((schedules) => ({ schedules, reserved, weights, off: ['2026-11-23'], work: ['2026-11-22'] })),
  );

/** Denials of things that may or may not be in the plan, at whole minutes of the two days. */
export const denialsArb: fc.Arbitrary<Denial[]> = fc.array(
  fc
    .record({
      subject: fc.oneof(
        fc.integer({ min: 0, max: 6 }).map((n) => ({ kind: 'schedule' as const, subject: `s${n}` })),
        fc
          .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 3 }))
          .map(([n, item]) => ({ kind: 'asset' as const, subject: assetOf(`s${n}`, item) as string })),
        fc.constant({ kind: 'stop-all' as const, subject: '' }),
      ),
      at: fc.integer({ min: -100, max: 2 * 1440 }),
      minutes: fc.option(fc.integer({ min: 1, max: 300 })),
    })
    .map(({ subject, at, minutes }) => {
      const from = instant(FIRST_DAY, '00:00') + at * 60;
      return {
        ...subject,
        from: from as Instant,
        to: minutes === null ? null : ((from + minutes * 60) as Instant),
      };
    }),
  { maxLength: 4 },
);
