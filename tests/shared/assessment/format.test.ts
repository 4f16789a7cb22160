import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SUMS, addSums, compareRates, isRanked, ratePercent } from '../../../shared/assessment/format.ts';

describe('ratePercent', () => {
  it('shows two decimals, half up', () => {
    expect(ratePercent(8, 10)).toBe('80.00');
    expect(ratePercent(8_814, 10_000)).toBe('88.14');
    expect(ratePercent(2, 3)).toBe('66.67');
    expect(ratePercent(88_145, 100_000)).toBe('88.15');
    expect(ratePercent(88_144_999, 100_000_000)).toBe('88.14');
    expect(ratePercent(1, 20_000)).toBe('0.01');
    expect(ratePercent(0, 5)).toBe('0.00');
    expect(ratePercent(5, 5)).toBe('100.00');
  });

  it('shows a dash where nothing was required', () => {
    expect(ratePercent(0, 0)).toBe('—');
  });

  it('stays exact at the size of a province month', () => {
    const month = 50_000 * 31 * 86_400;
    expect(ratePercent(month - 1, month)).toBe('100.00');
    expect(ratePercent(month / 2, month)).toBe('50.00');
  });
});

describe('compareRates', () => {
  it('orders unrounded values: rates that print alike are still told apart', () => {
    const a = { numerator: 99_999_999, denominator: 133_920_000_000 };
    const b = { numerator: 100_000_000, denominator: 133_920_000_000 };
    expect(compareRates(a, b)).toBe(-1);
    expect(compareRates(b, a)).toBe(1);
    expect(compareRates({ numerator: 1, denominator: 2 }, { numerator: 2, denominator: 4 })).toBe(0);
  });

  it('puts rates without a denominator first and is antisymmetric', () => {
    expect(compareRates({ numerator: 0, denominator: 0 }, { numerator: 0, denominator: 9 })).toBe(-1);
    const rate = fc.record({ numerator: fc.nat(100), denominator: fc.nat(100) });
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        expect(compareRates(a, b) + compareRates(b, a)).toBe(0);
      }),
    );
  });
});

describe('addSums and isRanked', () => {
  it('pools sums, never ratios', () => {
    const one = { ...NO_SUMS, requiredS: 10, onS: 10 };
    const two = { ...NO_SUMS, requiredS: 90, onS: 0 };
    const sum = addSums(one, two);
    expect(ratePercent(sum.onS, sum.requiredS)).toBe('10.00');
  });

  it('rule 18: a county above 50 % exempt is not ranked', () => {
    expect(isRanked({ ...NO_SUMS, windowS: 100, exemptS: 50, requiredS: 50 })).toBe(true);
    expect(isRanked({ ...NO_SUMS, windowS: 100, exemptS: 51, requiredS: 49 })).toBe(false);
    expect(isRanked(NO_SUMS)).toBe(false);
  });
});
