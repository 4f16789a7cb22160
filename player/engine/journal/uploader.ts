import { canonicalText } from '../../../shared/core/canonical.ts';
import type { BootId } from '../../../shared/core/ids.ts';
import type { Envelope } from '../../../shared/core/signed.ts';
import { BATCH_MAX, batchAnswerSchema } from '../../../shared/telemetry/record.schema.ts';
import type { Batch, BatchAnswer } from '../../../shared/telemetry/record.schema.ts';
import type { DeviceKey } from '../identity/device-key.ts';
import { jitteredMs } from '../link/backoff.ts';
import type { Cancel, Log, Timers } from '../ports.ts';
import type { Random } from '../../../shared/core/ports.ts';
import type { Journal } from './journal.ts';
import type { BootRow } from './journal-db.ts';

export interface UploaderOptions {
  readonly journal: Journal;
  readonly key: DeviceKey;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  /** Sends one signed batch by whatever reaches the center; rejects where nothing does. */
  readonly send: (envelope: Envelope) => Promise<unknown>;
  /** Whether there is any way to the center at all. */
  readonly canSend: () => boolean;
}

/** Gathers what comes close together into one batch. */
const GATHER_MS = 300;
/** A boot that the center refuses is set aside this long, so that it does not hold the others up. */
const REFUSED_MS = 60_000;

/**
 * Brings the journal to the center exactly once: oldest boot first, one batch in flight, and nothing
 * counts as there before the center answered its mark. A lost answer only means that the same
 * records go again, which changes nothing there.
 */
export class Uploader {
  readonly #options: UploaderOptions;
  readonly #aside = new Map<BootId, number>();
  #running = false;
  #stopped = false;
  #again = false;
  #failures = 0;
  #cancel: Cancel | null = null;

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  /** There may be something to send, or a way to send it. */
  nudge(): void {
    if (this.#stopped || !this.#options.canSend()) return;
    this.#again = true;
    if (!this.#running && this.#cancel === null) this.#schedule(GATHER_MS);
  }

  /** Contact is back: waits no longer. */
  hurry(): void {
    this.#failures = 0;
    this.#aside.clear();
    this.#cancel?.();
    this.#cancel = null;
    this.nudge();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#options.timers.after(delayMs, () => {
      this.#cancel = null;
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    this.#again = false;
    try {
      for (let next = this.#nextBoot(); next !== null && !this.#stopped; next = this.#nextBoot())
        await this.#sendFrom(next);
      this.#failures = 0;
    } catch (error) {
      // No way to the center, or it did not answer: the records stay and go again.
      this.#failures += 1;
      this.#options.log.info('journal upload waits', { reason: String(error), failures: this.#failures });
      if (!this.#stopped) this.#schedule(jitteredMs(this.#options.random, this.#failures));
    } finally {
      this.#running = false;
    }
    if (this.#again && !this.#stopped && this.#cancel === null) this.#schedule(GATHER_MS);
  }

  #nextBoot(): BootRow | null {
    const now = this.#options.journal.monoMs();
    return (
      this.#options.journal.pendingBoots().find((row) => (this.#aside.get(row.boot) ?? 0) <= now) ?? null
    );
  }

  async #sendFrom(row: BootRow): Promise<void> {
    const { journal, key, send, log } = this.#options;
    const stretch = journal.recordsAfter(row.boot, row.acked, BATCH_MAX);
    if (stretch === null) {
      // The center fell back behind what was pruned here.
      journal.declareLost(row.boot, row.acked + 1, row.lastSeq);
      return;
    }
    const batch: Batch = { format: 'kepu-batch/1', device: key.device, boot: row.boot, ...stretch };
    const answer = batchAnswerSchema.parse(await send(key.sign('kepu-batch/1', canonicalText(batch))));
    if (this.#stopped) return;
    this.#take(row, answer, log);
  }

  #take(row: BootRow, answer: BatchAnswer, log: Log): void {
    const { journal } = this.#options;
    if (answer.ok && answer.mark > row.acked) {
      journal.setAcked(row.boot, answer.mark);
      return;
    }
    if (!answer.ok && answer.mark !== null && answer.mark !== row.acked) {
      log.info('the center names another mark', { boot: row.boot, mark: answer.mark, acked: row.acked });
      journal.setAcked(row.boot, answer.mark);
      return;
    }
    // Neither forward nor back: asking again at once would only repeat it.
    log.warn('the center does not take a journal batch', { boot: row.boot, acked: row.acked, answer });
    this.#aside.set(row.boot, journal.monoMs() + REFUSED_MS);
    if (this.#cancel === null) this.#schedule(REFUSED_MS);
  }
}
