import type { AuditEntry, AuditHead } from '../../../shared/audit/audit.schema.ts';
import type { AnchorReading, StoredEntry } from '../../../shared/audit/check-chain.ts';

/**
 * An entry that is complete once it is known what it follows. Stores append it in the transaction of the
 * change it tells of, so that neither is ever there without the other.
 */
export type AuditDraft = (last: AuditHead | null) => AuditEntry;

/** The log's storage: append-only, in sequence. */
export interface AuditStore {
  /** Appends an entry that tells of nothing else that is stored. */
  append(draft: AuditDraft): Promise<AuditEntry>;
  /** Newest first; what is not of an entry's form is left to {@link stored}. */
  page(options: AuditPage): Promise<{ readonly rows: AuditEntry[]; readonly total: number }>;
  /** Rows with `after < seq`, in sequence, as they stand there, well formed or not. */
  stored(after: number, limit: number, filter?: AuditFilter): Promise<StoredEntry[]>;
  /** The last committed entry. */
  head(): Promise<AuditHead | null>;
  /** The hash of one committed entry. */
  hashAt(seq: number): Promise<string | null>;
}

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
}

export interface AuditPage extends AuditFilter {
  readonly limit: number;
  readonly offset: number;
}

/** Where the log's head is kept outside the database, signed by the center. */
export interface AuditAnchor {
  read(): Promise<AnchorReading>;
  /** Replaces it as one: a crash leaves the one before or this one. */
  write(head: AuditHead, atMs: number): Promise<void>;
}
