import { describe, expect, test } from 'vitest';
import type { LocalDay } from '../../../shared/core/time.ts';
import {
  agoText,
  clockInDay,
  countText,
  dayOfMs,
  dayText,
  hoursText,
  lastingText,
  momentText,
  shiftDay,
  spanText,
  spanWords,
} from '../../../server/console/model/format.ts';
import { percentShort, percentText } from '../../../server/console/model/percent.ts';
import { NO_SUMS } from '../../../shared/assessment/format.ts';
import { definitionOf } from '../../../server/console/model/definitions.ts';
import { makeFigure, makeSums } from './make.ts';

describe('what is printed', () => {
  test('counts are grouped by thousands', () => {
    expect([countText(0), countText(999), countText(46_218), countText(10_348_740)]).toEqual([
      '0',
      '999',
      '46,218',
      '10,348,740',
    ]);
  });
  test('lengths as clock and in words', () => {
    expect([spanText(0), spanText(4_200), spanText(360_000)]).toEqual(['0:00:00', '1:10:00', '100:00:00']);
    expect([spanWords(12), spanWords(2_400), spanWords(43_200), spanWords(9_000)]).toEqual([
      '12 秒',
      '40 分',
      '12 小时',
      '2 小时 30 分',
    ]);
  });
  test('terms of one sum share a scale', () => {
    expect(hoursText(4_200)).toBe('1:10:00');
    expect(hoursText(4_200, 1_000_000)).toBe('1.2 小时');
    expect(hoursText(37_255_464_000)).toBe('10,348,740 小时');
  });
  test('how long ago and for how long, in the one unit that matters', () => {
    const now = 1_000 * 86_400_000;
    expect([
      agoText(now - 5_000, now),
      agoText(now - 180_000, now),
      agoText(now - 86_400_000 * 11, now),
    ]).toEqual(['刚刚', '3 分前', '11 天前']);
    expect([lastingText(now - 5_000, now), lastingText(now - 7_300_000, now)]).toEqual(['5 秒', '2 小时']);
  });
  test('days and clocks are Beijing time', () => {
    const ms = Date.parse('2026-11-20T16:30:00Z');
    expect(dayOfMs(ms)).toBe('2026-11-21');
    expect(momentText(ms)).toBe('11-21 00:30');
    expect(dayText('2026-11-21' as LocalDay)).toBe('2026-11-21 周六');
    expect(shiftDay('2026-03-01' as LocalDay, -1)).toBe('2026-02-28');
    const midnight = ms / 1000 - 1_800;
    expect(clockInDay(midnight + 86_400, midnight)).toBe('24:00:00');
    expect(clockInDay(midnight, midnight)).toBe('00:00:00');
  });
  test('percents are rounded half up from the exact quotient', () => {
    expect(percentText({ numerator: 88_145, denominator: 100_000 })).toBe('88.15 %');
    expect(percentText(null)).toBe('—');
    expect(percentShort({ numerator: 1, denominator: 3 })).toBe('33.3');
  });
});

describe('definitions', () => {
  const figure = makeFigure({ region: '411224' });
  const sums = makeSums({ windowS: 43_200, exemptS: 7_200, onS: 28_800, offS: 4_200, usedS: 21_600 });
  test('print numerator, denominator and value of the figure they explain', () => {
    expect(definitionOf('on', sums, figure.counts).formula).toEqual({
      name: '开机率',
      top: 'ΣP 实开机 8:00:00',
      bottom: 'ΣS 应开机 10:00:00',
      value: '80.00 %',
    });
    expect(definitionOf('used', sums, figure.counts).formula?.value).toBe('60.00 %');
  });
  test('say that there is no upper end where nothing was ever heard', () => {
    const silent = { ...figure.counts, inService: 2, neverContacted: 2 };
    const facts = definitionOf('on', makeSums({ windowS: 10 }), silent).facts;
    expect(facts.find((fact) => fact.label.startsWith('上限'))?.value).toBe('没有，全部未联系');
  });
  test('show — where there is no denominator', () => {
    expect(definitionOf('on', NO_SUMS, figure.counts).formula?.value).toBe('—');
  });
});
