import { setImmediate } from 'node:timers/promises';
import { PANEL_MEMORY_DAYS } from '../../../shared/assessment/screen-day.ts';
import type { ScreenId } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import { type LocalDay, instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import type { Binding, Screen } from '../../../shared/screen/screen.schema.ts';
import { affectedStretch, daysOfStretch } from './affected-days.ts';
import type { DayStore, DirtyDay, EvidenceStore, PendingEvidence } from './assessment.port.ts';
import { type ScreenDays, addDays } from './screen-days.ts';

export interface RollupOptions {
  readonly store: EvidenceStore & DayStore;
  readonly days: ScreenDays;
  readonly screen: (id: ScreenId) => Promise<Screen | null>;
  readonly bindingsOfDevice: (
    device: PendingEvidence['device'],
  ) => Promise<readonly (Binding & { readonly screen: ScreenId })[]>;
  readonly clock: Clock;
}

/** Taken from a queue at a time; between two of them the event loop has its turn. */
const BATCH = 64;
/** Contact that proves an already committed second is complete this long after it. */
const RECHECK_MS = 120_000;

/**
 * Keeps the daily sums in step with the journal: newly committed records mark the days they can have
 * changed, marked days are assessed anew. Both queues are in the database, so a crash loses nothing.
 */
export class Rollup {
  readonly #options: RollupOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #stopping = false;
  #recheck: { readonly day: Pick<DirtyDay, 'screen' | 'day'>; readonly atMs: number }[] = [];

  constructor(options: RollupOptions) {
    this.#options = options;
  }

  /** Works until both queues are empty. Calls while it works join in. */
  drain(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Ends after the day being computed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  /** What was computed shortly before the center went down may lack its last contact. */
  async recheckSince(sinceMs: number): Promise<void> {
    const { store, clock } = this.#options;
    await store.markDirty(await store.computedSince(sinceMs - RECHECK_MS), clock.nowMs());
  }

  async #drain(): Promise<void> {
    const { store } = this.#options;
    while (this.#again) {
      this.#again = false;
      await this.#markRechecks();
      for (;;) {
        const pending = await store.pending(BATCH);
        for (const one of pending) {
          if (this.#stopping) return;
          await this.#settle(one);
          await setImmediate();
        }
        const dirty = await store.dirty(BATCH);
        for (const one of dirty) {
          if (this.#stopping) return;
          await this.#compute(one);
          await setImmediate();
        }
        if (pending.length + dirty.length === 0) break;
      }
    }
  }

  async #markRechecks(): Promise<void> {
    const { store, clock } = this.#options;
    const nowMs = clock.nowMs();
    const due = this.#recheck.filter(({ atMs }) => atMs <= nowMs);
    if (due.length === 0) return;
    this.#recheck = this.#recheck.filter(({ atMs }) => atMs > nowMs);
    await store.markDirty(unique(due.map(({ day }) => day)), nowMs);
  }

  /** Turns committed records into marked days. */
  async #settle(pending: PendingEvidence): Promise<void> {
    const { store, clock, bindingsOfDevice, screen: screenOf, days } = this.#options;
    const nowMs = clock.nowMs();
    const today = localDayAt(instantOfMs(nowMs));
    const marked: Pick<DirtyDay, 'screen' | 'day'>[] = [];
    const bindings = await bindingsOfDevice(pending.device);
    const screens = new Map<ScreenId, Screen | null>();
    for (const { screen } of bindings) if (!screens.has(screen)) screens.set(screen, await screenOf(screen));
    const closeS = Math.max(0, ...[...screens.values()].map((screen) => screen?.settings.closeS ?? 0));
    const stretch = await affectedStretch(store, pending, closeS);
    for (const { screen: id, fromMs, toMs } of stretch === null ? [] : bindings) {
      const screen = screens.get(id) ?? null;
      if (stretch === null || screen === null) continue;
      const within = {
        fromMs: Math.max(stretch.fromMs, fromMs),
        toMs: Math.min(stretch.toMs, toMs ?? stretch.toMs),
      };
      if (within.toMs < within.fromMs) continue;
      for (const day of daysOfStretch(within)) {
        const { required } = days.owed(screen, day);
        const touched = (required.at(-1)?.end ?? 0) * 1_000 > within.fromMs;
        if (touched && day > screen.commissionedOn && day <= today) marked.push({ screen: id, day });
      }
    }
    const changed = unique(marked);
    await store.settlePending(pending, changed, nowMs);
    this.#recheck.push(
      ...changed
        .filter(({ day }) => day >= addDays(today, -1))
        .map((day) => ({ day, atMs: nowMs + RECHECK_MS })),
    );
  }

  async #compute(dirty: DirtyDay): Promise<void> {
    const { store, days, screen: screenOf, clock } = this.#options;
    const { screen: id, day } = dirty;
    const screen = await screenOf(id);
    const nowMs = clock.nowMs();
    const known = (await store.daysOf(id, day, day))[0];
    const result = screen === null ? null : await days.assess(screen, day, nowMs);
    const panelSeen = result?.panelSeen ?? false;
    // Rule 6 looks 35 days back: what changed here changes what a panel's silence means there.
    if (panelSeen !== (known?.panelSeen ?? false)) await this.#markFollowing(id, day, nowMs);
    await store.putDay(
      {
        screen: id,
        day,
        onS: result?.sums.onS ?? 0,
        offS: result?.sums.offS ?? 0,
        usedS: result?.sums.usedS ?? 0,
        verifiedS: result?.sums.verifiedS ?? 0,
        gradeAS: result?.sums.gradeAS ?? 0,
        panelSeen,
        computedAtMs: nowMs,
      },
      dirty.revision,
    );
  }

  async #markFollowing(screen: ScreenId, day: LocalDay, nowMs: number): Promise<void> {
    const { store } = this.#options;
    const following = await store.daysOf(screen, addDays(day, 1), addDays(day, PANEL_MEMORY_DAYS));
    await store.markDirty(
      following.map((one) => ({ screen, day: one.day })),
      nowMs,
    );
  }
}

function unique(days: readonly Pick<DirtyDay, 'screen' | 'day'>[]): Pick<DirtyDay, 'screen' | 'day'>[] {
  return [...new Map(days.map((one) => [`${one.screen} ${one.day}`, one])).values()];
}
