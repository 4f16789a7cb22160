import type { Cue, Scene } from '../../shared/screen/stage-protocol.ts';
import type { StageClock } from './clock.ts';
import { Slot, Timing, cueAt, decide, isWarming } from './decide.ts';
import type { Command, Front, SlotView, StageView } from './decide.ts';
import { element } from './dom.ts';
import { Attempts } from './failure.ts';
import { Leads } from './leads.ts';
import { STARTING, noticeScene } from './scenes/notice.ts';
import { pairingScene } from './scenes/pairing.ts';
import type { WaitingScene } from './scenes/scene.ts';
import { drawCard } from './surfaces/card.ts';
import { FillerScene } from './surfaces/filler.ts';
import { attachHls } from './surfaces/hls.ts';
import { drawImage } from './surfaces/image.ts';
import { StillSurface } from './surfaces/still.ts';
import type { Surface, SurfaceHost } from './surfaces/surface.ts';
import { VideoSurface, attachFile } from './surfaces/video.ts';
import type { FailureCode, SurfaceFailure } from './failure.ts';

/** What the player tells of what it painted; instants are center milliseconds. */
export interface PlayerReports {
  painted(key: string, atMs: number): void;
  progress(key: string, frames: number, atMs: number): void;
  failed(key: string, code: FailureCode, detail: string): void;
}

interface Held {
  cue: Cue;
  readonly surface: Surface;
}

const CHECK_MS = 1_000;

/** Carries out what {@link decide} decides, on two surfaces, the filler and the waiting scene. */
export class Player {
  readonly #root: HTMLElement;
  readonly #clock: StageClock;
  readonly #reports: PlayerReports;
  readonly #filler = new FillerScene();
  readonly #demo = element('div', 'demo-mark', '演示');
  readonly #slots: [Held | null, Held | null] = [null, null];
  readonly #attempts = new Attempts();
  readonly #reported = new Set<string>();
  readonly #leads = new Leads();
  readonly #host: SurfaceHost;
  #cues: readonly Cue[] = [];
  #waiting: WaitingScene;
  #front: Front = 'scene';
  #frontSinceMs = 0;
  #fillerKey: string | null = null;
  #wanted: { key: string | null; sinceMs: number } = { key: null, sinceMs: 0 };
  #painted: { readonly key: string; readonly atMs: number } | null = null;
  #frame = 0;
  #checks: ReturnType<typeof setInterval> | null = null;

