import { describe, expect, it } from 'vitest';
import { ClockKeeper } from '../../../player/engine/clock/clock-keeper.ts';
import type { ClockMemory } from '../../../player/engine/clock/clock-keeper.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { makeClock } from '../../helpers/clock.ts';

const NOON = Date.parse('2026-11-20T12:00:00+08:00');

function keeperAt(wallMs: number, memory: ClockMemory | null, osBoot = 'run-2') {
  const clock = makeClock();
  clock.setWall(wallMs);
  return { clock, keeper: new ClockKeeper({ clock, osBoot, memory }) };
}

const memory: ClockMemory = { osBoot: 'run-1', osMonoMs: 5_000_000, centerMs: NOON, wallOffsetMs: 0 };

describe('center time on a device without contact', () => {
  it('is the wall clock plus the last offset known', () => {
    const { keeper } = keeperAt(NOON + 3_600_000, { ...memory, wallOffsetMs: -60_000 });
    expect(keeper.nowMs()).toBe(NOON + 3_540_000);
    expect(keeper.met).toBe(false);
    expect(keeper.offset()).toBeNull();
  });

  it('never lies before the highest time persisted, whatever a dead battery says', () => {
    const { clock, keeper } = keeperAt(0, memory);
    expect(keeper.nowMs()).toBe(NOON);
    clock.advance(10_000);
    expect(keeper.nowMs()).toBe(NOON + 10_000);
  });

  it('never lies before the issue of the assignment in force', () => {
    const { keeper } = keeperAt(Date.parse('2020-01-01'), null);
    keeper.notBefore((NOON / 1000) as Instant);
    expect(keeper.nowMs()).toBe(NOON);
  });

  it('goes on by the monotonic clock after an engine restart, wherever the wall clock was set meanwhile', () => {
    const clock = makeClock();
    clock.advance(100_000);
    clock.setWall(Date.parse('2031-01-01'));
    const kept = { ...memory, osBoot: 'run-2', osMonoMs: clock.monotonicMs() - 30_000 };
    expect(new ClockKeeper({ clock, osBoot: 'run-2', memory: kept }).nowMs()).toBe(NOON + 30_000);
  });

  it('follows a wall clock that is put right, and not one that is put back', () => {
    const { clock, keeper } = keeperAt(Date.parse('2020-01-01'), memory);
    expect(keeper.nowMs()).toBe(NOON);
    clock.setWall(NOON + 7_200_000);
    expect(keeper.nowMs()).toBe(NOON + 7_200_000);
    clock.setWall(NOON);
    expect(keeper.nowMs()).toBe(NOON + 7_200_000);
  });
});

describe('center time on a device that met the center', () => {
  it('is the monotonic clock plus the offset, backwards too', () => {
    const { clock, keeper } = keeperAt(NOON + 86_400_000, memory);
    const mono = keeper.monoMs();
    expect(keeper.learn({ lo: NOON - mono - 20, hi: NOON - mono + 20, at: mono })).toBe(true);
    expect(keeper.nowMs()).toBe(NOON);
    clock.setWall(0);
    clock.advance(1_000);
    expect(keeper.nowMs()).toBe(NOON + 1_000);
    expect(keeper.memory().centerMs).toBe(NOON + 1_000);
    expect(keeper.memory().wallOffsetMs).toBe(NOON - (NOON + 86_400_000));
  });

  it('says when a measurement contradicts what was known, and takes the newer one', () => {
    const { keeper } = keeperAt(NOON, null);
    keeper.learn({ lo: 1_000, hi: 1_010, at: 0 });
    expect(keeper.learn({ lo: 9_000, hi: 9_010, at: 0 })).toBe(false);
    expect(keeper.nowMs()).toBe(9_005);
  });

  it('carries bounds that widen with time in its records', () => {
    const { clock, keeper } = keeperAt(NOON, null);
    keeper.learn({ lo: 1_000, hi: 1_010, at: 0 });
    clock.advance(1_000_000);
    expect(keeper.offset()).toEqual({ lo: 900, hi: 1_110, at: 1_000_000 });
  });
});
