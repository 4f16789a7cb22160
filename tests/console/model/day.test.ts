import { describe, expect, test } from 'vitest';
import { midnightOfLocalDay } from '../../../shared/core/time.ts';
import {
  clipLanes,
  countedAs,
  dayExtent,
  evidenceText,
  timeTicks,
  lanesOf,
  pictureText,
  sourceText,
} from '../../../server/console/model/day.ts';
import type { Lane } from '../../../server/console/model/day.ts';
import { DAY, makeDay, makeInterval } from './make.ts';

const midnight = midnightOfLocalDay(DAY);
const hours = (lanes: readonly Lane[], key: Lane['key']) =>
  lanes
    .find((lane) => lane.key === key)
    ?.pieces.map(({ start, end, tone }) => [(start - midnight) / 3600, (end - midnight) / 3600, tone]);

/** The worked example of DESIGN.md section 7. */
const example = makeDay({
  intervals: [
    makeInterval(7.75, 8, 'on', { required: false, content: true }),
    makeInterval(8, 10, 'on', { content: true }),
    makeInterval(10, 12, 'off', { exempt: true, cause: 'mains' }),
    makeInterval(12, 13, 'on', { content: true }),
    makeInterval(13, 16, 'on', { content: true, grade: 'B', verified: false }),
    makeInterval(16, 18, 'on', { grade: 'B', verified: false }),
    makeInterval(18, 20, 'unknown', { cause: 'link' }),
  ],
});

describe('the lanes of a day', () => {
  const lanes = lanesOf(example);
  test('count P and U only inside required hours without exemption', () => {
    expect(hours(lanes, 'on')).toEqual([
      [8, 10, 'counted-on'],
      [12, 18, 'counted-on'],
    ]);
    expect(hours(lanes, 'used')).toEqual([
      [8, 10, 'counted-used'],
      [12, 16, 'counted-used'],
    ]);
  });
  test('keep the three states apart and join what looks alike', () => {
    expect(hours(lanes, 'screen')).toEqual([
      [7.75, 10, 'on'],
      [10, 12, 'off'],
      [12, 18, 'on'],
      [18, 20, 'unknown'],
    ]);
  });
  test('show weaker evidence and filler as such', () => {
    expect(hours(lanes, 'grade')?.at(-1)).toEqual([13, 18, 'weak']);
    expect(hours(lanes, 'source')?.at(-1)).toEqual([13, 18, 'weak']);
    expect(hours(lanes, 'picture')?.at(-1)).toEqual([16, 18, 'filler']);
  });
  test('show required hours and exemptions', () => {
    expect(hours(lanes, 'required')).toEqual([[8, 20, 'required']]);
    expect(hours(lanes, 'exempt')).toEqual([[10, 12, 'exempt']]);
  });
  test('are cut to the axis', () => {
    const cut = clipLanes(lanes, { start: midnight + 9 * 3600, end: midnight + 11 * 3600 });
    expect(hours(cut, 'screen')).toEqual([
      [9, 10, 'on'],
      [10, 11, 'off'],
    ]);
  });
});

describe('the axis', () => {
  const inHours = ({ start, end }: { start: number; end: number }) => [
    (start - midnight) / 3600,
    (end - midnight) / 3600,
  ];
  test('spans the required hours with two hours either side', () => {
    expect(inHours(dayExtent(example))).toEqual([6, 22]);
  });
  test('is the whole day for screens required from 00 to 24, and where nothing is required', () => {
    expect(inHours(dayExtent(makeDay({ requiredHours: [{ start: '00:00', end: '24:00' }] })))).toEqual([
      0, 24,
    ]);
    expect(inHours(dayExtent(makeDay({ requiredHours: [] })))).toEqual([0, 24]);
  });
  test('follows a window past midnight', () => {
    expect(inHours(dayExtent(makeDay({ requiredHours: [{ start: '18:00', end: '02:00' }] })))).toEqual([
      16, 26,
    ]);
  });
  test('has hour marks that do not crowd', () => {
    const extent = { start: midnight, end: midnight + 24 * 3600 };
    expect(timeTicks(extent, 1_400, 56)).toHaveLength(25);
    expect(timeTicks(extent, 300, 56)).toHaveLength(5);
  });
});

test('an interval says what it counts as, what it rests on and who saw it', () => {
  const off = makeInterval(1, 2, 'off', { cause: 'panel' });
  const unknown = makeInterval(1, 2, 'unknown', { cause: 'link' });
  expect(example.intervals.map(countedAs)).toEqual([
    '非应开机',
    '开机 使用',
    '免考核',
    '开机 使用',
    '开机 使用',
    '开机',
    '未知',
  ]);
  expect([countedAs(off), evidenceText(off), pictureText(off)]).toEqual(['不计', '面板报告关', '—']);
  expect([evidenceText(unknown), sourceText(unknown)]).toEqual(['断网，日志未回传', '—']);
  expect(evidenceText(makeInterval(1, 2, 'on', { grade: 'B' }))).toBe('B 仅渲染');
});
