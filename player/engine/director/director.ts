import type { Sha256 } from '../../../shared/core/ids.ts';
import { tierOf } from '../../../shared/region/tier.ts';
import type { Cue, Painted, Progress, Scene, StageFailure } from '../../../shared/screen/stage-protocol.ts';
import type { Showing } from '../../../shared/telemetry/live.schema.ts';
import type { AssetKeeper } from '../cache/asset-keeper.ts';
import type { BlobCache } from '../cache/blob-cache.ts';
import type { ClockKeeper } from '../clock/clock-keeper.ts';
import { RunInterval } from '../journal/intervals.ts';
import type { Journal } from '../journal/journal.ts';
import type { LoadedPlan } from '../plan/plan-library.ts';
import type { Cancel, Log, Timers } from '../ports.ts';
import { Airing } from './airing.ts';
import { assetOf, cueOf, fillerCueOf, readCard } from './cues.ts';
import type { PowerWatch } from './power-watch.ts';
import { slotsFrom, takeoverOf } from './slots.ts';
import type { Reign, Slot } from './slots.ts';

export interface DirectorOptions {
  readonly clock: ClockKeeper;
  readonly journal: Journal;
  readonly power: PowerWatch;
  readonly cache: BlobCache;
  readonly assets: AssetKeeper;
  readonly timers: Timers;
  readonly log: Log;
  readonly show: (scene: Scene) => void;
  readonly settings: () => { screenName: string; demo: boolean; volume: number };
  /** The plan that was on air when the engine last ran; a switch from it is journalled. */
  readonly previous: Sha256 | null;
  /** A plan has taken the glass: to be persisted and reported. */
  readonly onAir: (digest: Sha256) => void;
}

/** The cue on now and the next ones. */
const CUES = 4;
/** Frames painted a little before the slot's turn belong to it all the same. */
const EARLY_MS = 2_000;
/** More than this is no measurement getting better but a clock that was set. */
const STEP_MS = 1_000;

/** Decides from the plan and the clock what the stage shows, and keeps the record of what it did. */
export class Director {
  readonly #options: DirectorOptions;
  readonly #failed = new Map<string, string>();
  readonly #early = new Map<string, { frames: number; mono: number }>();
  readonly #fillerFrames = new Map<string, number>();
  #reign: Reign | null = null;
  #next: (Reign & { readonly cuts: boolean }) | null = null;
  #run: RunInterval | null = null;
  #airing: Airing | null = null;
  #onGlass: Cue | null = null;
  #sent = '';
  #cancel: Cancel | null = null;
  #exceptions = 0;
  #offsetMs: number | null = null;
  /** A plan that took the glass and of which nobody was told yet. */
  #unannounced: Sha256 | null = null;

  constructor(options: DirectorOptions) {
    this.#options = options;
  }

  /** The plan on air. */
  get plan(): LoadedPlan | null {
    return this.#reign?.loaded ?? null;
  }

