import { describe, expect, test } from 'vitest';
import type { RegionCode } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import { scheduleSchema } from '../../../shared/schedule/schedule.schema.ts';
import {
  datedWindowsOf,
  newScheduleForm,
  scheduleFormOf,
  scheduleOf,
  scheduleProblems,
  tidyClock,
  windowsProblem,
} from '../../../server/console/model/schedule-form.ts';

const TODAY = '2026-11-24' as LocalDay;
const COUNTY = '411224' as RegionCode;
const makeForm = () => ({
  ...newScheduleForm('s411224-a1', COUNTY, TODAY),
  name: '卢氏科普讲堂',
  playlist: 'lushi',
});
const makeBody = (patch: object = {}) =>
  scheduleSchema.parse({
    id: 'lushi',
    name: '卢氏科普讲堂',
    class: 'mandatory',
    region: COUNTY,
    playlist: 'lushi',
    windows: [{ start: '12:00', end: '12:30' }],
    validity: { from: TODAY, to: null },
    ...patch,
  });

describe('a schedule as a form', () => {
  test.each([
    {},
    { class: 'rotation', weight: 3 },
    { class: 'filler', priority: -2 },
    { once: true, priority: 7 },
    { days: { weekdays: [1, 3] }, excludeDates: ['2026-11-30'] },
    { days: { dates: ['2026-12-01', '2026-12-05'] } },
    { days: 'workdays', validity: { from: TODAY, to: '2026-12-31' } },
    { audience: { regions: ['411224102'], tags: ['学校'], exclude: { groups: ['停用'] } } },
  ])('says the same again: %j', (patch) => {
    const body = makeBody(patch);
    expect(scheduleOf(scheduleFormOf(body))).toEqual(body);
  });

  test('leaves out what does not apply to its class', () => {
    const form = scheduleFormOf(makeBody({ once: true, priority: 7 }));
    form.class = 'rotation';
    expect(scheduleOf(form)).toMatchObject({ class: 'rotation', once: false, priority: 0, weight: 1 });
  });

  test('a new one names what is missing, field by field, and has no body yet', () => {
    const form = newScheduleForm('s411224-a1', COUNTY, TODAY);
    expect(Object.keys(scheduleProblems(form)).sort()).toEqual(['name', 'playlist']);
    expect(scheduleOf(form)).toBeNull();
    expect(scheduleProblems(makeForm())).toEqual({});
    expect(scheduleOf(makeForm())).not.toBeNull();
  });

  test('no problem told means that the center takes it, and the other way round', () => {
    for (const patch of [
      { id: 'Not An Id' },
      { name: ' '.repeat(3) },
      { class: 'rotation' as const, weight: 0 },
      { class: 'filler' as const, priority: 1.5 },
    ]) {
      const form = { ...makeForm(), ...patch };
      expect(Object.keys(scheduleProblems(form))).toHaveLength(1);
      expect(scheduleOf(form)).toBeNull();
    }
  });

  test('a region outside the issuer is told at the audience', () => {
    const form = makeForm();
    form.audience.regions = ['4101' as RegionCode];
    expect(scheduleProblems(form)['audience']).toContain('4101');
  });

  test('dates that run backwards, and lists that are empty, are told', () => {
    const form = makeForm();
    form.when.to = '2026-11-01';
    form.when.daysKind = 'listed-dates';
    expect(scheduleProblems(form)).toMatchObject({ validity: '结束日期早于开始日期', days: '至少选一天' });
    expect(datedWindowsOf(form.when)).toBeNull();
  });
});

describe('windows', () => {
  test.each([
    [
      [
        { start: '08:00', end: '10:00' },
        { start: '10:00', end: '12:00' },
      ],
      null,
    ],
    [
      [
        { start: '22:00', end: '02:00' },
        { start: '02:00', end: '03:00' },
      ],
      null,
    ],
    [[{ start: '00:00', end: '24:00' }], null],
    [[{ start: '00:00', end: '00:00' }], null],
    [[], '至少要有一段时间'],
    [[{ start: '8:00', end: '10:00' }], '时间写成'],
    [[{ start: '24:00', end: '10:00' }], '时间写成'],
    [
      [
        { start: '08:00', end: '10:00' },
        { start: '09:59', end: '12:00' },
      ],
      '08:00–10:00 和 09:59–12:00 重叠',
    ],
    [
      [
        { start: '22:00', end: '02:00' },
        { start: '01:00', end: '03:00' },
      ],
      '重叠',
    ],
  ])('%j', (windows, problem) => {
    if (problem === null) expect(windowsProblem(windows)).toBeNull();
    else expect(windowsProblem(windows)).toContain(problem);
  });
});

test.each([
  ['8', '08:00'],
  ['830', '08:30'],
  ['1230', '12:30'],
  ['8:5', '08:05'],
  ['8：30', '08:30'],
  ['08:00:30', '08:00:30'],
  ['24:00', '24:00'],
  ['noon', 'noon'],
  ['12:', '12:'],
])('%s is read as %s', (typed, read) => {
  expect(tidyClock(typed)).toBe(read);
});
