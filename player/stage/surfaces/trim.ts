/** Beyond this an item is corrected; below it nobody sees or hears it. */
const TOLERANCE_S = 0.08;
/** Where correcting stops. */
const CLOSE_S = 0.02;
/** Beyond this a seek is better than a long chase. */
const SEEK_S = 0.5;
const MAX_RATE = 0.1;
/** Frames settle this long after the swap before they are believed. */
const SETTLE_MS = 400;
/** Only the beginning of an item is corrected. */
const WINDOW_MS = 8_000;

/** Brings a video that began late or early onto its clock by a slightly different speed, or one seek. */
export class Trim {
  readonly #video: HTMLVideoElement;
  #firstMs: number | null = null;
  #measured = false;
  #sought = false;

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
    if (sinceMs > WINDOW_MS || this.#video.ended) {
      this.#rate(1);
      return null;
    }
    const first = !this.#measured;
    this.#measured = true;
    this.#correct(behindS, first);
    return first ? behindS : null;
  }

  stop(): void {
    this.#rate(1);
  }

  #correct(behindS: number, first: boolean): void {
    const size = Math.abs(behindS);
    if (size < CLOSE_S) return this.#rate(1);
    const chasing = this.#video.playbackRate !== 1;
    if (size < TOLERANCE_S && !chasing) return;
    if (size > SEEK_S && first && !this.#sought) {
      this.#sought = true;
      this.#video.currentTime += behindS + 0.1;
      return;
    }
    this.#rate(1 + Math.max(-MAX_RATE, Math.min(MAX_RATE, 2 * behindS)));
  }

  #rate(rate: number): void {
    if (this.#video.playbackRate !== rate) this.#video.playbackRate = rate;
  }
}
