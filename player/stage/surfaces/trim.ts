/** Beyond this an item is corrected; below it nobody sees or hears it. */
const TOLERANCE_S = 0.08;
/** Where correcting stops. */
const CLOSE_S = 0.02;
/** Beyond this a seek is better than a long chase; so much apart, or each would only cost the next. */
const SEEK_S = 0.5;
const SEEK_EVERY_MS = 3_000;
/** Where a seek lands beyond the clock: about what it costs until its first frame. */
const SEEK_COST_S = 0.1;
const MAX_RATE = 0.1;
/** Frames settle this long after the swap before they are believed. */
const SETTLE_MS = 400;
/** The beginning of an item, which is corrected finely; a viewer would notice later. */
const WINDOW_MS = 8_000;
/** Later only what a starved machine has lost is caught up with, or screens side by side would part. */
const LATER_TOLERANCE_S = 0.3;

/** Brings a video that is off its clock back onto it by a slightly different speed, or by a seek. */
export class Trim {
  readonly #video: HTMLVideoElement;
  #firstMs: number | null = null;
  #measured = false;
  #soughtMs: number | null = null;

  constructor(video: HTMLVideoElement) {
    this.#video = video;
  }

  /**
   * @param behindS how far the frame on the glass is behind the item's clock (negative: ahead).
   * @param localMs when that frame is displayed.
   * @returns the lag at the item's start, once, when it has settled; else `null`.
   */
  follow(behindS: number, localMs: number): number | null {
    this.#firstMs ??= localMs;
    const sinceMs = localMs - this.#firstMs;
    if (sinceMs < SETTLE_MS) return null;
    if (this.#video.ended) {
      this.#rate(1);
      return null;
    }
    const first = !this.#measured;
    this.#measured = true;
    this.#correct(behindS, localMs, sinceMs > WINDOW_MS ? LATER_TOLERANCE_S : TOLERANCE_S);
    return first ? behindS : null;
  }

  stop(): void {
    this.#rate(1);
  }

  #correct(behindS: number, localMs: number, toleranceS: number): void {
    const size = Math.abs(behindS);
    if (size < CLOSE_S) return this.#rate(1);
    const chasing = this.#video.playbackRate !== 1;
    if (size < toleranceS && !chasing) return;
    if (size > SEEK_S && (this.#soughtMs === null || localMs - this.#soughtMs > SEEK_EVERY_MS)) {
      this.#soughtMs = localMs;
      this.#rate(1);
      this.#video.currentTime += behindS + SEEK_COST_S;
      return;
    }
    this.#rate(1 + Math.max(-MAX_RATE, Math.min(MAX_RATE, 2 * behindS)));
  }

  #rate(rate: number): void {
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }
}
