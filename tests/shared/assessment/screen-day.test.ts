import { describe, expect, it } from 'vitest';
import { occupancyRate, onRate, rateText, usedRate } from '../../../shared/assessment/format.ts';
import { clip, span, subtract } from '../../../shared/assessment/intervals.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { type LocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';
import { makeSimDevice } from '../../helpers/journal.ts';
import { assess } from '../../helpers/screen-day.ts';

const DAY = '2026-11-23' as LocalDay;
const midnight = midnightOfLocalDay(DAY);
const PLAN = 'a'.repeat(64) as Sha256;
const HOUR = 3_600;
/** Unix seconds, and milliseconds, of an hour of the day. */
const s = (hour: number) => midnight + Math.round(hour * HOUR);
const ms = (hour: number) => s(hour) * 1_000;

describe('worked example of DESIGN.md section 7', () => {
  const device = makeSimDevice('worked example');
  const morning = device.boot({ startMs: ms(7.5) + 1_200_000 });
  morning.onAir(ms(7.5) + 1_200_000, ms(10), PLAN);
  const noon = device.boot({ startMs: ms(12) });
  noon.onAir(ms(12), ms(13), PLAN);
  noon.onAir(ms(13), ms(18), PLAN);
  const contentOf = ({ start: from, end: to }: { start: number; end: number }) =>
    subtract(span(from, to), clip(span(s(16), s(18)), from, to));

  it('S = 10 h, P = 8 h, U = 6 h: 80 %, 60 %, 75 %', () => {
    const held = [
      { device, boot: morning },
      { device, boot: noon },
    ];
    const { sums } = assess(DAY, held, { exempt: span(s(10), s(12)), contentOf });
    expect(sums).toMatchObject({
      windowS: 12 * HOUR,
      exemptS: 2 * HOUR,
      requiredS: 10 * HOUR,
      onS: 8 * HOUR,
      offS: 0,
      unknownS: 2 * HOUR,
      usedS: 6 * HOUR,
      gradeAS: 0,
    });
    expect([onRate(sums), usedRate(sums), occupancyRate(sums)].map(rateText)).toEqual([
      '80.00',
      '60.00',
      '75.00',
    ]);
  });

  it('before the late report the afternoon is unknown, not off', () => {
    const held = [
      { device, boot: morning },
      { device, boot: noon, without: [4, 5] },
    ];
    const { sums } = assess(DAY, held, { exempt: span(s(10), s(12)), contentOf });
    expect(sums).toMatchObject({ onS: 3 * HOUR, offS: 0, unknownS: 7 * HOUR });
  });
});

describe('a screen without evidence', () => {
  it('is unknown for all it owes, never on', () => {
    const { sums, intervals } = assess(DAY, []);
    expect(sums).toMatchObject({ requiredS: 12 * HOUR, onS: 0, offS: 0, unknownS: 12 * HOUR });
    expect(intervals.every(({ state, cause }) => state === 'unknown' && cause === 'not-known')).toBe(true);
  });

  it('an unfinished day is clipped to now', () => {
    const { sums, intervals } = assess(DAY, [], { now: s(10) });
    expect(sums.windowS).toBe(2 * HOUR);
    expect(intervals.at(-1)?.end).toBe(s(10));
  });
});

describe('rule 4: placed in milliseconds, then floored', () => {
  it('floors both ends', () => {
    const device = makeSimDevice('floors');
    const boot = device.boot({ startMs: ms(9) });
    boot.power(ms(9) + 1_999, ms(9) + 5_001);
    const { intervals } = assess(DAY, [{ device, boot }]);
    expect(intervals.find(({ state }) => state === 'on')).toMatchObject({ start: s(9) + 1, end: s(9) + 5 });
  });
});

