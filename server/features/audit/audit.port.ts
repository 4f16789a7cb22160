import type { AuditEntry } from '../../../shared/audit/audit.schema.ts';

/** The log's storage: append-only, in sequence. */
export interface AuditStore {
  /** Appends what `make` returns for the last entry, as one transaction. */
  append(make: (last: AuditEntry | null) => AuditEntry): Promise<AuditEntry>;
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
