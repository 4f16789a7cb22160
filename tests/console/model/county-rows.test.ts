import { describe, expect, test } from 'vitest';
import {
  countyRows,
  filterRows,
  parseSort,
  sortRows,
  sortText,
  toggleSort,
} from '../../../server/console/model/county-rows.ts';
import { CITY_PLACES, cityKeyOf, tileName } from '../../../server/console/model/tiles.ts';
import { makeFigure, makeSums } from './make.ts';

const figures = [
  makeFigure({
    region: '411224',
    name: '卢氏县',
    parentName: '三门峡市',
    sums: makeSums({ windowS: 100, onS: 70, offS: 20, usedS: 60 }),
  }),
  makeFigure({
    region: '410102',
    name: '中原区',
    parentName: '郑州市',
    sums: makeSums({ windowS: 100, onS: 90 }),
  }),
  makeFigure({ region: '419001', name: '济源市', parentName: '河南省', counts: { inService: 0 } }),
  makeFigure({
    region: '410103',
    name: '二七区',
    parentName: '郑州市',
    sums: makeSums({ windowS: 100, exemptS: 60, onS: 40 }),
  }),
];
const rows = countyRows(figures);
const codes = (sorted: typeof rows) => sorted.map((row) => row.figure.region);

describe('county rows', () => {
  test('are ranked by the proven rate, but not where nothing was required or more than half was exempt', () => {
    const rankOf = (code: string) => rows.find((row) => row.figure.region === code)?.standing?.rank;
    expect(rankOf('410102')).toBe(1);
    expect(rankOf('411224')).toBe(2);
    expect(rankOf('419001')).toBeUndefined();
    expect(rankOf('410103')).toBeUndefined();
  });

  test('sort by rate either way with nothing to show last', () => {
    expect(codes(sortRows(rows, { key: 'on', direction: -1 }))).toEqual([
      '410103',
      '410102',
      '411224',
      '419001',
    ]);
    expect(codes(sortRows(rows, { key: 'on', direction: 1 }))).toEqual([
      '411224',
      '410102',
      '410103',
      '419001',
    ]);
  });

  test('filter by city and by part of a name, a city or a code', () => {
    expect(codes(filterRows(rows, '4101', ''))).toEqual(['410102', '410103']);
    expect(codes(filterRows(rows, '', '卢氏'))).toEqual(['411224']);
    expect(codes(filterRows(rows, '', '郑州'))).toEqual(['410102', '410103']);
    expect(codes(filterRows(rows, '', ' 4112 '))).toEqual(['411224']);
    expect(codes(filterRows(rows, '419001', ''))).toEqual(['419001']);
  });
});

describe('the sort in the address', () => {
  test('survives writing and reading, and nonsense is the rank', () => {
    for (const text of ['rank', '-on', 'unknown', '-never']) expect(sortText(parseSort(text))).toBe(text);
    expect(parseSort('; drop table')).toEqual({ key: 'rank', direction: 1 });
  });
  test('turns round on a second click and begins with the useful end', () => {
    expect(toggleSort({ key: 'rank', direction: 1 }, 'rank')).toEqual({ key: 'rank', direction: -1 });
    expect(toggleSort({ key: 'rank', direction: 1 }, 'unknown')).toEqual({ key: 'unknown', direction: -1 });
    expect(toggleSort({ key: 'on', direction: 1 }, 'name')).toEqual({ key: 'name', direction: 1 });
  });
});

describe('the tile map', () => {
  test('has a place for each of the 18 cities, 济源 among them', () => {
    expect(new Set(CITY_PLACES.map((place) => place.code)).size).toBe(18);
    expect(cityKeyOf('419001')).toBe('419001');
    expect(cityKeyOf('411224')).toBe('4112');
  });
  test('shortens names without losing what tells them apart', () => {
    expect(tileName('卢氏县')).toBe('卢氏');
    expect(tileName('管城回族区')).toBe('管城');
    expect(tileName('滑县')).toBe('滑县');
  });
});
