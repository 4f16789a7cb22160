import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';
import { hashOf, makeDirector, planNamed } from './director-fixture.ts';

const exceptionsOf = (records: readonly JournalRecord[]) =>
  records.filter((record) => record.kind === 'exception');
const runsOf = (records: readonly JournalRecord[]) => records.filter((record) => record.kind === 'run');

/** Mandatory from 08:00:05 on, on the day of the tests. */
const URGENT = {
  id: 'urgent',
  name: '必播',
  class: 'mandatory',
  region: '41',
  playlist: 'urgent',
  days: 'every',
  excludeDates: [],
  windows: [{ start: '08:00:05', end: '08:10' }],
  validity: { from: '2026-11-20', to: null },
  priority: 0,
  weight: 1,
  once: true,
};

describe('what is on the glass', () => {
  it('is the timeline, cue after cue without a gap, and one run record says so', async () => {
    const { director, run, stage, finish } = await makeDirector();
    const plan = planNamed(['a', 'b'], 10);
    director.activate(plan);
    const { scene } = stage;
    const cues = scene?.mode === 'playing' ? scene.cues : [];
    expect(cues.length).toBeGreaterThanOrEqual(3);
    cues.slice(1).forEach((cue, index) => expect(cue.startMs).toBe(cues[index]?.endMs));
    run(60_000);
    const records = finish();
    expect(exceptionsOf(records)).toEqual([]);
    expect(runsOf(records)).toMatchObject([{ plan: plan.digest, from: 0, to: 60_000, items: 6 }]);
    const frames = runsOf(records)[0]?.frames;
    // 25 frames per second, but for the first frame's delay and the last progress of each item.
    expect(frames).toBeGreaterThanOrEqual(6 * 225);
    expect(frames).toBeLessThanOrEqual(6 * 250);
  });

  it('shows the built-in filler where the plan says nothing, which is no item', async () => {
    const { director, run, cue, finish } = await makeDirector();
    director.activate(planNamed([], 10));
    run(30_000);
    expect(cue().kind).toBe('filler');
    expect(director.showing()).toEqual({ kind: 'filler' });
    const records = finish();
    expect(runsOf(records)).toMatchObject([{ items: 0, frames: 0 }]);
    expect(exceptionsOf(records)).toEqual([]);
    expect(records.filter(({ kind }) => kind === 'power').at(-1)).toMatchObject({ to: 30_000 });
  });
});

describe('what differs from the timeline', () => {
  it('is late when the first frame comes more than 250 ms after its instant', async () => {
    const { director, run, finish } = await makeDirector({
      lateMs: ({ title }) => (title === 'a' ? 400 : 0),
    });
    director.activate(planNamed(['a', 'b'], 10));
    run(30_000);
    const late = exceptionsOf(finish());
    expect(late.map(({ from, to, cause }) => [cause, from, to])).toEqual(
      late[0]?.from === 0
        ? [
            ['late', 0, 440],
            ['late', 20_000, 20_440],
          ]
        : [['late', 10_000, 10_440]],
    );
  });

  it('is stood in for until its planned end when the stage cannot show it; the next comes on time', async () => {
    const { director, run, cue, finish } = await makeDirector({
      fails: ({ title }) => (title === 'a' ? 'decode' : null),
    });
    director.activate(planNamed(['a', 'b'], 10));
    const first = cue().title;
    run(first === 'a' ? 1_000 : 11_000);
    expect(cue().kind).toBe('filler');
    expect(director.showing()).toEqual({ kind: 'filler' });
    run(20_000);
    const [failed] = exceptionsOf(finish());
    expect(failed).toMatchObject({
      cause: 'failed',
      asset: hashOf('a'),
      detail: 'decode: as the behaviour says',
    });
    expect(failed?.to).toBe(first === 'a' ? 10_000 : 20_000);
    expect(failed?.from).toBe((failed?.to ?? 0) - 10_000);
  });

  it('is frozen from the last frame on when nothing new is painted for 3 s', async () => {
    const { director, run, finish } = await makeDirector({ freezesAfterMs: () => 2_500 });
    director.activate(planNamed(['a'], 10));
    run(10_000);
    const [frozen] = exceptionsOf(finish());
    expect(frozen).toMatchObject({ cause: 'frozen', to: 10_000 });
    expect(frozen?.from).toBeGreaterThanOrEqual(2_000);
    expect(frozen?.from).toBeLessThanOrEqual(3_100);
  });

  it('is written down while it lasts, so that no power cut turns it into an ordinary run', async () => {
    const { director, run, finish } = await makeDirector({ isDark: () => true });
    director.activate(planNamed(['a'], 10));
    run(25_000);
    const records = finish();
    expect(exceptionsOf(records).map(({ cause, from, to }) => [cause, from, to])).toEqual([
      ['failed', 0, 10_000],
      ['failed', 10_000, 20_000],
      ['failed', 20_000, 25_000],
    ]);
    expect(runsOf(records)).toMatchObject([{ items: 0, frames: 0 }]);
    expect(records.filter(({ kind }) => kind === 'power')).toMatchObject([
      { from: 0, to: 25_000, painted: 0 },
    ]);
  });

  it('is stood in for while an asset is missing, and joined by seeking once it is here', async () => {
    const { director, run, cue, put, finish } = await makeDirector({}, []);
    director.activate(planNamed(['a'], 10));
    run(4_000);
    expect(cue().kind).toBe('filler');
    await put('a');
    director.refresh();
    expect(cue()).toMatchObject({ kind: 'video', title: 'a' });
    const { originMs, startMs } = cue();
    expect(originMs).toBe(startMs);
    run(6_000);
    expect(exceptionsOf(finish())).toMatchObject([{ cause: 'stood-in', from: 0, to: 4_040 }]);
  });
});

