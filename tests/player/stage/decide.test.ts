import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Timing, decide, isWarming } from '../../../player/stage/decide.ts';
import type { Command, Phase, Slot, SlotView, StageView } from '../../../player/stage/decide.ts';
import type { Cue } from '../../../shared/screen/stage-protocol.ts';

const NO_LEAD = { video: 40, hls: 40, image: 0, card: 0, filler: 0 } as const;

function makeCue(patch: Partial<Cue> = {}): Cue {
  const cue = { key: 'a', kind: 'video', startMs: 0, endMs: 10_000, ...patch } as const;
  return {
    originMs: cue.startMs,
    src: `/media/${cue.key}`,
    card: null,
    pictureSrc: null,
    title: cue.key,
    tier: null,
    fit: 'contain',
    volume: 1,
    ...cue,
  };
}

function makeView(patch: Partial<StageView> = {}): StageView {
  return {
    cues: [],
    slots: [null, null],
    front: 'scene',
    fillerKey: null,
    frontSinceMs: -60_000,
    wantedSinceMs: -60_000,
    leadMs: NO_LEAD,
    barredUntilMs: new Map(),
    nowMs: 0,
    ...patch,
  };
}

const held = (cue: Cue, phase: Phase = 'rolling'): SlotView => ({ cue, phase });
const kinds = (commands: readonly Command[]) => commands.map(({ kind }) => kind);

describe('the current item', () => {
  const cue = makeCue();

  test('is loaded at once when no surface holds it, and the scene stays meanwhile', () => {
    const commands = decide(makeView({ cues: [cue], nowMs: 3_000, wantedSinceMs: 3_000 }));
    expect(commands).toEqual([{ kind: 'load', slot: 0, cue, reason: 'current' }]);
  });

  test('is rolled as soon as it is ready and revealed as soon as a frame of it has moved', () => {
    const view = makeView({ cues: [cue], wantedSinceMs: 2_900, nowMs: 3_000 });
    expect(decide({ ...view, slots: [held(cue, 'ready'), null] })).toEqual([
      { kind: 'roll', slot: 0, reason: 'late' },
    ]);
    expect(decide({ ...view, slots: [held(cue, 'rolling'), null] })).toEqual([
      { kind: 'reveal', slot: 0, reason: 'late' },
    ]);
  });

  test('needs nothing while it is in front', () => {
    expect(decide(makeView({ cues: [cue], slots: [held(cue), null], front: 0, nowMs: 3_000 }))).toEqual([]);
  });

  test('is stood in for by filler when it has kept the glass waiting', () => {
    const view = { cues: [cue], slots: [held(cue, 'loading'), null] as const, wantedSinceMs: 1_000 };
    expect(decide(makeView({ ...view, nowMs: 1_000 + Timing.holdMs }))).toEqual([]);
    expect(decide(makeView({ ...view, nowMs: 1_001 + Timing.holdMs }))).toEqual([
      { kind: 'filler', key: null, reason: 'not-ready' },
    ]);
  });

  test('that failed in front gives way to filler, and is tried again only when it may be', () => {
    const failed = makeView({ cues: [cue], slots: [held(cue, 'failed'), null], front: 0, nowMs: 3_000 });
    expect(decide(failed)).toEqual([{ kind: 'filler', key: null, reason: 'failed' }]);
    const barredUntilMs = new Map([[cue.key, 5_000]]);
    expect(decide({ ...failed, front: 'filler', barredUntilMs, nowMs: 4_999 })).toEqual([]);
    expect(decide({ ...failed, front: 'filler', barredUntilMs, nowMs: 5_000 })).toEqual([
      { kind: 'load', slot: 0, cue, reason: 'current' },
    ]);
  });

  test('of kind filler brings the filler under its own key', () => {
    const filler = makeCue({ key: 'f', kind: 'filler' });
    expect(decide(makeView({ cues: [filler], nowMs: 1 }))).toEqual([
      { kind: 'filler', key: 'f', reason: 'cue' },
    ]);
    expect(decide(makeView({ cues: [filler], nowMs: 1, front: 'filler', fillerKey: 'f' }))).toEqual([]);
  });
});