describe('rule 6: what proves on', () => {
  const device = makeSimDevice('rule 6');

  it('power with a painting renderer, where the panel cannot be read: grade B', () => {
    const boot = makeSimDevice('b').boot({ startMs: ms(9) });
    boot.power(ms(9), ms(10));
    const { sums } = assess(DAY, [{ device: makeSimDevice('b'), boot }]);
    expect(sums).toMatchObject({ onS: HOUR, gradeAS: 0 });
  });

  it('power without a painted frame proves nothing', () => {
    const boot = device.boot({ startMs: ms(9) });
    boot.power(ms(9), ms(10), 0);
    const { sums, intervals } = assess(DAY, [{ device, boot }]);
    expect(sums).toMatchObject({ onS: 0, offS: 0 });
    expect(intervals.find(({ start }) => start === s(9))?.cause).toBe('device');
  });

  it('only panel records, where the panel can be read: grade A', () => {
    const boot = makeSimDevice('a').boot({ startMs: ms(8), panelReadable: true });
    boot.power(ms(8), ms(12));
    boot.panel(ms(8), ms(10), 'on');
    boot.panel(ms(10), ms(11), 'off');
    const { sums, panelSeen } = assess(DAY, [{ device: makeSimDevice('a'), boot }]);
    expect(sums).toMatchObject({ onS: 2 * HOUR, offS: HOUR, gradeAS: 2 * HOUR, unknownS: 9 * HOUR });
    expect(panelSeen).toBe(true);
  });

  it('a screen that had A evidence is unknown without it', () => {
    const box = makeSimDevice('lead unplugged');
    const boot = box.boot({ startMs: ms(8) });
    boot.power(ms(8), ms(20));
    const held = [{ device: box, boot }];
    expect(assess(DAY, held).sums.onS).toBe(12 * HOUR);
    const { sums, intervals } = assess(DAY, held, { panelSeenBefore: true });
    expect(sums).toMatchObject({ onS: 0, offS: 0, unknownS: 12 * HOUR });
    expect(intervals.find(({ start }) => start === s(8))?.cause).toBe('panel');
  });

  it('A evidence binds from its own second on, not before', () => {
    const box = makeSimDevice('panel appears');
    const before = box.boot({ startMs: ms(8) });
    before.power(ms(8), ms(9));
    const readable = box.boot({ startMs: ms(9), panelReadable: true });
    readable.panel(ms(9), ms(10), 'on');
    const after = box.boot({ startMs: ms(10) });
    after.power(ms(10), ms(11));
    const held = [before, readable, after].map((boot) => ({ device: box, boot }));
    expect(assess(DAY, held).sums).toMatchObject({ onS: 2 * HOUR, gradeAS: HOUR });
  });
});

describe('rule 7: the gap between boots', () => {
  const make = (options: { forgetsPrevious?: boolean; osBoot?: string } = {}) => {
    const device = makeSimDevice('rule 7');
    const first = device.boot({ startMs: ms(8), osBoot: 'one' });
    first.onAir(ms(8), ms(10), PLAN);
    const second = device.boot({ startMs: ms(12), osBoot: 'two', ...options });
    second.onAir(ms(12), ms(13), PLAN);
    return { device, first, second };
  };

  it('is off once the next boot names the whole boot before it', () => {
    const { device, first, second } = make();
    const held = [first, second].map((boot) => ({ device, boot }));
    const { sums, intervals } = assess(DAY, held);
    expect(sums.offS).toBe(2 * HOUR);
    const gap = intervals.find(({ state }) => state === 'off');
    expect(gap).toMatchObject({ start: s(10), end: s(12), cause: 'mains' });
    expect(gap?.records).toContainEqual({ boot: first.boot, first: 3, last: 3 });
    expect(gap?.records).toContainEqual({ boot: second.boot, first: 1, last: 1 });
  });

  it('is the device, not the mains, where the operating system ran on', () => {
    const { device, first, second } = make({ osBoot: 'one' });
    const { intervals } = assess(
      DAY,
      [first, second].map((boot) => ({ device, boot })),
    );
    expect(intervals.find(({ state }) => state === 'off')?.cause).toBe('device');
  });

  it('is unknown while a record of the boot before is missing', () => {
    const { device, first, second } = make();
    const held = [
      { device, boot: first, without: [3] },
      { device, boot: second },
    ];
    const { sums, intervals } = assess(DAY, held);
    expect(sums.offS).toBe(0);
    expect(intervals.find(({ start }) => start === s(10))).toMatchObject({
      state: 'unknown',
      cause: 'mains',
    });
  });

  it('is unknown where the next boot does not name the one before', () => {
    const { device, first, second } = make({ forgetsPrevious: true });
    expect(
      assess(
        DAY,
        [first, second].map((boot) => ({ device, boot })),
      ).sums.offS,
    ).toBe(0);
  });

  it('is unknown with no next boot yet, and between two devices', () => {
    const { device, first } = make();
    const other = makeSimDevice('rule 7, other');
    const later = other.boot({ startMs: ms(12) });
    later.power(ms(12), ms(13));
    const held = [
      { device, boot: first },
      { device: other, boot: later },
    ];
    expect(assess(DAY, held.slice(0, 1)).sums.offS).toBe(0);
    expect(assess(DAY, held).sums.offS).toBe(0);
  });

  it('is unknown where the next boot cannot be placed', () => {
    const device = makeSimDevice('rule 7, unplaced');
    const first = device.boot({ startMs: ms(8) });
    first.power(ms(8), ms(10));
    const second = device.boot({ startMs: ms(12), boundMs: null });
    second.power(ms(12), ms(13));
    const { sums } = assess(
      DAY,
      [first, second].map((boot) => ({ device, boot })),
    );
    expect(sums).toMatchObject({ onS: 2 * HOUR, offS: 0 });
  });
});