describe('a time in which nothing was painted', () => {
  it('lies in power records of its own', async () => {
    let isDark = false;
    const { director, run, finish } = await makeDirector({ isDark: () => isDark });
    director.activate(planNamed(['a'], 10));
    run(20_000);
    isDark = true;
    run(20_000);
    isDark = false;
    run(20_000);
    const power = finish().filter((record) => record.kind === 'power');
    expect(power.map(({ painted }) => painted > 0)).toEqual([false, true, false, true]);
    expect(power[2]?.from).toBeLessThanOrEqual(20_040);
    expect(power[2]?.to).toBeGreaterThanOrEqual(40_000);
    power.slice(1).forEach(({ from }, index) => expect(from).toBe(power[index]?.to));
  });
});

describe('another plan', () => {
  it('waits until the item on air ends, then its own current item is joined where it stands', async () => {
    const { director, run, cue, finish } = await makeDirector();
    const first = planNamed(['a'], 10);
    const second = planNamed(['b'], 7);
    director.activate(first);
    run(3_000);
    director.activate(second);
    expect(cue().title).toBe('a');
    expect(director.plan?.digest).toBe(first.digest);
    run(7_000);
    expect(director.plan?.digest).toBe(second.digest);
    const joined = cue();
    expect(joined.title).toBe('b');
    expect(joined.startMs - joined.originMs).toBe(
      second.resolver.at(Math.floor(joined.startMs / 1000) as never).start * -1000 + joined.startMs,
    );
    expect(joined.originMs).toBeLessThanOrEqual(joined.startMs);
    run(10_000);
    const records = finish();
    expect(exceptionsOf(records)).toEqual([]);
    expect(runsOf(records)).toMatchObject([
      { plan: first.digest, from: 0, to: 10_000 },
      { plan: second.digest, from: 10_000, to: 20_000 },
    ]);
    expect(records.filter(({ kind }) => kind === 'switch')).toMatchObject([
      { plan: first.digest, previous: null },
      { plan: second.digest, previous: first.digest },
    ]);
  });

  it('cuts the item on air at its own hard start', async () => {
    const { director, run, cue, finish } = await makeDirector();
    director.activate(planNamed(['a'], 10));
    run(2_000);
    director.activate(planNamed(['b'], 10, [URGENT]));
    expect(cue()).toMatchObject({ title: 'a' });
    run(3_100);
    expect(cue()).toMatchObject({ title: 'urgent' });
    const records = finish();
    expect(exceptionsOf(records)).toMatchObject([
      { cause: 'cut', from: 5_000, to: 5_000, asset: hashOf('a') },
    ]);
    expect(runsOf(records)[0]).toMatchObject({ from: 0, to: 5_000 });
  });

  it('takes over at once from filler, and untouched where it shows the same', async () => {
    const { director, run, cue } = await makeDirector();
    const nothing = planNamed([], 10);
    const one = planNamed(['a'], 10);
    director.activate(nothing);
    run(2_500);
    director.activate(one);
    expect(cue().title).toBe('a');
    run(1_000);
    const { key } = cue();
    const later = { ...URGENT, windows: [{ start: '20:00', end: '21:00' }] };
    director.activate(planNamed(['a'], 10, [later]));
    expect(cue().key).toBe(key);
    expect(director.plan?.digest).not.toBe(one.digest);
  });
});

describe('a clock that is set', () => {
  it('moves the glass to the right instant at once, in both directions', async () => {
    const { director, run, cue, clock } = await makeDirector();
    director.activate(planNamed(['a', 'b'], 10));
    run(3_000);
    for (const stepMs of [-86_400_000, 3_605_000]) {
      const offset = clock.nowMs() - clock.monoMs() + stepMs;
      clock.learn({ lo: offset, hi: offset, at: clock.monoMs() });
      director.refresh();
      expect(cue().startMs).toBeLessThanOrEqual(clock.nowMs());
      expect(cue().endMs).toBeGreaterThan(clock.nowMs());
    }
  });
});
