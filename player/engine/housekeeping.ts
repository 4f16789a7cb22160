import type { ScreenSettings } from '../../shared/plan/assignment.schema.ts';
import { PanelInterval } from './journal/intervals.ts';
import type { Journal } from './journal/journal.ts';
import type { Cancel, Log, Panel, PanelState, Timers } from './ports.ts';

export interface HousekeepingOptions {
  readonly journal: Journal;
  readonly timers: Timers;
  readonly panel: Panel;
  readonly log: Log;
  /** The screen's own; `null` before its first assignment. */
  readonly settings: () => Pick<ScreenSettings, 'tickS' | 'closeS'> | null;
  readonly everySecond: () => void;
  /** After every durable tick. */
  readonly everyTick: () => void;
  readonly everyHour: () => void;
}

const DEFAULTS = { tickS: 30, closeS: 3_600 } as const;
const HOUR_MS = 3_600_000;

/** What happens by the clock: the durable tick, the panel's reading, the cut of open intervals, pruning. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  #cancel: Cancel | null = null;
  #running = false;
  #lastTick = 0;
  #lastClose = 0;
  #lastHour = 0;
  #panel: PanelInterval | null = null;
  #panelState: PanelState = 'unreadable';

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#running;
  }

  /** What the panel last said. */
  get panelState(): PanelState {
    return this.#panelState;
  }

  start(): void {
    this.#running = true;
    this.#options.journal.tick();
    void this.#readPanel();
    this.#next();
  }

  stop(): void {
    this.#running = false;
    this.#cancel?.();
    this.#cancel = null;
  }

  #next(): void {
    this.#cancel = this.#options.timers.after(1_000, () => {
      if (!this.#running) return;
      this.#next();
      this.#second();
    });
  }

  #second(): void {
    const { journal, settings, everySecond, everyTick, everyHour } = this.#options;
    const { tickS, closeS } = settings() ?? DEFAULTS;
    const mono = journal.monoMs();
    everySecond();
    if (mono - this.#lastClose >= closeS * 1000) {
      this.#lastClose = mono;
      journal.closeAll(true);
    }
    if (mono - this.#lastTick >= tickS * 1000) {
      this.#lastTick = mono;
      journal.tick();
      void this.#readPanel();
      everyTick();
    }
    if (mono - this.#lastHour >= HOUR_MS) {
      this.#lastHour = mono;
      journal.prune();
      everyHour();
    }
  }

  async #readPanel(): Promise<void> {
    const { panel, journal, log } = this.#options;
    if (!panel.readable) return;
    let state: PanelState = 'unreadable';
    try {
      state = await panel.read();
    } catch (error) {
      log.warn('the panel cannot be read', { reason: String(error) });
    }
    if (!this.#running || state === this.#panelState) return;
    const mono = journal.monoMs();
    if (this.#panel !== null) journal.close(this.#panel, mono);
    this.#panelState = state;
    this.#panel = state === 'unreadable' ? null : new PanelInterval(mono, state);
    if (this.#panel !== null) journal.open(this.#panel);
  }
}