describe('rule 3: a boot that never met the center', () => {
  it('counts once boots before and after it vouch for the machine clock', () => {
    const device = makeSimDevice('rule 3');
    const first = device.boot({ startMs: ms(8) });
    first.power(ms(8), ms(9));
    const alone = device.boot({ startMs: ms(10), boundMs: null });
    alone.power(ms(10), ms(11));
    const last = device.boot({ startMs: ms(12) });
    last.power(ms(12), ms(13));
    const held = [first, alone, last].map((boot) => ({ device, boot }));
    expect(assess(DAY, held.slice(0, 2)).sums.onS).toBe(HOUR);
    expect(assess(DAY, held).sums).toMatchObject({ onS: 3 * HOUR, offS: 2 * HOUR });
  });

  it('stays unknown where the machine clock was set in between', () => {
    const device = makeSimDevice('rule 3, set');
    const first = device.boot({ startMs: ms(8) });
    first.power(ms(8), ms(9));
    const alone = device.boot({ startMs: ms(10), boundMs: null, wallErrorMs: 7_200_000 });
    alone.power(ms(10), ms(11));
    const last = device.boot({ startMs: ms(12), wallErrorMs: 7_200_000 });
    last.power(ms(12), ms(13));
    const held = [first, alone, last].map((boot) => ({ device, boot }));
    expect(assess(DAY, held).sums).toMatchObject({ onS: 2 * HOUR, offS: 0 });
  });
});

describe('rule 8: causes', () => {
  it('the center first, then the link, for what is unknown', () => {
    const device = makeSimDevice('rule 8');
    const boot = device.boot({ startMs: ms(8) });
    boot.power(ms(8), ms(9));
    boot.power(ms(9), ms(12));
    boot.power(ms(12), ms(13));
    const { intervals } = assess(DAY, [{ device, boot, without: [3] }], {
      contact: [{ device: device.id, boot: boot.boot, start: s(8), end: s(11) }],
      centerDown: span(s(9), s(10)),
    });
    const causeAt = (hour: number) =>
      intervals.find(({ start, end }) => start <= s(hour) && s(hour) < end)?.cause;
    expect([9, 10.5, 11.5, 14].map(causeAt)).toEqual(['center', 'not-known', 'link', 'not-known']);
  });
});

describe('rule 9: K beside a missing sequence', () => {
  it('does not count from one closing period before it to the end of the next record held', () => {
    const device = makeSimDevice('rule 9');
    const boot = device.boot({ startMs: ms(8) });
    boot.onAir(ms(8), ms(12), PLAN);
    boot.exception(ms(11.9), ms(12), PLAN, 'failed');
    boot.onAir(ms(12), ms(14), PLAN);
    boot.onAir(ms(14), ms(15), PLAN);
    const whole = assess(DAY, [{ device, boot }]).sums;
    expect(whole).toMatchObject({ onS: 7 * HOUR, usedS: 6.9 * HOUR });
    const without = assess(DAY, [{ device, boot, without: [4] }]).sums;
    // Record 3 was made at 12:00, so the missing one may reach back to 11:00; record 5 ends at 14:00.
    expect(without).toMatchObject({ onS: 7 * HOUR, usedS: 4 * HOUR });
  });
});

describe('rule 10: content', () => {
  const day = (cause: 'late' | 'failed' | 'stood-in' | 'cut' | 'frozen') => {
    const device = makeSimDevice(`rule 10 ${cause}`);
    const boot = device.boot({ startMs: ms(8) });
    boot.exception(ms(9), ms(9.5), PLAN, cause);
    boot.onAir(ms(8), ms(10), PLAN);
    return assess(DAY, [{ device, boot }]).sums;
  };

  it('frozen is on and not used', () => {
    expect(day('frozen')).toMatchObject({ onS: 2 * HOUR, usedS: 1.5 * HOUR });
  });

  it('nothing that differed from the timeline is used', () => {
    for (const cause of ['late', 'failed', 'stood-in', 'cut'] as const)
      expect(day(cause).usedS).toBe(1.5 * HOUR);
  });

  it('a run without a painted frame is not used', () => {
    const device = makeSimDevice('no frames');
    const boot = device.boot({ startMs: ms(8) });
    boot.power(ms(8), ms(10));
    boot.add({ kind: 'run', from: 0, to: 7_200_000, plan: PLAN, items: 0, frames: 0, proof: PLAN }, ms(10));
    expect(assess(DAY, [{ device, boot }]).sums).toMatchObject({ onS: 2 * HOUR, usedS: 0 });
  });
});

