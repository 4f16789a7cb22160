import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Spans,
  clip,
  covers,
  intersect,
  measure,
  normalize,
  span,
  subtract,
  union,
} from '../../../shared/assessment/intervals.ts';

const SIZE = 64;
const lists = fc.array(fc.record({ start: fc.nat(SIZE), end: fc.nat(SIZE) }), { maxLength: 8 });
const sets = lists.map(normalize);

/** The oracle: one boolean per second. */
function bits(list: Spans): boolean[] {
  return Array.from({ length: SIZE }, (_, t) => list.some(({ start, end }) => start <= t && t < end));
}

function isNormal(set: Spans): boolean {
  return set.every(
    ({ start, end }, i) => end > start && (i === 0 || start > (set[i - 1]?.end ?? Number.POSITIVE_INFINITY)),
  );
}

describe('interval sets', () => {
  it('normalize keeps exactly the seconds of the list', () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(isNormal(normalize(list))).toBe(true);
        expect(bits(normalize(list))).toEqual(bits(list));
      }),
    );
  });

  it('union, intersect and subtract agree with a bitmap, second by second', () => {
    fc.assert(
      fc.property(sets, sets, (a, b) => {
        const [left, right] = [bits(a), bits(b)];
        const cases = [
          [union(a, b), left.map((bit, t) => bit || right[t] === true)],
          [intersect(a, b), left.map((bit, t) => bit && right[t] === true)],
          [subtract(a, b), left.map((bit, t) => bit && right[t] !== true)],
        ] as const;
        for (const [set, expected] of cases) {
          expect(isNormal(set)).toBe(true);
          expect(bits(set)).toEqual(expected);
          expect(measure(set)).toBe(expected.filter(Boolean).length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('clip and covers agree with a bitmap', () => {
    fc.assert(
      fc.property(sets, fc.nat(SIZE), fc.nat(SIZE), (a, from, to) => {
        expect(bits(clip(a, from, to))).toEqual(bits(a).map((bit, t) => bit && t >= from && t < to));
        for (let t = 0; t < SIZE; t++) expect(covers(a, t)).toBe(bits(a)[t]);
      }),
    );
  });

  it('is half-open: neighbours touch without overlap', () => {
    expect(intersect(span(0, 10), span(10, 20))).toEqual([]);
    expect(union(span(0, 10), span(10, 20))).toEqual([{ start: 0, end: 20 }]);
    expect(span(5, 5)).toEqual([]);
  });
});
