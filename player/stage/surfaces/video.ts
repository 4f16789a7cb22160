import type { Cue } from '../../../shared/screen/stage-protocol.ts';
import type { Phase } from '../decide.ts';
import { element } from '../dom.ts';
import { askWhy, codeOfMedia } from '../failure.ts';
import type { SurfaceFailure } from '../failure.ts';
import { Trim } from './trim.ts';
import type { Surface, SurfaceHost } from './surface.ts';

/** Gives a video element its bytes from `positionS` on; answers what undoes it. */
export type AttachSource = (options: {
  readonly video: HTMLVideoElement;
  readonly src: string;
  readonly positionS: number;
  readonly fail: (failure: SurfaceFailure) => void;
}) => () => void;

/** A file that the browser plays by itself (MP4, WebM). */
export const attachFile: AttachSource = ({ video, src, fail }) => {
  const onError = async () => {
    const detail = `media error ${video.error?.code}: ${video.error?.message}`;
    const code = codeOfMedia(video.error?.code ?? 0);
    fail(code === null ? await askWhy(src, detail) : { code, detail: detail.slice(0, 200) });
  };
  video.addEventListener('error', onError);
  video.src = src;
  return () => video.removeEventListener('error', onError);
};

/** In front and no new frame for this long: the pipeline has stopped. */
const STALL_MS = 5_000;
/** Not one frame this long after it began to load, with its start passed: given up. */
const LOAD_MS = 10_000;
/** HTMLMediaElement.HAVE_CURRENT_DATA: the frame at the position is decoded. */
const HAVE_CURRENT_DATA = 2;
/** Without a frame callback, data at the position counts as decoded after this. */
const DRAWN_MS = 150;
/** A frame this near to the position is the frame at the position (25 fps: 0.04 s). */
const DRAWN_NEAR_S = 0.1;
/** A first picture later than this into the media is no stream's way but a gap. */
const FIRST_PICTURE_MAX_S = 0.2;
/** Started and no frame presented for this long: revealed with what it has. */
const ROLL_MS = 1_000;
/** Room before the very end: a seek beyond the last frame shows nothing. */
const LAST_FRAME_S = 0.08;

/**
 * A video, from a file or from HLS. It is loaded, positioned and its first frame drawn while it is
 * covered; `roll` starts it silently a moment before it is revealed, so the change shows neither
 * black nor a frozen frame.
 */
export class VideoSurface implements Surface {
  readonly element: HTMLElement;
  readonly #host: SurfaceHost;
  readonly #attach: AttachSource;
  readonly #video: HTMLVideoElement;
  readonly #trim: Trim;
  #cue: Cue;
  #phase: Phase = 'loading';
  #detach: (() => void) | null = null;
  #callback = 0;
  #loadedAtMs = 0;
  #positioned = false;
  #drawn = false;
  /** Media time of the first picture, which is what the item begins with: a stream's sound may begin earlier. */
  #firstS = 0;
  #drawTimer: ReturnType<typeof setTimeout> | null = null;
  #rollTimer: ReturnType<typeof setTimeout> | null = null;
  #rolling = false;
  /** Its start had passed when it was loaded: it begins to play as soon as it can. */
  #joins = false;
  #front = false;
  #painted = false;
  #frames = 0;
  #presented: number | null = null;
  #lastFrameMs = 0;
  #showingMs: number | null = null;

