import type { AuditEntry, AuditVerdict } from '../../../shared/audit/audit.schema.ts';
import { canonicalText, sha256Hex } from '../../../shared/core/canonical.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import type { AuditDraft, AuditFilter, AuditStore } from './audit.port.ts';

/** What is to be logged. */
export interface AuditEvent {
  /** Who did it; `null`: the center itself. */
  readonly actor: Pick<Actor, 'account' | 'name'> | null;
  readonly action: string;
  readonly subject: string;
  /** JSON; never secrets. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

const CHAIN_START = sha256Hex('kepu-audit/1');
const VERIFY_CHUNK = 1_000;

/** The append-only, hash-chained log of every login, publish, approval, claim and change (DESIGN.md section 9). */
export class AuditService {
  readonly #store: AuditStore;
  readonly #clock: Clock;

  constructor(store: AuditStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** An entry for the store that commits the change it tells of, in the same transaction. */
  draft({ actor, action, subject, detail = {} }: AuditEvent): AuditDraft {
    const atMs = this.#clock.nowMs();
    return (last) =>
      chain(last?.hash ?? CHAIN_START, {
        seq: (last?.seq ?? 0) + 1,
        atMs,
        actor: actor?.account ?? 'system',
        actorName: actor?.name ?? '系统',
        action,
        subject,
        detail,
      });
  }

  /** Logs what changes nothing that is stored. Resolves once the entry is committed. */
  async append(event: AuditEvent): Promise<AuditEntry> {
    return this.#store.append(this.draft(event));
  }

  async page(filter: AuditFilter): Promise<{ readonly rows: AuditEntry[]; readonly total: number }> {
    return this.#store.page(filter);
  }

  /** Recomputes the whole chain. */
  async verify(): Promise<AuditVerdict> {
    let previous = CHAIN_START;
    let seq = 0;
    for (;;) {
      const entries = await this.#store.following(seq, VERIFY_CHUNK);
      if (entries.length === 0) return { ok: true, entries: seq, brokenAt: null };
      for (const { hash, previous: claimed, ...entry } of entries) {
        const intact = entry.seq === seq + 1 && claimed === previous && chain(previous, entry).hash === hash;
        if (!intact) return { ok: false, entries: seq, brokenAt: seq + 1 };
        seq = entry.seq;
        previous = hash;
      }
    }
  }
}

function chain(previous: Sha256, entry: Omit<AuditEntry, 'previous' | 'hash'>): AuditEntry {
  return { ...entry, previous, hash: sha256Hex(`${previous}\0${canonicalText(entry)}`) };
}
