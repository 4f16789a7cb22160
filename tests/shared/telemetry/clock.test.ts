import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DRIFT_PARTS,
  makeBootClock,
  measureOffset,
  midOffset,
  narrowOffset,
  placeUnmetBoot,
  type UnmetBoot,
  widenOffset,
} from '../../../shared/telemetry/clock.ts';
import type { ClockOffset } from '../../../shared/telemetry/record.schema.ts';

const HOUR = 3_600_000;
const T0 = 1_800_000_000_000;

describe('measureOffset', () => {
  it('bounds the true offset whatever the two ways took', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: -1e12, max: 2e12 }),
        fc.tuple(fc.nat(5_000), fc.nat(50), fc.nat(5_000)),
        (t0, truth, [there, inside, back]) => {
          const sample = measureOffset(
            t0,
            t0 + there + truth,
            t0 + there + inside + truth,
            t0 + there + inside + back,
          ) as ClockOffset;
          expect(sample.lo).toBeLessThanOrEqual(truth);
          expect(sample.hi).toBeGreaterThanOrEqual(truth);
          expect(sample.hi - sample.lo).toBe(there + back + 1);
        },
      ),
    );
  });

  it('gives nothing where the center clock stepped during the exchange', () => {
    expect(measureOffset(0, 1_000_000, 400_000, 10)).toBeNull();
    expect(measureOffset(0, 400_000, 1_000_000, 10)).toBeNull();
  });

  it('hits the exact offset with its middle where the link takes no time', () => {
    expect(midOffset(measureOffset(5_000, T0 + 5_000, T0 + 5_000, 5_000) as ClockOffset)).toBe(T0);
  });
});

describe('makeBootClock', () => {
  it('has nothing to say without a sample', () => {
    expect(makeBootClock([])).toBeNull();
  });

  it('rule 1: widens each bound by 100 ppm of the time from its measurement', () => {
    expect(widenOffset({ lo: 100, hi: 200, at: 0 }, HOUR)).toEqual({ lo: -260, hi: 560, at: HOUR });
  });

  it('rule 1: intersects the widened bounds and takes the middle', () => {
    const clock = makeBootClock([
      { lo: T0, hi: T0 + 1_000, at: 0 },
      { lo: T0 + 400, hi: T0 + 2_000, at: 0 },
    ]);
    expect(clock?.placeMs(0)).toBe(T0 + 700);
  });

  it('rule 1: an empty intersection places nothing', () => {
    const clock = makeBootClock([
      { lo: T0, hi: T0 + 10, at: 0 },
      { lo: T0 + 5_000, hi: T0 + 5_010, at: HOUR },
    ]);
    expect(clock?.placeMs(HOUR / 2)).toBeNull();
    expect(clock?.placeMs(2 * HOUR)).toBeNull();
  });

  const samples = fc.array(
    fc.record({ at: fc.nat(30 * 24 * HOUR), below: fc.nat(3_000), above: fc.nat(3_000) }),
    { minLength: 1, maxLength: 12 },
  );

  it('equals intersecting all widened bounds one by one, in any order', () => {
    fc.assert(
      fc.property(samples, fc.nat(40 * 24 * HOUR), (parts, mono) => {
        const list = parts.map(({ at, below, above }) => ({ at, lo: T0 - below, hi: T0 + above }));
        const low = Math.max(...list.map((s) => (s.lo - T0) * DRIFT_PARTS - Math.abs(mono - s.at)));
        const high = Math.min(...list.map((s) => (s.hi - T0) * DRIFT_PARTS + Math.abs(mono - s.at)));
        const expected = mono + T0 + Math.floor((low + high) / (2 * DRIFT_PARTS));
        expect(makeBootClock(list)?.placeMs(mono)).toBe(expected);
        expect(makeBootClock(list.toReversed())?.placeMs(mono)).toBe(expected);
      }),
    );
  });

  it('keeps the order of instants and stays within the bounds of a drifting clock', () => {
    fc.assert(
      fc.property(samples, fc.array(fc.nat(30 * 24 * HOUR), { maxLength: 6 }), (parts, instants) => {
        const drift = 0.00004;
        const list = parts.map(({ at, below, above }) => {
          const truth = T0 + Math.round(at * drift);
          return { at, lo: truth - below, hi: truth + above };
        });
        const clock = makeBootClock(list);
        let last = Number.NEGATIVE_INFINITY;
        for (const mono of instants.toSorted((a, b) => a - b)) {
          const placed = clock?.placeMs(mono);
          expect(placed).not.toBeNull();
          expect(placed).toBeGreaterThanOrEqual(last);
          last = placed as number;
        }
      }),
    );
  });
});

describe('narrowOffset', () => {
  it('keeps the tighter of the old bounds, widened, and the new ones', () => {
    const known = { lo: T0, hi: T0 + 20, at: 0 };
    expect(narrowOffset(known, { lo: T0 - 500, hi: T0 + 10, at: 100_000 })).toEqual({
      lo: T0 - 10,
      hi: T0 + 10,
      at: 100_000,
    });
  });

  it('says when both cannot be true', () => {
    expect(narrowOffset({ lo: 0, hi: 5, at: 0 }, { lo: 1_000, hi: 1_005, at: 10 })).toBeNull();
  });
});

describe('placeUnmetBoot', () => {
  const boot = (patch: Partial<UnmetBoot> = {}): UnmetBoot => ({
    readings: [
      { mono: 0, wall: T0 },
      { mono: HOUR, wall: T0 + HOUR },
    ],
    lastMono: HOUR,
    before: { offsetMs: 2_000, atMs: T0 - HOUR },
    after: { offsetMs: 30_000, atMs: T0 + 3 * HOUR },
    notBeforeMs: T0 - HOUR,
    notAfterMs: T0 + 2 * HOUR,
    ...patch,
  });

  it('rule 3: uses the offset known before', () => {
    const placed = placeUnmetBoot(boot());
    expect(placed.kind === 'placed' && placed.clock.placeMs(1_000)).toBe(T0 + 3_000);
  });

  it('rule 3: waits until an offset after it is known', () => {
    expect(placeUnmetBoot(boot({ after: null }))).toEqual({ kind: 'waiting' });
    expect(placeUnmetBoot(boot({ before: null }))).toEqual({ kind: 'waiting' });
  });

  it('rule 3: refuses offsets that differ by more than 60 s and drift', () => {
    const after = (offsetMs: number) => ({ offsetMs, atMs: T0 + 3 * HOUR });
    // Four hours between the two readings: 60 s + 1.44 s.
    expect(placeUnmetBoot(boot({ after: after(2_000 + 61_440) })).kind).toBe('placed');
    expect(placeUnmetBoot(boot({ after: after(2_000 + 61_441) }))).toEqual({
      kind: 'refused',
      reason: 'offsets-disagree',
    });
  });

  it('rule 3: refuses a wall clock that stepped against the monotonic clock', () => {
    const readings = [
      { mono: 0, wall: T0 },
      { mono: HOUR, wall: T0 + HOUR + 61_000 },
    ];
    expect(placeUnmetBoot(boot({ readings }))).toEqual({ kind: 'refused', reason: 'wall-stepped' });
  });

  it('rule 3: refuses a boot that does not fit between its neighbours', () => {
    expect(placeUnmetBoot(boot({ notAfterMs: T0 + HOUR / 2 }))).toEqual({
      kind: 'refused',
      reason: 'overlaps-neighbour',
    });
    expect(placeUnmetBoot(boot({ notBeforeMs: T0 + HOUR / 2 }))).toEqual({
      kind: 'refused',
      reason: 'overlaps-neighbour',
    });
  });
});