  constructor(cue: Cue, host: SurfaceHost, attach: AttachSource) {
    this.#cue = cue;
    this.#host = host;
    this.#attach = attach;
    this.#video = element('video', `fit-${cue.fit}`);
    this.element = element('div', 'surface', this.#video);
    this.#trim = new Trim(this.#video);
  }

  get phase(): Phase {
    return this.#phase;
  }

  get frames(): number {
    return this.#frames;
  }

  load(): void {
    const video = this.#video;
    const nowMs = this.#host.clock.nowMs() ?? this.#cue.startMs;
    this.#joins = nowMs > this.#cue.startMs;
    const firstMs = this.#joins ? nowMs + this.#host.joinMs() : this.#cue.startMs;
    const positionS = Math.max(0, (firstMs - this.#cue.originMs) / 1000);
    this.#loadedAtMs = this.#host.clock.localMs();
    video.preload = 'auto';
    video.playsInline = true;
    video.disablePictureInPicture = true;
    video.volume = 0;
    video.addEventListener('loadedmetadata', () => this.#position(positionS), { once: true });
    for (const event of ['loadeddata', 'seeked', 'canplay'] as const)
      video.addEventListener(event, () => this.#settle());
    video.addEventListener('pause', () => this.#resume());
    this.#detach = this.#attach({
      video,
      src: this.#cue.src ?? '',
      positionS,
      fail: (failure) => this.#fail(failure),
    });
    this.#arm();
  }

  roll(): void {
    if (this.#rolling || this.#phase === 'failed') return;
    this.#rolling = true;
    this.#play();
    this.#arm();
    this.#awaitFrame();
  }

  enter(): void {
    this.#front = true;
    this.#lastFrameMs = this.#host.clock.localMs();
    this.#video.volume = this.#cue.volume;
    if (this.#showingMs !== null) this.#paint(this.#showingMs);
    this.#arm();
  }

  leave(): void {
    this.#front = false;
    this.#rolling = false;
    this.#trim.stop();
    this.#video.volume = 0;
    this.#video.pause();
  }

  tick(): void {
    // Frames are counted where they are presented, not where the page is drawn.
  }

  check(localMs: number): void {
    const nowMs = this.#host.clock.centerOf(localMs) ?? 0;
    const slow = this.#phase === 'loading' && localMs - this.#loadedAtMs > LOAD_MS;
    if (slow && nowMs > this.#cue.startMs) this.#fail({ code: 'stalled', detail: 'no frame after loading' });
    const { ended, duration, currentTime } = this.#video;
    const over = ended || currentTime >= duration - 3 * LAST_FRAME_S;
    if (this.#front && this.#rolling && !over && localMs - this.#lastFrameMs > STALL_MS)
      this.#fail({ code: 'stalled', detail: `no frame for ${STALL_MS} ms at ${currentTime.toFixed(1)} s` });
  }

  update(cue: Cue): void {
    this.#cue = cue;
    if (this.#front) this.#video.volume = cue.volume;
  }

  dispose(): void {
    this.leave();
    this.#phase = 'failed';
    if (this.#drawTimer !== null) clearTimeout(this.#drawTimer);
    if (this.#rollTimer !== null) clearTimeout(this.#rollTimer);
    if (this.#callback !== 0) this.#video.cancelVideoFrameCallback(this.#callback);
    this.#detach?.();
    this.#detach = null;
    this.#video.removeAttribute('src');
    this.#video.load();
    this.element.remove();
  }

  #position(positionS: number): void {
    const { duration } = this.#video;
    const lastS = Number.isFinite(duration) ? Math.max(0, duration - LAST_FRAME_S) : positionS;
    if (positionS > 0 && this.#video.currentTime < positionS)
      this.#video.currentTime = Math.min(positionS, lastS);
    this.#positioned = true;
    if (this.#joins) this.roll();
  }

  #arm(): void {
    if (this.#callback !== 0 || this.#phase === 'failed') return;
    this.#callback = this.#video.requestVideoFrameCallback((_, frame) => this.#onFrame(frame));
  }

  /**
   * Ready when the frame at the wanted position is decoded. Its callback may come before `seeked`
   * does, or, for a covered video, not at all: data at the position a moment later will do.
   */
  #settle(): void {
    if (this.#phase !== 'loading' || !this.#atPosition()) return;
    if (this.#drawn) this.#becomeReady();
    else this.#drawTimer ??= setTimeout(() => this.#atPosition() && this.#becomeReady(), DRAWN_MS);
  }

  #atPosition(): boolean {
    return !this.#video.seeking && this.#positioned && this.#video.readyState >= HAVE_CURRENT_DATA;
  }

  #becomeReady(): void {
    if (this.#phase !== 'loading') return;
    this.#phase = 'ready';
    this.#awaitFrame();
    this.#host.onFrame();
  }

  /** At its very end a video has no further frame to present. */
  #awaitFrame(): void {
    if (this.#phase !== 'ready' || !this.#rolling) return;
    this.#rollTimer ??= setTimeout(() => this.#becomeRolling(), ROLL_MS);
  }

  #becomeRolling(): void {
    if (this.#phase !== 'ready' || !this.#rolling) return;
    this.#phase = 'rolling';
    this.#host.onFrame();
  }

  #onFrame(frame: VideoFrameCallbackMetadata): void {
    this.#callback = 0;
    if (this.#phase === 'failed') return;
    this.#lastFrameMs = this.#host.clock.localMs();
    if (this.#phase === 'loading') {
      if (this.#positioned && this.#video.currentTime === 0 && frame.mediaTime <= FIRST_PICTURE_MAX_S)
        this.#firstS = frame.mediaTime;
      this.#drawn = this.#positioned && Math.abs(frame.mediaTime - this.#video.currentTime) < DRAWN_NEAR_S;
      this.#settle();
      // A frame of a video that plays already is as good as the next one.
      if (this.#drawn) this.#becomeRolling();
    } else if (!this.#front) {
      if (this.#rolling) this.#becomeRolling();
    } else {
      this.#count(frame);
      if (!this.#painted) this.#paint(frame.expectedDisplayTime);
      this.#follow(frame);
    }
    this.#showingMs = frame.expectedDisplayTime;
    this.#host.onFrame();
    this.#showingMs = null;
    this.#arm();
  }

  #count(frame: VideoFrameCallbackMetadata): void {
    this.#frames += frame.presentedFrames - (this.#presented ?? frame.presentedFrames - 1);
    this.#presented = frame.presentedFrames;
  }

  #paint(localMs: number): void {
    if (this.#painted) return;
    this.#painted = true;
    this.#frames = Math.max(1, this.#frames);
    this.#host.onPainted(this, localMs);
  }

  /** Keeps the item on its clock: finely while it begins, coarsely later. */
  #follow(frame: VideoFrameCallbackMetadata): void {
    const shownMs = this.#host.clock.centerOf(frame.expectedDisplayTime);
    if (shownMs === null) return;
    const behindS = (shownMs - this.#cue.originMs) / 1000 - (frame.mediaTime - this.#firstS);
    const lagS = this.#trim.follow(behindS, frame.expectedDisplayTime);
    if (lagS !== null) this.#host.onLag(this.#cue.kind, lagS * 1000, this.#joins ? 'join' : 'start');
  }

  #play(): void {
    this.#video.play().catch((problem: unknown) => {
      if (!this.#rolling) return;
      const refused = problem instanceof DOMException && problem.name === 'NotAllowedError';
      if (!refused || this.#video.muted) return;
      // The browser wants a gesture before sound: a picture without sound is better than none.
      this.#video.muted = true;
      this.#play();
    });
  }

  /** A browser may pause what nobody asked it to pause (power saving, a lost audio device). */
  #resume(): void {
    if (this.#rolling && !this.#video.ended) this.#play();
  }

  #fail(failure: SurfaceFailure): void {
    if (this.#phase === 'failed') return;
    this.#phase = 'failed';
    this.#rolling = false;
    this.#host.onFailed(this, failure);
  }
}
