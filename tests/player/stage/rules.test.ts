import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StageClock, offsetOf } from '../../../player/stage/clock.ts';
import { Attempts, RECOVERY, codeOfMedia } from '../../../player/stage/failure.ts';
import { Leads } from '../../../player/stage/leads.ts';
import { codeLifeText, localTimeText } from '../../../player/stage/local-time.ts';
import { qrPath } from '../../../player/stage/qr.ts';

test('the clock follows the exchange with the shortest round trip', () => {
  const samples = [
    { sentMs: 0, receivedMs: 40, centerMs: 1_000_035 },
    { sentMs: 100, receivedMs: 104, centerMs: 1_000_102 },
    { sentMs: 200, receivedMs: 230, centerMs: 1_000_229 },
  ];
  expect(offsetOf(samples)).toEqual({ offsetMs: 1_000_000, errorMs: 2 });
});

test('law: the offset is never further off than half the shortest round trip', () => {
  const exchange = fc.record({
    sentMs: fc.integer({ min: 0, max: 10_000 }),
    thereMs: fc.integer({ min: 0, max: 100 }),
    backMs: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(
      fc.array(exchange, { minLength: 1, maxLength: 8 }),
      fc.integer(),
      (exchanges, trueOffsetMs) => {
        const measured = offsetOf(
          exchanges.map(({ sentMs, thereMs, backMs }) => ({
            sentMs,
            receivedMs: sentMs + thereMs + backMs,
            centerMs: sentMs + thereMs + trueOffsetMs,
          })),
        );
        expect(Math.abs((measured?.offsetMs ?? Infinity) - trueOffsetMs)).toBeLessThanOrEqual(
          measured?.errorMs ?? 0,
        );
      },
    ),
  );
});

test('a clock that has met nobody says so, and an empty round changes nothing', () => {
  let localMs = 5;
  const clock = new StageClock(() => localMs);
  clock.adopt([]);
  expect([clock.known, clock.nowMs(), clock.centerOf(5)]).toEqual([false, null, null]);
  clock.adopt([{ sentMs: 4, receivedMs: 6, centerMs: 1_000 }]);
  clock.adopt([]);
  localMs = 25;
  expect(clock.nowMs()).toBe(1_020);
});

test('a decode error is final, a load error is retried after a wait as often as the policy says', () => {
  const attempts = new Attempts();
  expect(attempts.note('bad', { code: 'decode', detail: '' }, 0)).toBe(true);
  expect(attempts.barredUntilMs.get('bad')).toBe(Infinity);
  for (let round = 1; round < RECOVERY.load.attempts; round += 1) {
    expect(attempts.note('away', { code: 'load', detail: '' }, 100)).toBe(false);
    expect(attempts.barredUntilMs.get('away')).toBe(100 + RECOVERY.load.waitMs);
  }
  expect(attempts.note('away', { code: 'load', detail: '' }, 100)).toBe(true);
  attempts.keep(new Set(['bad']));
  expect([...attempts.barredUntilMs.keys()]).toEqual(['bad']);
});

test('media error codes are told apart, but for the one that may mean two things', () => {
  expect([1, 2, 3, 4].map(codeOfMedia)).toEqual(['load', 'load', 'decode', null]);
});

test('the lead follows what items need, within bounds, and does not believe hiccups', () => {
  const leads = new Leads();
  for (let round = 0; round < 50; round += 1) leads.learn('video', 100 - (leads.current.video - 40));
  expect(leads.current.video).toBeGreaterThan(120);
  const before = leads.current.video;
  leads.learn('video', 5_000);
  expect(leads.current.video).toBe(before);
  for (let round = 0; round < 50; round += 1) leads.learn('hls', -100);
  expect(leads.current.hls).toBe(0);
});

test('how far ahead an item under way is joined follows what joining costs, apart from starts on time', () => {
  const leads = new Leads();
  const first = leads.joinMs;
  const starts = leads.current;
  for (let n = 0; n < 40; n += 1) leads.learnJoin(600 - leads.joinMs);
  expect(leads.joinMs).toBeGreaterThan(first);
  expect(Math.abs(leads.joinMs - 600)).toBeLessThan(5);
  leads.learnJoin(60_000);
  expect(Math.abs(leads.joinMs - 600)).toBeLessThan(5);
  for (let n = 0; n < 100; n += 1) leads.learnJoin(-1_000);
  expect(leads.joinMs).toBe(0);
  expect(leads.current).toEqual(starts);
});

test('the glass writes Shanghai time as people do', () => {
  expect(localTimeText(Date.parse('2026-11-23T07:48:30Z'))).toEqual({
    clock: '15:48',
    day: '11 月 23 日',
    weekday: '星期一',
  });
  expect(localTimeText(Date.parse('2026-01-04T16:00:00Z'))).toEqual({
    clock: '00:00',
    day: '1 月 5 日',
    weekday: '星期一',
  });
});

test('a pairing code says how long it holds', () => {
  expect(codeLifeText(540_000)).toBe('9 分钟后换新码，旧码作废');
  expect(codeLifeText(59_000)).toBe('不到 1 分钟后换新码，旧码作废');
  expect(codeLifeText(0)).toBe('正在换新码');
});

test('law: a QR path covers exactly the dark modules', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), { maxLength: 6 }),
      (modules) => {
        const drawn = modules.map((row) => row.map(() => false));
        for (const [, x, y, length] of qrPath(modules).matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
          for (let step = 0; step < Number(length); step += 1) {
            const row = drawn[Number(y)] as boolean[];
            expect(row[Number(x) + step]).toBe(false);
            row[Number(x) + step] = true;
          }
        expect(drawn).toEqual(modules);
      },
    ),
  );
});