  /** A verified plan whose next items are here takes the glass, at the latest when the item on air ends. */
  activate(loaded: LoadedPlan): void {
    const nowMs = this.#options.clock.nowMs();
    if (this.#reign === null) this.#takeGlass({ loaded, fromMs: nowMs }, this.#options.previous);
    else if (this.#reign.loaded.digest === loaded.digest) this.#next = null;
    else {
      const [current] = slotsFrom(this.#reign, null, nowMs, 1) as [Slot];
      const { atMs, cuts } = takeoverOf(current, this.#isItemOnGlass(), loaded, nowMs);
      this.#next = { loaded, fromMs: atMs, cuts };
    }
    this.refresh();
  }

  /**
   * Another deny list is in force: the timeline is what it says from this instant on. What it no longer
   * shows is cut at once, unlike at a change of plan; a run and its list end together.
   * @param under the same plan under the list in force.
   */
  obey(under: (loaded: LoadedPlan) => LoadedPlan): void {
    if (this.#reign === null) return;
    this.refresh();
    const { reign, next } = { reign: this.#reign, next: this.#next };
    const loaded = under(reign.loaded);
    if (loaded !== reign.loaded) this.#follow({ ...reign, loaded });
    this.#next = null;
    if (next === null) this.refresh();
    else this.activate(under(next.loaded));
  }

  /** Goes on with the plan on air under another list. */
  #follow(reign: Reign): void {
    const { clock, journal, log } = this.#options;
    const { loaded } = reign;
    const nowMs = clock.nowMs();
    const mono = clock.monoMs();
    if (this.#run !== null) journal.close(this.#run, mono);
    this.#run = new RunInterval(mono, loaded.digest, loaded.denyList);
    journal.open(this.#run);
    const [slot] = slotsFrom(reign, null, nowMs, 1) as [Slot];
    if (slot.key === this.#airing?.slot.key) {
      this.#reign = reign;
      this.#airing.goOn(slot, this.#run, mono);
    } else {
      // What comes is joined now: it is not late.
      this.#reign = { loaded, fromMs: nowMs };
      this.#airing?.cut(mono, `deny list ${loaded.denyList}`);
      this.#airing = null;
    }
    log.info('deny list obeyed', { denyList: loaded.denyList });
  }

  /** Brings the glass and the record up to the present; called whenever something may have changed. */
  refresh(): void {
    if (this.#reign === null) return;
    const nowMs = this.#followClock();
    if (this.#next !== null && nowMs >= this.#next.fromMs) this.#switch(this.#next);
    const slots = slotsFrom(this.#reign, this.#next, nowMs, CUES);
    const [current] = slots as [Slot];
    this.#turnTo(current);
    const cues = slots.map((slot) => this.#cueOf(slot));
    this.#onGlass = cues[0] ?? null;
    this.#noteStandIn(current);
    this.#send(cues);
    this.#wakeAt(current.endMs);
    this.#announce();
  }

  /** After the stage was told: what is persisted and reported here keeps no picture waiting. */
  #announce(): void {
    const digest = this.#unannounced;
    this.#unannounced = null;
    if (digest !== null) this.#options.onAir(digest);
  }

  /** Asked about every second. */
  watch(): void {
    this.#options.power.watch();
    const nowMs = this.#options.clock.nowMs();
    if (this.#airing !== null && nowMs >= this.#airing.slot.endMs) this.refresh();
    this.#airing?.watch(this.#options.clock.monoMs());
  }

  painted({ key, atMs }: Painted): void {
    this.#paint(key, 1, atMs);
  }

  progress({ key, frames, atMs }: Progress): void {
    this.#paint(key, frames, atMs);
  }

  /** The stage cannot show a cue: the built-in filler stands in until its planned end. */
  stageFailed({ key, code, detail }: StageFailure): void {
    if (this.#failed.has(key)) return;
    this.#options.log.warn('the stage cannot show an item', { key, code, detail });
    this.#failed.set(key, `${code}: ${detail}`);
    this.refresh();
  }

  /** What is on the glass, for the live beat; `null` while no plan is on air. */
  showing(): Showing | null {
    const slot = this.#airing?.slot;
    if (slot === undefined) return null;
    const { entry } = slot;
    const asset = assetOf(slot);
    if (!this.#isItemOnGlass() || asset === null || entry.schedule === null || entry.region === null)
      return { kind: 'filler' };
    return {
      kind: 'item',
      schedule: entry.schedule,
      class: entry.class,
      tier: tierOf(entry.region),
      asset: asset.sha256,
      title: asset.title,
      start: entry.start,
      end: entry.end,
    };
  }

  /** Ends the item and the run on the record. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#airing?.end(this.#options.clock.monoMs());
    this.#airing = null;
    this.#reign = null;
  }

  /** Stops without a word to the journal: what a power cut leaves. */
  halt(): void {
    this.#cancel?.();
    this.#reign = null;
    this.#airing = null;
  }

  /** The present; where the clock was set (first contact after a cold start), what was planned by the old one is planned anew. */
  #followClock(): number {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const offsetMs = nowMs - clock.monoMs();
    const stepped = Math.abs(offsetMs - (this.#offsetMs ?? offsetMs)) > STEP_MS;
    this.#offsetMs = offsetMs;
    if (this.#reign !== null && nowMs < this.#reign.fromMs) this.#reign = { ...this.#reign, fromMs: nowMs };
    if (stepped && this.#next !== null) this.#next = { ...this.#next, fromMs: nowMs, cuts: false };
    return nowMs;
  }

  #isItemOnGlass(): boolean {
    return (
      this.#onGlass !== null &&
      this.#onGlass.key === this.#airing?.slot.key &&
      this.#onGlass.kind !== 'filler'
    );
  }

  #switch(next: Reign & { readonly cuts: boolean }): void {
    const previous = this.#reign?.loaded.digest ?? null;
    const { clock, journal } = this.#options;
    const mono = clock.monoOf(next.fromMs);
    const same =
      slotsFrom(next, null, Math.max(next.fromMs, clock.nowMs()), 1)[0]?.key === this.#airing?.slot.key;
    if (next.cuts && !same) this.#airing?.cut(mono, 'a hard start of the new plan');
    else this.#airing?.end(mono);
    this.#airing = null;
    if (this.#run !== null) journal.close(this.#run, mono);
    this.#next = null;
    this.#takeGlass(next, previous);
  }

  #takeGlass(reign: Reign, previous: Sha256 | null): void {
    const { journal, clock, log } = this.#options;
    const { digest } = reign.loaded;
    this.#reign = reign;
    this.#failed.clear();
    this.#run = new RunInterval(clock.monoOf(reign.fromMs), digest, reign.loaded.denyList);
    journal.open(this.#run);
    if (previous !== digest) journal.record({ kind: 'switch', plan: digest, previous });
    log.info('plan on air', { plan: digest, previous });
    this.#unannounced = digest;
  }

  /** The airing of `slot` begins where another one was on. */
  #turnTo(slot: Slot): void {
    const { clock, journal } = this.#options;
    if (this.#airing?.slot.key === slot.key || this.#run === null) return;
    const endMono = Math.min(clock.monoMs(), clock.monoOf(this.#airing?.slot.endMs ?? 0));
    this.#airing?.end(endMono);
    // After a step of the clock the timeline says that it began before the last one ended.
    const startMono =
      this.#airing === null ? clock.monoOf(slot.startMs) : Math.max(endMono, clock.monoOf(slot.startMs));
    this.#airing = new Airing({
      slot,
      journal,
      run: this.#run,
      startMono,
      nextNumber: () => (this.#exceptions += 1),
    });
    const early = this.#early.get(slot.key);
    this.#early.clear();
    this.#fillerFrames.clear();
    if (early !== undefined) this.#options.power.paint(this.#airing.paint(early.frames, early.mono));
  }

  #cueOf(slot: Slot): Cue {
    const asset = assetOf(slot);
    if (asset === null) return fillerCueOf(slot, '');
    if (this.#failed.has(slot.key)) return fillerCueOf(slot, '!');
    if (!this.#options.assets.isReady(asset)) return fillerCueOf(slot, '?');
    try {
      const card = readCard(this.#options.cache, asset);
      return cueOf(slot, asset, this.#options.settings().volume / 100, card);
    } catch (error) {
      this.#options.log.error('a verified card cannot be read', {
        asset: asset.sha256,
        reason: String(error),
      });
      this.#failed.set(slot.key, 'load: not a card');
      return fillerCueOf(slot, '!');
    }
  }

  #noteStandIn(slot: Slot): void {
    if (this.#onGlass?.kind !== 'filler' || assetOf(slot) === null) return;
    const reason = this.#failed.get(slot.key);
    if (reason === undefined) this.#airing?.standIn('the asset is not in the cache');
    else this.#airing?.fail(reason);
  }

  #paint(key: string, frames: number, atMs: number): void {
    const { clock, power } = this.#options;
    this.#catchUp(key);
    // The stage's clock is ours but for some milliseconds; what it says is never later than now.
    const mono = Math.min(clock.monoMs(), clock.monoOf(atMs));
    const airing = this.#airing;
    if (airing !== null && key === airing.slot.key && this.#isItemOnGlass()) {
      power.paint(airing.paint(frames, mono));
    } else if (key === this.#onGlass?.key) {
      const before = this.#fillerFrames.get(key) ?? 0;
      this.#fillerFrames.set(key, frames);
      power.paint(frames >= before ? frames - before : frames);
    } else this.#noteEarly(key, frames, mono);
  }

  /** The stage may swap a moment before our own timer fires. */
  #catchUp(key: string): void {
    if (key !== this.#onGlass?.key) this.refresh();
  }

  #noteEarly(key: string, frames: number, mono: number): void {
    const airing = this.#airing;
    if (airing === null || airing.slot.endMs - this.#options.clock.nowMs() > EARLY_MS) return;
    this.#early.set(key, { frames, mono: this.#early.get(key)?.mono ?? mono });
  }

  #send(cues: readonly Cue[]): void {
    const { screenName, demo } = this.#options.settings();
    const scene: Scene = { mode: 'playing', screenName, demo, cues: [...cues] };
    const text = JSON.stringify(scene);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#options.show(scene);
  }

  #wakeAt(atMs: number): void {
    this.#cancel?.();
    const delayMs = Math.max(1, atMs - this.#options.clock.nowMs());
    this.#cancel = this.#options.timers.after(delayMs, () => {
      this.#cancel = null;
      this.refresh();
    });
  }
}