describe('rule 11: 核实', () => {
  it('is the part of on that lies in live contact of that boot; ticks alone are never on', () => {
    const device = makeSimDevice('rule 11');
    const boot = device.boot({ startMs: ms(8) });
    boot.power(ms(8), ms(10));
    const contact = [{ device: device.id, boot: boot.boot, start: s(9), end: s(15) }];
    expect(assess(DAY, [{ device, boot }], { contact }).sums).toMatchObject({
      onS: 2 * HOUR,
      verifiedS: HOUR,
    });
    const foreign = [
      { device: device.id, boot: makeSimDevice('x').boot({ startMs: 0 }).boot, start: s(8), end: s(10) },
    ];
    expect(assess(DAY, [{ device, boot }], { contact: foreign }).sums.verifiedS).toBe(0);
  });
});

describe('rule 12: bindings and two devices', () => {
  it('claims count only inside the binding', () => {
    const device = makeSimDevice('rule 12');
    const boot = device.boot({ startMs: ms(8) });
    boot.onAir(ms(8), ms(12), PLAN);
    const bindings = [{ device: device.id, from: s(9), to: s(10) }];
    expect(assess(DAY, [{ device, boot }], { bindings }).sums).toMatchObject({ onS: HOUR, usedS: HOUR });
  });

  it('two devices on one screen never count twice, and on beats off', () => {
    const one = makeSimDevice('rule 12, one');
    const two = makeSimDevice('rule 12, two');
    const a = one.boot({ startMs: ms(8), panelReadable: true });
    a.panel(ms(8), ms(10), 'on');
    const b = two.boot({ startMs: ms(9), panelReadable: true });
    b.panel(ms(9), ms(11), 'off');
    const held = [
      { device: one, boot: a },
      { device: two, boot: b },
    ];
    expect(assess(DAY, held).sums).toMatchObject({ onS: 2 * HOUR, offS: HOUR });
  });

  it('K counts only with ON of the same device and boot', () => {
    const one = makeSimDevice('rule 12, on only');
    const two = makeSimDevice('rule 12, run only');
    const a = one.boot({ startMs: ms(8) });
    a.power(ms(8), ms(10));
    const b = two.boot({ startMs: ms(8) });
    b.run(ms(8), ms(10), PLAN);
    const held = [
      { device: one, boot: a },
      { device: two, boot: b },
    ];
    expect(assess(DAY, held).sums).toMatchObject({ onS: 2 * HOUR, usedS: 0 });
  });
});

describe('quarantine by time', () => {
  it('drops what lies more than 60 s after its receipt', () => {
    const device = makeSimDevice('future');
    const boot = device.boot({ startMs: ms(8) });
    boot.power(ms(8), ms(9));
    boot.power(ms(9), ms(10));
    expect(assess(DAY, [{ device, boot, receiptMs: ms(9) }]).sums.onS).toBe(HOUR);
    expect(assess(DAY, [{ device, boot, receiptMs: ms(10) - 60_000 }]).sums.onS).toBe(2 * HOUR);
  });
});

describe('intervals', () => {
  it('cover the day without gap or overlap and add up to the sums', () => {
    const device = makeSimDevice('cover');
    const boot = device.boot({ startMs: ms(7) });
    boot.onAir(ms(7), ms(10), PLAN);
    const { sums, intervals } = assess(DAY, [{ device, boot }], { exempt: span(s(9), s(9.5)) });
    expect(intervals[0]?.start).toBe(s(0));
    expect(intervals.at(-1)?.end).toBe(s(24));
    for (const [i, interval] of intervals.entries())
      expect(interval.start).toBe(i === 0 ? s(0) : intervals[i - 1]?.end);
    const onS = intervals
      .filter(({ state, required, exempt }) => state === 'on' && required && !exempt)
      .reduce((total, { start, end }) => total + end - start, 0);
    expect(onS).toBe(sums.onS);
  });
});
