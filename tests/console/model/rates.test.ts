import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRates } from '../../../shared/assessment/format.ts';
import { rangeText } from '../../../server/console/model/percent.ts';
import { compareNullable, rateClass, rateOf, standingsOf } from '../../../server/console/model/rates.ts';
import { makeSums } from './make.ts';

const example = makeSums({ windowS: 43_200, exemptS: 7_200, onS: 28_800, offS: 4_200, usedS: 21_600 });

describe('a rate before settlement', () => {
  test('is a range from proven to what unknown time may add, for both rates', () => {
    expect(rangeText(rateOf('on', example, false))).toBe('80.00–88.33');
    expect(rangeText(rateOf('used', example, false))).toBe('60.00–68.33');
  });
  test('has no upper end where nothing was ever heard', () => {
    const silent = makeSums({ windowS: 100 });
    expect(rateOf('on', silent, true)).toEqual({ known: { numerator: 0, denominator: 100 }, upper: null });
    expect(rangeText(rateOf('on', silent, true))).toBe('0.00');
  });
  test('is — where nothing was required', () => {
    expect(rangeText(rateOf('on', makeSums(), false))).toBe('—');
  });
  test('is one value where nothing is unknown', () => {
    expect(rangeText(rateOf('on', makeSums({ windowS: 3, onS: 2, offS: 1 }), false))).toBe('66.67');
  });
});

describe('ordering', () => {
  test('tells apart what two decimals do not', () => {
    const less = { numerator: 3_999_999_999, denominator: 4_000_000_000 };
    const more = { numerator: 4_000_000_000, denominator: 4_000_000_001 };
    expect(compareNullable(less, more, 1)).toBe(-1);
    expect(compareNullable(less, more, -1)).toBe(1);
  });
  test('puts nothing to show last in both directions', () => {
    const some = { numerator: 1, denominator: 2 };
    expect(compareNullable(null, some, 1)).toBe(1);
    expect(compareNullable(null, some, -1)).toBe(1);
    expect(compareNullable(null, null, 1)).toBe(0);
  });
});

describe('provisional standings', () => {
  const row = fc
    .tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.boolean())
    .map(([on, unknown, off, silent]) => ({
      known: { numerator: on, denominator: on + unknown + off + 1 },
      upper: silent ? null : { numerator: on + unknown, denominator: on + unknown + off + 1 },
    }));

  test('lie inside their possible interval, and the interval inside the table', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rates) => {
        const standings = standingsOf(rates.map((rate, key) => ({ key, rate })));
        for (const { rank, best, worst } of standings.values()) {
          expect(best).toBeGreaterThanOrEqual(1);
          expect(rank).toBeGreaterThanOrEqual(best);
          expect(worst).toBeGreaterThanOrEqual(rank);
          expect(worst).toBeLessThanOrEqual(rates.length);
        }
      }),
    );
  });

  test('are exact where nothing is unknown', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000), { minLength: 1, maxLength: 20 }), (values) => {
        const rates = values.map((numerator) => ({ numerator, denominator: 1_000 }));
        const standings = standingsOf(rates.map((known, key) => ({ key, rate: { known, upper: known } })));
        for (const [key, { rank, best, worst }] of standings) {
          const above = rates.filter((rate) => compareRates(rate, rates[key] ?? rate) > 0).length;
          expect([rank, best, worst]).toEqual([above + 1, above + 1, above + 1]);
        }
      }),
    );
  });

  test('name the places that unknown time leaves open', () => {
    const of = (known: number, upper: number) => ({
      known: { numerator: known, denominator: 100 },
      upper: { numerator: upper, denominator: 100 },
    });
    const standings = standingsOf([
      { key: 'a', rate: of(90, 90) },
      { key: 'b', rate: of(80, 95) },
      { key: 'c', rate: of(70, 75) },
      { key: 'none', rate: null },
    ]);
    expect(standings.get('a')).toEqual({ rank: 1, best: 1, worst: 2 });
    expect(standings.get('b')).toEqual({ rank: 2, best: 1, worst: 2 });
    expect(standings.get('c')).toEqual({ rank: 3, best: 3, worst: 3 });
    expect(standings.has('none')).toBe(false);
  });
});

test('the rate scale classes by the unrounded rate', () => {
  const of = (numerator: number, denominator: number) => rateClass({ numerator, denominator });
  expect(of(0, 1)).toBe(1);
  expect(of(849_999, 1_000_000)).toBe(3);
  expect(of(85, 100)).toBe(4);
  expect(of(1, 1)).toBe(6);
});
