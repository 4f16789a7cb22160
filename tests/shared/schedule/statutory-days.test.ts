import { describe, expect, it } from 'vitest';
import type { LocalDay } from '../../../shared/core/time.ts';
import { dayNumberOfLocalDay } from '../../../shared/core/time.ts';
import { makeDaySet } from '../../../shared/schedule/day-set.ts';
import {
  isStatutoryYearKnown,
  STATUTORY_DAYS,
  STATUTORY_YEARS,
  unknownStatutoryYear,
} from '../../../shared/schedule/statutory-days.ts';

const validity = (from: string, to: string | null) => ({ from: from as LocalDay, to: to as LocalDay | null });
const WORK = makeDaySet(
  { days: 'workdays', excludeDates: [], validity: validity('2024-01-01', null) },
  STATUTORY_DAYS,
);
const isWorked = (day: string) => WORK.holds(dayNumberOfLocalDay(day as LocalDay));

describe('statutory days, by the notices of the State Council', () => {
  // 国办发明电〔2023〕7号 (2024), 〔2024〕12号 (2025), 〔2025〕7号 (2026): every 调休 workday of three years.
  it.each([
    '2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12',
    '2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11',
    '2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10',
  ])('weekends that are worked: %s', (days) => {
    const year = days.slice(0, 4);
    expect(STATUTORY_DAYS.work.filter((day) => day.startsWith(year))).toEqual(days.split(' '));
    expect(days.split(' ').filter((day) => !isWorked(day))).toEqual([]);
  });

  it.each([
    ['2024-02-10', '2024-02-17'],
    ['2025-01-28', '2025-02-04'],
    ['2025-10-01', '2025-10-08'],
    ['2026-01-01', '2026-01-03'],
    ['2026-02-15', '2026-02-23'],
    ['2026-10-01', '2026-10-07'],
  ])('%s to %s is off, the day after is not', (first, last) => {
    const from = dayNumberOfLocalDay(first as LocalDay);
    const to = dayNumberOfLocalDay(last as LocalDay);
    for (let day = from as number; day <= to; day += 1) expect(WORK.holds(day as typeof from)).toBe(false);
    const next = [to + 1, to + 2, to + 3].some((day) => WORK.holds(day as typeof from));
    expect(next).toBe(true);
  });

  it('names weekdays as off and weekend days as worked, each once, in order', () => {
    const weekday = (day: LocalDay) => ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
    expect(STATUTORY_DAYS.off.filter((day) => weekday(day) > 5)).toEqual([]);
    expect(STATUTORY_DAYS.work.filter((day) => weekday(day) < 6)).toEqual([]);
    for (const days of [STATUTORY_DAYS.off, STATUTORY_DAYS.work])
      expect(days).toEqual([...new Set(days)].sort());
  });

  it('says which years it knows, and the first that a schedule asks for in vain', () => {
    expect(STATUTORY_YEARS.last).toBeGreaterThanOrEqual(2026);
    expect([2024, STATUTORY_YEARS.last, STATUTORY_YEARS.last + 1].map(isStatutoryYearKnown)).toEqual([
      true,
      true,
      false,
    ]);
    const next = STATUTORY_YEARS.last + 1;
    const asked = (to: string | null, days: 'workdays' | 'weekdays' = 'workdays', from = '2026-01-01') =>
      unknownStatutoryYear({ days, validity: validity(from, to) });
    expect(asked(null)).toBe(next);
    expect(asked(`${next}-01-01`)).toBe(next);
    expect(asked(`${next - 1}-12-31`)).toBeNull();
    expect(asked(null, 'weekdays')).toBeNull();
    expect(asked('1999-12-31', 'workdays', '1999-01-01')).toBe(1999);
    expect(
      unknownStatutoryYear(
        { days: 'holidays', validity: validity('1999-01-01', '2026-06-01') },
        '2026-05-01' as LocalDay,
      ),
    ).toBeNull();
  });
});
