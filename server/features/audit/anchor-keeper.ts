import type { Logger } from 'pino';
import type { AuditHead } from '../../../shared/audit/audit.schema.ts';
import { CHAIN_START } from '../../../shared/audit/chain.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { AuditAnchor, AuditStore } from './audit.port.ts';

export interface AnchorKeeperOptions {
  readonly store: AuditStore;
  readonly anchor: AuditAnchor;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The head of a log without entries: from its first one on, an anchor that is missing was taken away. */
const EMPTY: AuditHead = { seq: 0, hash: CHAIN_START };

/**
 * Keeps the anchor at the log's head: it follows the commits and is never ahead of them, because it
 * reads the head only once the transaction that appends is over. Where the log contradicts the anchor,
 * the anchor stays as it is: it is the evidence.
 */
export class AnchorKeeper {
  readonly #options: AnchorKeeperOptions;
  #anchored: AuditHead | null = null;
  /** Not before the start found the log and the anchor to agree. */
  #keeping = false;
  #behind = false;
  #running: Promise<void> | null = null;

  constructor(options: AnchorKeeperOptions) {
    this.#options = options;
  }

  /**
   * Compares the anchor with the log.
   * @returns whether there was no anchor for a log that has entries, which the log itself should say.
   */
  async start(): Promise<{ readonly begun: boolean }> {
    const { store, anchor, clock, log } = this.#options;
    const reading = await anchor.read();
    switch (reading.kind) {
      case 'forged':
        log.error('the audit anchor is not signed by this center: the log may have been tampered with');
        return { begun: false };
      case 'missing': {
        this.#keeping = true;
        const begun = (await store.head()) !== null;
        if (begun) log.warn('there was no audit anchor: one is begun');
        else await anchor.write(EMPTY, clock.nowMs());
        return { begun };
      }
      case 'held':
        this.#keeping = await this.#agrees(reading.head);
        this.#anchored = reading.head;
        this.soon();
        return { begun: false };
      default:
        return reading satisfies never;
    }
  }

  async stop(): Promise<void> {
    await this.settled();
    this.#keeping = false;
  }

  /** Resolves when the anchor is as far as it gets. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** Something is being appended. Callable inside its transaction. */
  soon(): void {
    if (!this.#keeping) return;
    this.#behind = true;
    this.#running ??= this.#follow().finally(() => {
      this.#running = null;
    });
  }

  async #follow(): Promise<void> {
    const { store, anchor, clock, log } = this.#options;
    try {
      while (this.#behind && this.#keeping) {
        this.#behind = false;
        const head = await store.head();
        if (head === null || head.seq === this.#anchored?.seq) continue;
        if (this.#anchored !== null && !(await this.#agrees(this.#anchored))) {
          this.#keeping = false;
          return;
        }
        await anchor.write(head, clock.nowMs());
        this.#anchored = head;
      }
    } catch (error) {
      // The next append tries again; until then the anchor is behind, which verify says.
      log.error({ err: error }, 'the audit anchor could not be written');
    }
  }

  async #agrees({ seq, hash }: AuditHead): Promise<boolean> {
    const found = seq === EMPTY.seq ? EMPTY.hash : await this.#options.store.hashAt(seq);
    if (found === hash) return true;
    this.#options.log.error(
      { seq },
      'the audit log is not what its anchor says: it was tampered with (npm run audit -- verify)',
    );
    return false;
  }
}
