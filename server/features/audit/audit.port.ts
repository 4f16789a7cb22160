import type { AuditEntry } from '../../../shared/audit/audit.schema.ts';

/**
 * An entry that is complete once it is known what it follows. Stores append it in the transaction of the
 * change it tells of, so that neither is ever there without the other.
 */
export type AuditDraft = (last: AuditEntry | null) => AuditEntry;

/** The log's storage: append-only, in sequence. */
export interface AuditStore {
  /** Appends an entry that tells of nothing else that is stored. */
  append(draft: AuditDraft): Promise<AuditEntry>;
  /** Newest first. */
  page(options: AuditFilter): Promise<{ readonly rows: AuditEntry[]; readonly total: number }>;
  /** Entries with `after < seq`, in sequence. */
  following(after: number, limit: number): Promise<AuditEntry[]>;
}

export interface AuditFilter {
  readonly limit: number;
  readonly offset: number;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
}
