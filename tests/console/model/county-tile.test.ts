import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countTiles, countyTile, isUndecided } from '../../../server/console/model/county-tile.ts';
import { rangeShort } from '../../../server/console/model/percent.ts';
import { rateClass, rateOf } from '../../../server/console/model/rates.ts';
import { makeSums } from './make.ts';

const OPEN = { silent: false, settled: false };
const of = (onS: number, offS: number, windowS = 1_000) =>
  rateOf('on', makeSums({ windowS, onS, offS }), false);

describe('a tile of the county map', () => {
  test('has no colour early in a day, while almost everything is unknown', () => {
    expect(countyTile(of(50, 10), OPEN).kind).toBe('undecided');
  });
  test('has its colour once unknown time cannot lift it to the assessment line', () => {
    expect(countyTile(of(500, 151), OPEN)).toMatchObject({ kind: 'class', step: 1 });
    expect(countyTile(of(840, 151), OPEN)).toMatchObject({ kind: 'class', step: 3 });
  });
  test('has its colour once it is proven on the line, however much is unknown', () => {
    expect(countyTile(of(850, 0), OPEN)).toMatchObject({ kind: 'class', step: 4 });
    expect(countyTile(of(849, 0), OPEN).kind).toBe('undecided');
  });
  test('is undecided when unknown time reaches the line exactly, not a second less', () => {
    const second = (offS: number) => countyTile(of(0, offS, 64_800), OPEN).kind;
    expect(second(9_720)).toBe('undecided');
    expect(second(9_721)).toBe('class');
  });
  test('has its colour after settlement, when nothing is reported any more', () => {
    expect(countyTile(of(50, 10), { silent: false, settled: true })).toMatchObject({
      kind: 'class',
      step: 1,
    });
  });
  test('says so when it was never heard from or nothing was required', () => {
    const silent = rateOf('on', makeSums({ windowS: 100 }), true);
    expect(countyTile(silent, { silent: true, settled: false }).kind).toBe('silent');
    expect(countyTile(null, OPEN).kind).toBe('empty');
  });
  test('is coloured only on the side that both ends of its range are on', () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), fc.nat(1_000), (onS, offS, unknownS) => {
        const rate = rateOf('on', makeSums({ windowS: onS + offS + unknownS, onS, offS }), false);
        fc.pre(rate !== null && rate.upper !== null);
        const sides = [rate.known, rate.upper].map((end) => rateClass(end) >= 4);
        expect(isUndecided(rate)).toBe(sides[0] !== sides[1]);
      }),
    );
  });
});

test('tiles are counted by kind and class, each once', () => {
  const tiles = [
    countyTile(of(50, 10), OPEN),
    countyTile(of(0, 1_000), OPEN),
    countyTile(of(1_000, 0), OPEN),
    countyTile(of(960, 0), OPEN),
    countyTile(of(0, 0), { silent: true, settled: false }),
    countyTile(null, OPEN),
  ];
  expect(countTiles(tiles)).toEqual({ classes: [1, 0, 0, 0, 0, 2], undecided: 1, silent: 1, empty: 1 });
});

describe("a tile's range", () => {
  const short = (onS: number, offS: number) => {
    const rate = of(onS, offS);
    return rate === null ? '' : rangeShort(rate);
  };
  test('is in whole percents, rounded outwards', () => {
    expect(short(546, 0)).toBe('54–100');
    expect(short(849, 149)).toBe('84–86');
    expect(short(50, 145)).toBe('5–86');
  });
  test('is one number where both ends meet', () => {
    expect(short(1_000, 0)).toBe('100');
  });
});
