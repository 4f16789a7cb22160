import { ExceptionInterval } from '../journal/intervals.ts';
import type { ExceptionFacts, RunInterval } from '../journal/intervals.ts';
import type { Journal } from '../journal/journal.ts';
import type { Slot } from './slots.ts';

/** Later than this after its planned start, an item's first frame is an exception. */
export const LATE_MS = 250;
/** How long nothing may be painted before lateness, or standing still, is written down while it lasts. */
const UNPAINTED_MS = 1_000;
const FROZEN_MS = 3_000;

export interface AiringOptions {
  readonly slot: Slot;
  readonly journal: Journal;
  readonly run: RunInterval;
  /** Where the slot's start lies on the boot's monotonic clock. */
  readonly startMono: number;
  /** Numbers the boot's exceptions. */
  readonly nextNumber: () => number;
}

/**
 * One slot while it is on the glass: what was painted of it, and whether that is what the timeline
 * says. At most one exception is open at a time, and it ends at the latest with the slot.
 */
export class Airing {
  readonly #options: AiringOptions;
  #slot: Slot;
  #run: RunInterval;
  #frames = 0;
  #firstMono: number | null = null;
  #lastIncreaseMono: number;
  #exception: ExceptionInterval | null = null;
  #ended = false;

  constructor(options: AiringOptions) {
    this.#slot = options.slot;
    this.#run = options.run;
    this.#options = options;
    this.#lastIncreaseMono = options.startMono;
    if (this.#isScheduled) options.run.beginItem();
  }

  get slot(): Slot {
    return this.#slot;
  }

  /** Whether at least one frame of the item itself was painted. */
  get painted(): boolean {
    return this.#firstMono !== null;
  }

  /** The item cannot be shown yet; filler stands in from its start. */
  standIn(detail: string): void {
    if (this.#isScheduled) this.#raise('stood-in', this.#since(), detail);
  }

  /** The item broke; filler stands in until its planned end. */
  fail(detail: string): void {
    this.#raise('failed', this.#since(), detail);
  }

  /** Frames of the item itself, counted by the stage since it began this cue. Returns how many are new. */
  paint(frames: number, mono: number): number {
    const fresh = frames >= this.#frames ? frames - this.#frames : frames;
    this.#frames = frames;
    if (fresh === 0) return 0;
    if (this.#firstMono === null) this.#firstPaint(mono);
    else if (this.#exception?.cause === 'frozen' || this.#exception?.cause === 'stood-in') this.#settle(mono);
    this.#lastIncreaseMono = Math.max(this.#lastIncreaseMono, mono);
    if (this.#isScheduled) this.#run.paint(fresh, mono);
    return fresh;
  }

  /** Asked about every second: what should have been painted by now and was not? */
  watch(mono: number): void {
    if (!this.#isScheduled || this.#exception !== null || this.#ended) return;
    if (!this.painted) {
      if (mono - this.#options.startMono >= UNPAINTED_MS)
        this.#raise('late', this.#options.startMono, 'nothing painted yet');
    } else if (mono - this.#lastIncreaseMono >= FROZEN_MS)
      this.#raise('frozen', this.#lastIncreaseMono, 'no new frame');
  }

  /** The slot is over. */
  end(mono: number): void {
    if (this.#ended) return;
    this.#ended = true;
    const { startMono } = this.#options;
    const isUnexplained = this.#exception === null || this.#exception.cause === 'late';
    // What ends before its first frame was even due, because the player stops, has not failed.
    if (this.#isScheduled && !this.painted && isUnexplained && mono - startMono > LATE_MS) {
      this.#raise('late', startMono, '');
      this.#exception?.become('failed', 'never painted');
    }
    this.#settle(mono);
  }

  /** The same showing goes on under another deny list: what is recorded from here on names that one. */
  goOn(slot: Slot, run: RunInterval, mono: number): void {
    const { journal, nextNumber } = this.#options;
    this.#slot = slot;
    this.#run = run;
    if (this.#isScheduled) run.beginItem();
    const open = this.#exception;
    if (open === null) return;
    journal.close(open, mono);
    this.#exception = new ExceptionInterval(nextNumber(), mono, this.#facts(open.cause, open.detail));
    journal.open(this.#exception);
  }

  /** The slot ends before its planned end. */
  cut(mono: number, why: string): void {
    const { journal, nextNumber } = this.#options;
    this.end(mono);
    const exception = new ExceptionInterval(nextNumber(), mono, this.#facts('cut', why));
    journal.open(exception);
    journal.close(exception, mono);
  }

  get #isScheduled(): boolean {
    return this.slot.entry.asset !== null;
  }

  #firstPaint(mono: number): void {
    this.#firstMono = mono;
    const { startMono } = this.#options;
    if (this.#exception === null && this.#isScheduled && mono - startMono > LATE_MS)
      this.#raise('late', startMono, `${mono - startMono} ms`);
    if (this.#exception?.cause === 'late') this.#exception.become('late', `${mono - startMono} ms`);
    this.#settle(mono);
  }

  /** From when on something is wrong: now, or from the slot's start where nothing was ever right. */
  #since(): number {
    return this.painted ? this.#options.journal.monoMs() : this.#options.startMono;
  }

  #raise(cause: ExceptionFacts['cause'], from: number, detail: string): void {
    if (this.#exception !== null) {
      this.#exception.become(cause, detail);
      return;
    }
    this.#exception = new ExceptionInterval(this.#options.nextNumber(), from, this.#facts(cause, detail));
    this.#options.journal.open(this.#exception);
  }

  #settle(mono: number): void {
    if (this.#exception === null) return;
    this.#options.journal.close(this.#exception, mono);
    this.#exception = null;
  }

  #facts(cause: ExceptionFacts['cause'], detail: string): ExceptionFacts {
    const { entry, loaded } = this.slot;
    return {
      cause,
      plan: loaded.digest,
      denyList: loaded.denyList,
      schedule: entry.schedule,
      asset: entry.asset,
      detail: detail.slice(0, 200),
    };
  }
}
