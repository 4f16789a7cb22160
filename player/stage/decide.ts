import type { Cue } from '../../shared/screen/stage-protocol.ts';

/**
 * What the stage does next, as a pure function: the cues that the engine wants, what the two
 * surfaces hold, and the instant → commands. The frame loop asks it on every frame; asking twice
 * without anything having changed gives the same commands, and the surfaces take them idempotently.
 */

export const Slot = { a: 0, b: 1 } as const;
export type Slot = (typeof Slot)[keyof typeof Slot];

/** What is in front: a surface, the built-in filler, or the scene before the first cue (pairing, notice). */
export type Front = Slot | 'filler' | 'scene';

/**
 * `ready`: its first picture is decoded. `rolling`: its clock runs and the compositor has had a
 * frame of it, so that it may be revealed. Stills are rolling as soon as they are ready.
 */
export type Phase = 'loading' | 'ready' | 'rolling' | 'failed';

export interface SlotView {
  readonly cue: Cue;
  readonly phase: Phase;
}

export interface StageView {
  /** In order, without overlap; empty while nothing is on air. */
  readonly cues: readonly Cue[];
  readonly slots: readonly [SlotView | null, SlotView | null];
  readonly front: Front;
  /** The key of the filler cue that is in front, `null` when the filler only stands in. */
  readonly fillerKey: string | null;
  /** When the front last changed. */
  readonly frontSinceMs: number;
  /** Since when the current cue has been the current one. */
  readonly wantedSinceMs: number;
  /** How long a video's clock takes from being started to moving, as measured on this machine. */
  readonly leadMs: Readonly<Record<Cue['kind'], number>>;
  /** Keys that may not be loaded (again) before an instant; `Infinity` for never. */
  readonly barredUntilMs: ReadonlyMap<string, number>;
  readonly nowMs: number;
}

export type Command =
  | { readonly kind: 'load'; readonly slot: Slot; readonly cue: Cue; readonly reason: 'current' | 'next' }
  | { readonly kind: 'roll'; readonly slot: Slot; readonly reason: 'lead' | 'late' }
  | { readonly kind: 'reveal'; readonly slot: Slot; readonly reason: 'start' | 'late' }
  | {
      readonly kind: 'filler';
      readonly key: string | null;
      readonly reason: 'cue' | 'failed' | 'not-ready' | 'after-last';
    }
  | { readonly kind: 'clear'; readonly slot: Slot; readonly reason: 'over' | 'unwanted' };

export const Timing = {
  /** How far ahead the next item is fetched and decoded. */
  preloadMs: 20_000,
  /** How near the next item has to be to be loaded while the current one is still on its way. */
  crowdMs: 1_000,
  /** A swap lands on the next screen refresh, so it is ordered half a 60 Hz frame early. */
  halfFrameMs: 8,
  /** How long before its start a video behind the front is really drawn, see {@link isWarming}. */
  warmMs: 1_000,
  /** How long the last picture is held for an item that is not ready, before filler stands in. */
  holdMs: 2_000,
  /** A surface that left the front keeps its picture until the compositor has surely swapped. */
  settleMs: 120,
} as const;

/**
 * The commands for this instant, in the order in which they are to be carried out.
 * @param view what is wanted and what is there; nothing is changed.
 */
export function decide(view: StageView): readonly Command[] {
  const commands: Command[] = [];
  const { cues, nowMs } = view;
  const wanted = cueAt(cues, nowMs + Timing.halfFrameMs);
  const next = cues.find((cue) => cue.startMs > nowMs + Timing.halfFrameMs) ?? null;
  const front = settleCurrent(view, wanted, commands);
  prepareNext(view, { wanted, next, front }, commands);
  return commands;
}

/**
 * Whether a video behind the front is about to be revealed. Compositors draw nothing of a video that
 * is fully covered, and its first uncovered frame is then empty; so the front is made the least bit
 * translucent for that while.
 */
export function isWarming(view: StageView): boolean {
  return [Slot.a, Slot.b].some((slot) => {
    const held = view.slots[slot];
    if (held === null || slot === view.front || held.phase === 'failed') return false;
    const { kind, startMs, endMs } = held.cue;
    return (
      (kind === 'video' || kind === 'hls') && startMs - view.nowMs <= Timing.warmMs && view.nowMs < endMs
    );
  });
}

/** The cue that covers `t`; `null` before the first, between or after the last. */
export function cueAt(cues: readonly Cue[], t: number): Cue | null {
  return cues.find((cue) => cue.startMs <= t && t < cue.endMs) ?? null;
}