describe('the next item', () => {
  const now = makeCue({ key: 'now', endMs: 10_000 });
  const next = makeCue({ key: 'next', startMs: 10_000, endMs: 20_000 });
  const playing = makeView({ cues: [now, next], slots: [held(now), null], front: 0, frontSinceMs: 0 });

  test('is loaded behind the front once the change before has settled', () => {
    expect(decide({ ...playing, nowMs: Timing.settleMs - 1 })).toEqual([]);
    expect(decide({ ...playing, nowMs: Timing.settleMs })).toEqual([
      { kind: 'load', slot: 1, cue: next, reason: 'next' },
    ]);
  });

  test('is not loaded before its time has come near', () => {
    const late = { ...next, startMs: 60_000, endMs: 70_000 };
    const long = { ...now, endMs: 60_000 };
    const view = { ...playing, cues: [long, late], slots: [held(long), null] as const };
    expect(decide({ ...view, nowMs: 60_000 - Timing.preloadMs - 1 })).toEqual([]);
    expect(kinds(decide({ ...view, nowMs: 60_000 - Timing.preloadMs }))).toEqual(['load']);
  });

  test('is left alone while the current item is on its way, until it is needed itself', () => {
    const short = makeCue({ key: 'short', startMs: 5_000, endMs: 9_000 });
    const current = makeCue({ key: 'current', endMs: 5_000 });
    const view = makeView({ cues: [current, short], front: 'filler', wantedSinceMs: 1_000 });
    const joining = { ...view, slots: [held(current, 'loading'), null] as const };
    expect(decide({ ...joining, nowMs: 2_000 })).toEqual([]);
    expect(decide({ ...joining, nowMs: 5_000 - Timing.crowdMs })).toEqual([
      { kind: 'load', slot: 1, cue: short, reason: 'next' },
    ]);
    // An item that is given up keeps nothing waiting.
    const barredUntilMs = new Map([[current.key, Number.POSITIVE_INFINITY]]);
    const failed = { ...view, slots: [held(current, 'failed'), null] as const, barredUntilMs };
    expect(decide({ ...failed, nowMs: 2_000 })).toContainEqual({
      kind: 'load',
      slot: 1,
      cue: short,
      reason: 'next',
    });
  });

  test('rolls its lead before its start and is revealed half a frame before it', () => {
    const slots = [held(now), held(next, 'ready')] as const;
    expect(decide({ ...playing, slots, nowMs: 9_959 })).toEqual([]);
    expect(decide({ ...playing, slots, nowMs: 9_960 })).toEqual([{ kind: 'roll', slot: 1, reason: 'lead' }]);
    const rolling = [held(now), held(next)] as const;
    expect(decide({ ...playing, slots: rolling, nowMs: 9_991 })).toEqual([]);
    expect(decide({ ...playing, slots: rolling, nowMs: 9_992 })).toEqual([
      { kind: 'reveal', slot: 1, reason: 'start' },
    ]);
  });

  test('is drawn behind the front before its start, if it is a video', () => {
    const slots = [held(now), held(next, 'ready')] as const;
    const startMs = next.startMs - Timing.warmMs;
    expect(isWarming({ ...playing, slots, nowMs: startMs - 1 })).toBe(false);
    expect(isWarming({ ...playing, slots, nowMs: startMs })).toBe(true);
    expect(isWarming({ ...playing, slots, front: 1, nowMs: next.startMs })).toBe(false);
    const still = held({ ...next, kind: 'image' }, 'rolling');
    expect(isWarming({ ...playing, slots: [held(now), still], nowMs: startMs })).toBe(false);
  });

  test('that is not ready leaves the last picture on for a while', () => {
    const slots = [held(now), held(next, 'loading')] as const;
    expect(decide({ ...playing, slots, wantedSinceMs: 10_000, nowMs: 11_000 })).toEqual([]);
  });

  test('replaces on the back surface what is no longer wanted', () => {
    const old = makeCue({ key: 'old', startMs: 10_000, endMs: 20_000 });
    const commands = decide({ ...playing, slots: [held(now), held(old)], nowMs: 5_000 });
    expect(commands).toEqual([{ kind: 'load', slot: 1, cue: next, reason: 'next' }]);
  });
});

test('after the last known item comes filler, before the first nothing changes', () => {
  const cue = makeCue({ startMs: 1_000, endMs: 2_000 });
  const slots = [held(cue), null] as const;
  expect(decide(makeView({ cues: [cue], slots, front: 0, nowMs: 2_000 }))).toContainEqual({
    kind: 'filler',
    key: null,
    reason: 'after-last',
  });
  expect(decide(makeView({ cues: [cue], slots, nowMs: 500 }))).toEqual([]);
});

test('a surface that left the front keeps its picture until the change has settled, then is freed', () => {
  const old = makeCue({ key: 'old', startMs: -5_000, endMs: 0 });
  const now = makeCue({ key: 'now' });
  const view = makeView({ cues: [now], slots: [held(old), held(now)], front: 1, frontSinceMs: 0 });
  expect(decide({ ...view, nowMs: Timing.settleMs - 1 })).toEqual([]);
  expect(decide({ ...view, nowMs: Timing.settleMs })).toEqual([{ kind: 'clear', slot: 0, reason: 'over' }]);
});

