import { describe, expect, test } from 'vitest';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Publication } from '../../../shared/plan/publication.api.ts';
import type { ScheduleRow } from '../../../shared/schedule/apply.api.ts';
import { audienceSchema } from '../../../shared/schedule/schedule.schema.ts';
import { progressText, stageSteps } from '../../../server/console/model/drafts.ts';
import { changeText, tierBars } from '../../../server/console/model/feasibility-rows.ts';
import { spanWords } from '../../../server/console/model/format.ts';
import { funnel, newer, stillOpen } from '../../../server/console/model/publication-steps.ts';
import { schedulesCsv } from '../../../server/console/model/schedule-csv.ts';
import {
  audienceText,
  daysText,
  validityText,
  windowText,
  windowsText,
} from '../../../server/console/model/schedule-words.ts';
import { startsOn, weekGrid } from '../../../server/console/model/week-grid.ts';

const day = (text: string) => text as LocalDay;

describe('words', () => {
  test('days, windows and dates', () => {
    expect(daysText('workdays')).toBe('法定工作日');
    expect(daysText({ weekdays: [5, 1] }, [day('2026-12-01')])).toBe('每周一、五，除 12-01');
    expect(windowText({ start: '22:00', end: '02:00' })).toBe('22:00–次日 02:00');
    expect(windowText({ start: '20:00', end: '24:00' })).toBe('20:00–24:00');
    expect(windowText({ start: '00:00', end: '24:00' })).toBe('全天');
    expect(windowText({ start: '08:00:00', end: '08:00:30' })).toBe('08:00–08:00:30');
    expect(
      windowsText(
        [1, 2, 3, 4].map((hour) => ({ start: `0${hour}:00`, end: `0${hour}:10` })),
        2,
      ),
    ).toBe('01:00–01:10、02:00–02:10 等 4 段');
    expect(validityText({ from: '2026-11-21', to: '2026-11-21' })).toBe('2026-11-21 当天');
  });

  test('who sees it', () => {
    const audience = (patch: object) => audienceSchema.parse(patch);
    expect(audienceText(audience({}), '卢氏县')).toBe('卢氏县的全部大屏');
    expect(
      audienceText(
        audience({ regions: ['4112'], tags: ['学校', '医院'], exclude: { regions: ['411221'] } }),
        '河南省',
      ),
    ).toBe('4112里有标签“学校”或“医院”的大屏，除 411221');
  });
});

describe('a week', () => {
  const statutory = { off: [day('2026-10-01')], work: [day('2026-10-10')] };
  const when = {
    days: 'workdays' as const,
    excludeDates: [day('2026-10-09')],
    windows: [{ start: '22:00', end: '02:00' }],
    validity: { from: day('2026-09-30'), to: day('2026-10-10') },
  };

  test('holidays, worked weekends, exclusions and validity are asked of the day a window starts on', () => {
    const on = [
      '2026-09-29',
      '2026-09-30',
      '2026-10-01',
      '2026-10-02',
      '2026-10-03',
      '2026-10-09',
      '2026-10-10',
      '2026-10-12',
    ];
    expect(on.filter((one) => startsOn(when, day(one), statutory))).toEqual([
      '2026-09-30',
      '2026-10-02',
      '2026-10-10',
    ]);
  });

  test('runs from Monday, and draws past midnight on the next day', () => {
    const week = weekGrid(when, day('2026-10-01'), statutory);
    expect(week.map((one) => one.day)).toEqual([
      '2026-09-28',
      '2026-09-29',
      '2026-09-30',
      '2026-10-01',
      '2026-10-02',
      '2026-10-03',
      '2026-10-04',
    ]);
    expect(week[2]?.blocks).toEqual([{ start: 79_200, end: 86_400, tail: false }]);
    expect(week[3]?.blocks).toEqual([{ start: 0, end: 7_200, tail: true }]);
  });
});

describe('a draft', () => {
  const review = (stage: number, verdict: 'approve' | 'return', byName: string) => ({
    stage,
    verdict,
    byName,
    comment: '',
    hash: '',
    by: '',
    atMs: 0,
  });

  test('stages count only what was said since the last return', () => {
    const steps = stageSteps({
      stages: 3,
      passed: 1,
      state: 'submitted',
      reviews: [review(1, 'approve', '甲'), review(2, 'return', '乙'), review(1, 'approve', '丙')],
    } as never);
    expect(steps.map(({ state, by }) => [state, by?.byName ?? null])).toEqual([
      ['passed', '丙'],
      ['now', null],
      ['ahead', null],
    ]);
  });

  test('says where it stands', () => {
    expect(progressText({ state: 'submitted', stages: 2, passed: 1 })).toBe('已过一审，等二审');
    expect(progressText({ state: 'draft', stages: 0, passed: 0 })).toBe('不用审核');
  });
});

describe('a publish', () => {
  const at = (counts: Partial<Publication['counts']>, state: Publication['state'] = 'delivering') =>
    ({
      draft: 'd-1',
      state,
      counts: {
        screens: 10,
        told: 0,
        fetched: 0,
        verified: 0,
        onAir: 0,
        refused: 0,
        overtaken: 0,
        ...counts,
      },
    }) as Publication;

  test('is a funnel of shares with what is stuck at each step', () => {
    const steps = funnel(at({ told: 8, fetched: 6, verified: 6, onAir: 5 }));
    expect(steps.map(({ share, behind }) => [share, behind])).toEqual([
      [1, 2],
      [0.8, 2],
      [0.6, 0],
      [0.6, 1],
      [0.5, 0],
    ]);
    expect(stillOpen(at({ onAir: 5, refused: 1, overtaken: 1 }))).toBe(3);
    expect(funnel(at({ screens: 0 }))[4]?.share).toBe(0);
  });

  test('an older answer never undoes newer news', () => {
    const old = at({ told: 3 });
    const now = at({ told: 3, fetched: 2 });
    expect(newer(now, old)).toBe(now);
    expect(newer(old, now)).toBe(now);
    expect(newer(now, at({}, 'computing'))).toBe(now);
    expect(newer(null, old)).toBe(old);
  });
});

test('bars and targets share one scale', () => {
  const [first, second] = tierBars({
    tiers: [
      { tier: 'province', airtimeS: 500, targetS: 1_000, percent: 50, empty: false },
      { tier: 'city', airtimeS: 250, targetS: 200.4, percent: 50, empty: false },
    ],
  } as never);
  expect([first?.width, first?.mark, first?.differenceS]).toEqual([0.5, 1, -500]);
  expect([second?.width, second?.differenceS]).toEqual([0.25, 50]);
  expect(changeText(60, 0, spanWords)).toBe('−1 分');
  expect(changeText(60, 60, spanWords)).toBe('不变');
});

test('a download survives commas, quotes and formulas', () => {
  const row = {
    id: 'one',
    name: '=1+1,"甲"',
    class: 'filler',
    region: '41',
    regionName: '河南省',
    tier: 'province',
    playlist: 'list',
    playlistName: '节目',
    days: 'every',
    windows: [{ start: '08:00', end: '09:00' }],
    validity: { from: '2026-01-01', to: null },
    state: 'on-air',
    version: 2,
    changedAtMs: 0,
  } as unknown as ScheduleRow;
  const [head, line] = schedulesCsv([row]).split('\r\n');
  expect(head?.startsWith('\uFEFF编号,名称,状态')).toBe(true);
  expect(line).toContain(`one,"'=1+1,""甲""",在播,垫片,省,河南省,41`);
});
