import { describe, expect, it } from 'vitest';
import { measure } from '../../../shared/assessment/intervals.ts';
import { isInService, requiredSpans, ruleInForce } from '../../../shared/assessment/required-hours.ts';
import { type LocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';

const D = '2026-11-23' as LocalDay;
const midnight = midnightOfLocalDay(D);
const at = (hour: number) => midnight + hour * 3600;

describe('requiredSpans', () => {
  it('takes the windows of the day as local time', () => {
    const windows = [{ start: '08:00', end: '20:00' }];
    expect(requiredSpans(D, windows, windows)).toEqual([{ start: at(8), end: at(20) }]);
  });

  it('takes 24:00 and merges windows that overlap or touch', () => {
    const whole = [{ start: '00:00', end: '24:00' }];
    expect(measure(requiredSpans(D, whole, whole))).toBe(86_400);
    const parts = [
      { start: '12:00', end: '18:30:30' },
      { start: '08:00', end: '12:00' },
    ];
    expect(requiredSpans(D, parts, [])).toEqual([{ start: at(8), end: at(18.5) + 30 }]);
  });

  it('a window over midnight belongs to the day it starts on', () => {
    expect(requiredSpans(D, [{ start: '20:00', end: '02:00' }], [])).toEqual([
      { start: at(20), end: at(26) },
    ]);
  });

  it('rule 13: what the day before requires past midnight is not required again', () => {
    const late = [{ start: '20:00', end: '02:00' }];
    const early = [{ start: '00:00', end: '06:00' }];
    expect(requiredSpans(D, early, late)).toEqual([{ start: at(2), end: at(6) }]);
    expect(requiredSpans(D, [{ start: '00:00', end: '01:00' }], late)).toEqual([]);
  });
});

describe('isInService', () => {
  it('rule 15: counts from the day after commissioning until the day before retirement', () => {
    const commissioned = '2026-11-20' as LocalDay;
    const retired = '2026-11-24' as LocalDay;
    const days = ['2026-11-20', '2026-11-21', '2026-11-23', '2026-11-24'] as LocalDay[];
    expect(days.map((day) => isInService(day, commissioned, retired))).toEqual([false, true, true, false]);
    expect(isInService('2030-01-01' as LocalDay, commissioned, null)).toBe(true);
  });
});

describe('ruleInForce', () => {
  it('is the latest version that begins no later than the day', () => {
    const rules = [
      { fromDay: '2026-11-01' as LocalDay, windows: [] },
      { fromDay: '2026-11-24' as LocalDay, windows: [{ start: '00:00', end: '24:00' }] },
    ];
    expect(ruleInForce(rules, D)).toBe(rules[0]);
    expect(ruleInForce(rules, '2026-11-24' as LocalDay)).toBe(rules[1]);
    expect(ruleInForce(rules, '2026-10-31' as LocalDay)).toBeNull();
  });
});