  /** @param root the element that the whole stage lives in. */
  constructor(root: HTMLElement, clock: StageClock, reports: PlayerReports) {
    this.#root = root;
    this.#clock = clock;
    this.#reports = reports;
    this.#waiting = noticeScene(STARTING);
    this.#host = {
      clock,
      onPainted: (surface, localMs) => this.#onPainted(surface, localMs),
      onFailed: (surface, failure) => this.#onFailed(surface, failure),
      onFrame: () => this.#decide(),
      joinMs: () => this.#leads.joinMs,
      onLag: (kind, lagMs, how) =>
        how === 'start' ? this.#leads.learn(kind, lagMs) : this.#leads.learnJoin(lagMs),
    };
  }

  start(): void {
    this.#root.replaceChildren(this.#filler.element, this.#waiting.element, this.#demo);
    this.#showFront();
    const onFrame = (localMs: number) => {
      this.#tick(localMs);
      this.#frame = requestAnimationFrame(onFrame);
    };
    this.#frame = requestAnimationFrame(onFrame);
    this.#checks = setInterval(() => this.#check(), CHECK_MS);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#checks !== null) clearInterval(this.#checks);
    this.#checks = null;
    this.#clear(Slot.a);
    this.#clear(Slot.b);
    this.#root.replaceChildren();
  }

  /** Takes what the engine wants on the glass from now on. */
  show(scene: Scene): void {
    if (scene.mode === 'playing') {
      this.#cues = scene.cues;
      for (const held of this.#slots) if (held !== null) this.#refresh(held);
      this.#filler.name(scene.screenName);
      this.#demo.classList.toggle('shown', scene.demo);
      const keys = new Set(scene.cues.map((cue) => cue.key));
      this.#attempts.keep(keys);
      for (const key of this.#reported) if (!keys.has(key)) this.#reported.delete(key);
    } else {
      this.#cues = [];
      this.#demo.classList.remove('shown');
      this.#wait(scene.mode === 'pairing' ? pairingScene(scene) : noticeScene(scene));
    }
    this.#decide();
  }

  /** Tells the engine again what is on: it may have been restarted. */
  remind(): void {
    if (this.#painted !== null) this.#reports.painted(this.#painted.key, this.#painted.atMs);
  }

  #wait(scene: WaitingScene): void {
    scene.update(this.#clock.nowMs());
    this.#waiting.element.replaceWith(scene.element);
    this.#waiting = scene;
    if (this.#front === 'scene') this.#showFront();
    else this.#bring('scene');
  }

  #tick(localMs: number): void {
    this.#decide();
    const held = this.#frontHeld();
    if (held !== null) held.surface.tick(localMs);
    else if (this.#front === 'filler' && this.#filler.tick() && this.#fillerKey !== null)
      this.#notePainted(this.#fillerKey, localMs);
  }

  #decide(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs === null) return;
    const wanted = cueAt(this.#cues, nowMs + Timing.halfFrameMs)?.key ?? null;
    if (wanted !== this.#wanted.key) this.#wanted = { key: wanted, sinceMs: nowMs };
    for (const command of decide(this.#view(nowMs))) this.#carryOut(command);
    this.#root.classList.toggle('warming', isWarming(this.#view(nowMs)));
  }

  #view(nowMs: number): StageView {
    const slot = (held: Held | null): SlotView | null =>
      held === null ? null : { cue: held.cue, phase: held.surface.phase };
    return {
      cues: this.#cues,
      slots: [slot(this.#slots[0]), slot(this.#slots[1])],
      front: this.#front,
      fillerKey: this.#fillerKey,
      frontSinceMs: this.#frontSinceMs,
      wantedSinceMs: this.#wanted.sinceMs,
      leadMs: this.#leads.current,
      barredUntilMs: this.#attempts.barredUntilMs,
      nowMs,
    };
  }

  #carryOut(command: Command): void {
    switch (command.kind) {
      case 'load':
        return this.#load(command.slot, command.cue);
      case 'roll':
        return this.#slots[command.slot]?.surface.roll();
      case 'reveal':
        return this.#bring(command.slot);
      case 'filler':
        this.#fillerKey = command.key;
        return this.#bring('filler');
      case 'clear':
        return this.#clear(command.slot);
      default:
        command satisfies never;
    }
  }

  #load(slot: Slot, cue: Cue): void {
    this.#clear(slot);
    const surface = this.#make(cue);
    this.#slots[slot] = { cue, surface };
    this.#root.insertBefore(surface.element, this.#filler.element);
    surface.load();
  }

  #make(cue: Cue): Surface {
    switch (cue.kind) {
      case 'video':
        return new VideoSurface(cue, this.#host, attachFile);
      case 'hls':
        return new VideoSurface(cue, this.#host, attachHls);
      case 'image':
        return new StillSurface(cue, this.#host, drawImage);
      case 'card':
        return new StillSurface(cue, this.#host, drawCard);
      case 'filler':
        throw new RangeError('the filler is no surface');
      default:
        return cue.kind satisfies never;
    }
  }

  #clear(slot: Slot): void {
    this.#slots[slot]?.surface.dispose();
    this.#slots[slot] = null;
  }

  /** One class decides what is in front, so a change is one paint. */
  #bring(front: Front): void {
    const before = this.#frontHeld()?.surface ?? (this.#front === 'filler' ? this.#filler : null);
    this.#front = front;
    this.#frontSinceMs = this.#clock.nowMs() ?? 0;
    this.#painted = null;
    if (front !== 'filler') this.#fillerKey = null;
    this.#showFront();
    const after = this.#frontHeld()?.surface ?? (front === 'filler' ? this.#filler : null);
    if (before !== after) before?.leave();
    after?.enter();
  }

  #showFront(): void {
    const front = this.#frontHeld()?.surface.element;
    const layers = [this.#filler.element, this.#waiting.element];
    for (const held of this.#slots) if (held !== null) layers.push(held.surface.element);
    const shown = front ?? (this.#front === 'filler' ? this.#filler.element : this.#waiting.element);
    for (const layer of layers) layer.classList.toggle('front', layer === shown);
  }

  #frontHeld(): Held | null {
    return this.#front === Slot.a || this.#front === Slot.b ? this.#slots[this.#front] : null;
  }

  /** The same showing may come again with another end or volume. */
  #refresh(held: Held): void {
    const cue = this.#cues.find((candidate) => candidate.key === held.cue.key);
    if (cue === undefined) return;
    held.cue = cue;
    held.surface.update(cue);
  }

  #onPainted(surface: Surface, localMs: number): void {
    const held = this.#frontHeld();
    if (held !== null && held.surface === surface) this.#notePainted(held.cue.key, localMs);
  }

  #notePainted(key: string, localMs: number): void {
    const atMs = this.#clock.centerOf(localMs);
    if (atMs === null) return;
    this.#painted = { key, atMs };
    this.#reports.painted(key, atMs);
  }

  #onFailed(surface: Surface, failure: SurfaceFailure): void {
    const held = this.#slots.find((candidate) => candidate?.surface === surface);
    const nowMs = this.#clock.nowMs();
    if (held === null || held === undefined || nowMs === null) return;
    const { key, startMs } = held.cue;
    const givenUp = this.#attempts.note(key, failure, nowMs);
    // Before its start a showing may still be saved; from then on the glass lacks it.
    if ((givenUp || nowMs >= startMs) && !this.#reported.has(key)) {
      this.#reported.add(key);
      this.#reports.failed(key, failure.code, failure.detail);
    }
    this.#decide();
  }

  #check(): void {
    const localMs = this.#clock.localMs();
    const nowMs = this.#clock.nowMs();
    this.#waiting.update(nowMs);
    this.#filler.showTime(nowMs);
    for (const held of this.#slots) held?.surface.check(localMs);
    // A page in the background gets no animation frames.
    if (document.hidden) this.#decide();
    if (this.#painted === null || nowMs === null) return;
    const frames = this.#frontHeld()?.surface.frames ?? this.#filler.frames;
    this.#reports.progress(this.#painted.key, frames, nowMs);
  }
}