/** A stage that carries out commands at once, with loading that takes a while. */
class Model {
  view: StageView;
  readonly shown: (string | null)[] = [];
  readonly #loadedAt: [number, number] = [0, 0];
  readonly #loadMs: number;
  readonly #failing: ReadonlySet<string>;

  constructor(cues: readonly Cue[], loadMs: number, failing: ReadonlySet<string>) {
    this.view = makeView({ cues });
    this.#loadMs = loadMs;
    this.#failing = failing;
  }

  step(nowMs: number): void {
    const cue = this.view.cues.find(({ startMs, endMs }) => startMs <= nowMs + 8 && nowMs + 8 < endMs);
    const before = this.view.cues.find(
      ({ startMs, endMs }) => startMs <= this.view.nowMs + 8 && this.view.nowMs + 8 < endMs,
    );
    const wantedSinceMs = cue === before ? this.view.wantedSinceMs : nowMs;
    const slots = this.view.slots.map((slot, index) => {
      if (slot === null || slot.phase !== 'loading') return slot;
      if (nowMs - (this.#loadedAt[index] ?? 0) < this.#loadMs) return slot;
      return { ...slot, phase: this.#failing.has(slot.cue.key) ? 'failed' : 'ready' } as const;
    }) as [SlotView | null, SlotView | null];
    const barredUntilMs = new Map([...this.#failing].map((key) => [key, Infinity] as const));
    const tried = new Set(slots.filter((slot) => slot?.phase === 'failed').map((slot) => slot?.cue.key));
    for (const key of barredUntilMs.keys()) if (!tried.has(key)) barredUntilMs.delete(key);
    this.view = { ...this.view, nowMs, slots, wantedSinceMs, barredUntilMs };
    for (const command of decide(this.view)) this.#apply(command, nowMs);
  }

  #apply(command: Command, nowMs: number): void {
    const slots = [...this.view.slots] as [SlotView | null, SlotView | null];
    const set = (slot: Slot, value: SlotView | null) => {
      // A surface in front is never loaded or emptied under the viewer's eyes.
      expect(slot).not.toBe(this.view.front);
      slots[slot] = value;
    };
    if (command.kind === 'load') {
      set(command.slot, { cue: command.cue, phase: 'loading' });
      this.#loadedAt[command.slot] = nowMs;
    } else if (command.kind === 'clear') set(command.slot, null);
    else if (command.kind === 'roll') {
      const slot = slots[command.slot];
      if (slot !== null) slots[command.slot] = { ...slot, phase: 'rolling' };
    }
    this.view = { ...this.view, slots };
    if (command.kind === 'reveal') {
      const slot = slots[command.slot];
      expect(slot?.phase).toBe('rolling');
      this.view = { ...this.view, front: command.slot, frontSinceMs: nowMs, fillerKey: null };
    } else if (command.kind === 'filler')
      this.view = { ...this.view, front: 'filler', frontSinceMs: nowMs, fillerKey: command.key };
  }

  get showing(): string | null {
    const { front, slots } = this.view;
    return front === 0 || front === 1 ? (slots[front]?.cue.key ?? 'EMPTY') : null;
  }
}

test('law: over any sequence, every item that loads in time is on by its start, and nothing empty is ever in front', () => {
  const item = fc.record({
    lengthMs: fc.integer({ min: 1_000, max: 20_000 }),
    kind: fc.constantFrom('video', 'hls', 'image', 'card', 'filler'),
    fails: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(item, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 700 }),
      (items, loadMs) => {
        let atMs = 1_000;
        const cues = items.map(({ lengthMs, kind }, index) => {
          const cue = makeCue({ key: `${index}`, kind, startMs: atMs, endMs: atMs + lengthMs });
          atMs += lengthMs;
          return cue;
        });
        const failing = new Set(items.flatMap(({ fails }, index) => (fails ? [`${index}`] : [])));
        const model = new Model(cues, loadMs, failing);
        for (let nowMs = 0; nowMs < atMs + 1_000; nowMs += 16) {
          model.step(nowMs);
          expect(model.showing).not.toBe('EMPTY');
          const cue = cues.find(({ startMs, endMs }) => startMs + 40 <= nowMs && nowMs < endMs - 40);
          if (cue === undefined) continue;
          const expected = cue.kind === 'filler' || failing.has(cue.key) ? null : cue.key;
          expect(model.showing).toBe(expected);
        }
        expect(model.showing).toBeNull();
      },
    ),
    { numRuns: 30 },
  );
});
