import type { AuditEntry, AuditVerdict } from '../../../shared/audit/audit.schema.ts';
import { CHAIN_START, chainEntry } from '../../../shared/audit/chain.ts';
import { beginChainCheck } from '../../../shared/audit/check-chain.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import type { AnchorKeeperOptions } from './anchor-keeper.ts';
import { AnchorKeeper } from './anchor-keeper.ts';
import type { AuditDraft, AuditFilter, AuditPage } from './audit.port.ts';

/** What is to be logged. */
export interface AuditEvent {
  /** Who did it; `null`: the center itself. */
  readonly actor: Pick<Actor, 'account' | 'name'> | null;
  readonly action: string;
  readonly subject: string;
  /** JSON; never secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

const CHUNK = 1_000;
/** Below every row, also those that nobody should have been able to put there. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

/** The append-only, hash-chained log of every login, publish, approval, claim and change (DESIGN.md section 9). */
export class AuditService {
  readonly #options: AnchorKeeperOptions;
  readonly #keeper: AnchorKeeper;

  constructor(options: AnchorKeeperOptions) {
    this.#options = options;
    this.#keeper = new AnchorKeeper(options);
  }

  /** Compares the log with its anchor; a difference goes to the center's own log as an error. */
  async start(): Promise<void> {
    const { begun } = await this.#keeper.start();
    if (begun) await this.append({ actor: null, action: 'audit.anchor', subject: 'audit' });
  }

  async stop(): Promise<void> {
    await this.#keeper.stop();
  }

  /** An entry for the store that commits the change it tells of, in the same transaction. */
  draft({ actor, action, subject, detail = {} }: AuditEvent): AuditDraft {
    const atMs = this.#options.clock.nowMs();
    return (last) => {
      this.#keeper.soon();
      return chainEntry(last?.hash ?? CHAIN_START, {
        seq: (last?.seq ?? 0) + 1,
        atMs,
        actor: actor?.account ?? 'system',
        actorName: actor?.name ?? '系统',
        action,
        subject,
        detail,
      });
    };
  }

  /** Logs what changes nothing that is stored. Resolves once the entry is committed. */
  async append(event: AuditEvent): Promise<AuditEntry> {
    return this.#options.store.append(this.draft(event));
  }

  async page(page: AuditPage): Promise<{ readonly rows: AuditEntry[]; readonly total: number }> {
    return this.#options.store.page(page);
  }

  /** Every entry that the filter lets through, in sequence, a chunk at a time. */
  async *entries(filter: AuditFilter): AsyncGenerator<readonly AuditEntry[]> {
    for (let after = 0; ; ) {
      const rows = await this.#options.store.stored(after, CHUNK, filter);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.flatMap(({ entry }) => (entry === null ? [] : [entry]));
      after = last.seq;
    }
  }

  /** Recomputes the whole chain and compares it with the anchor. */
  async verify(): Promise<AuditVerdict> {
    const { store, anchor } = this.#options;
    await this.#keeper.settled();
    // First: the log only grows, so it holds all that the anchor said before it was read.
    const check = beginChainCheck({ anchor: await anchor.read() });
    for (let after = BEFORE_ALL; ; ) {
      const rows = await store.stored(after, CHUNK);
      const last = rows.at(-1);
      if (last === undefined) return check.verdict();
      check.take(rows);
      after = last.seq;
    }
  }
}
