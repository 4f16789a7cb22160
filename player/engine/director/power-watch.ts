import { PowerInterval } from '../journal/intervals.ts';
import type { Journal } from '../journal/journal.ts';

/** Without a frame for this long the renderer counts as not painting. */
const SILENT_MS = 5_000;

/**
 * Keeps the power record: an interval in which the renderer painted is never stretched over time in
 * which it did not, because power and a painting renderer together are what proves a screen on.
 */
export class PowerWatch {
  readonly #journal: Journal;
  #interval: PowerInterval;
  #painting = false;
  #lastFrameMono = 0;
  #total = 0;

  /** Opens the boot's first interval, at its very beginning. */
  constructor(journal: Journal) {
    this.#journal = journal;
    this.#interval = new PowerInterval(0);
    journal.open(this.#interval);
  }

  /** Frames painted since this boot began. */
  get painted(): number {
    return this.#total;
  }

  /** The stage painted `frames` frames, the last of them now. */
  paint(frames: number): void {
    if (frames <= 0) return;
    const mono = this.#journal.monoMs();
    if (!this.#painting) this.#cut(mono);
    this.#painting = true;
    this.#lastFrameMono = mono;
    this.#total += frames;
    this.#interval.paint(frames);
  }

  /** Asked about every second: ends the painting interval where the frames ended. */
  watch(): void {
    if (!this.#painting || this.#journal.monoMs() - this.#lastFrameMono < SILENT_MS) return;
    this.#painting = false;
    this.#cut(this.#lastFrameMono);
  }

  #cut(mono: number): void {
    const next = new PowerInterval(mono);
    this.#journal.close(this.#interval, mono);
    this.#journal.open(next);
    this.#interval = next;
  }
}