/** Brings the current cue to the front and answers what is in front afterwards. */
function settleCurrent(view: StageView, wanted: Cue | null, commands: Command[]): Front {
  const { cues, front, nowMs } = view;
  const toFiller = (key: string | null, reason: 'cue' | 'failed' | 'not-ready' | 'after-last'): Front => {
    if (front !== 'filler' || (key !== null && view.fillerKey !== key))
      commands.push({ kind: 'filler', key, reason });
    return 'filler';
  };

  if (wanted === null) {
    const last = cues.at(-1);
    return last === undefined || nowMs < last.endMs ? front : toFiller(null, 'after-last');
  }
  if (wanted.kind === 'filler') return toFiller(wanted.key, 'cue');

  const slot = slotOf(view, wanted);
  const held = slot === null ? null : view.slots[slot];
  if (slot !== null && held?.phase === 'failed')
    return mayLoad(view, wanted) && front !== slot
      ? load(view, wanted, slot, commands)
      : toFiller(null, 'failed');
  if (slot === null) {
    if (!mayLoad(view, wanted)) return toFiller(null, 'failed');
    const free = freeSlot(view, null);
    if (free !== null && (settled(view) || view.slots[free] === null)) load(view, wanted, free, commands);
    return standIn(view, toFiller);
  }
  if (front === slot) return front;
  if (held?.phase === 'loading') return standIn(view, toFiller);

  if (held?.phase === 'ready') {
    commands.push({ kind: 'roll', slot, reason: 'late' });
    return standIn(view, toFiller);
  }
  const late = nowMs - wanted.startMs > Timing.settleMs;
  commands.push({ kind: 'reveal', slot, reason: late ? 'late' : 'start' });
  return slot;
}

/** Holds the last picture for a while, then filler. */
function standIn(view: StageView, toFiller: (key: null, reason: 'not-ready') => Front): Front {
  return view.front !== 'filler' && view.nowMs - view.wantedSinceMs > Timing.holdMs
    ? toFiller(null, 'not-ready')
    : view.front;
}

/** Loads and rolls what comes next behind the front, and frees what nobody wants. */
function prepareNext(
  view: StageView,
  after: { readonly wanted: Cue | null; readonly next: Cue | null; readonly front: Front },
  commands: Command[],
): void {
  const { wanted, next, front } = after;
  const { nowMs } = view;
  const still = settled(view) && front === view.front;

  const nextSlot = next === null ? null : slotOf(view, next);
  // Two decoders that start at once each take twice as long: what is wanted now comes first.
  const aheadMs = isAwaited(view, after) ? Timing.crowdMs : Timing.preloadMs;
  if (next !== null && next.kind !== 'filler' && next.startMs - nowMs <= aheadMs) {
    const held = nextSlot === null ? null : view.slots[nextSlot];
    if (nextSlot === null || (held?.phase === 'failed' && nextSlot !== front)) {
      const free = nextSlot ?? (still ? freeSlot(view, wanted) : null);
      if (free !== null && mayLoad(view, next) && !commands.some((command) => command.kind === 'load'))
        commands.push({ kind: 'load', slot: free, cue: next, reason: 'next' });
    } else if (held?.phase === 'ready' && nowMs >= next.startMs - view.leadMs[next.kind]) {
      commands.push({ kind: 'roll', slot: nextSlot, reason: 'lead' });
    }
  }

  for (const slot of [Slot.a, Slot.b]) {
    const held = view.slots[slot];
    if (held === null || slot === front || !still) continue;
    if (held.cue.key === wanted?.key || held.cue.key === next?.key) continue;
    if (commands.some((command) => command.kind === 'load' && command.slot === slot)) continue;
    const over = held.cue.endMs <= nowMs;
    commands.push({ kind: 'clear', slot, reason: over ? 'over' : 'unwanted' });
  }
}

/** Whether the current item is still being brought to the front. */
function isAwaited(view: StageView, { wanted, front }: { wanted: Cue | null; front: Front }): boolean {
  if (wanted === null || wanted.kind === 'filler') return false;
  const slot = slotOf(view, wanted);
  if (slot === null) return mayLoad(view, wanted);
  return slot !== front && view.slots[slot]?.phase !== 'failed';
}

function load(view: StageView, cue: Cue, slot: Slot, commands: Command[]): Front {
  commands.push({ kind: 'load', slot, cue, reason: 'current' });
  return view.front;
}

/** Whether the compositor has surely swapped, so that what left the front may change. */
function settled(view: StageView): boolean {
  return view.nowMs - view.frontSinceMs >= Timing.settleMs;
}

function mayLoad(view: StageView, cue: Cue): boolean {
  return view.nowMs >= (view.barredUntilMs.get(cue.key) ?? -Infinity);
}

function slotOf(view: StageView, cue: Cue): Slot | null {
  if (view.slots[0]?.cue.key === cue.key) return Slot.a;
  if (view.slots[1]?.cue.key === cue.key) return Slot.b;
  return null;
}

/** A surface behind the front that does not hold `keep`, an empty one first. */
function freeSlot(view: StageView, keep: Cue | null): Slot | null {
  const behind = [Slot.a, Slot.b].filter(
    (slot) => slot !== view.front && (keep === null || view.slots[slot]?.cue.key !== keep.key),
  );
  return behind.find((slot) => view.slots[slot] === null) ?? behind[0] ?? null;
}
