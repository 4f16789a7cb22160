import type { AccountId, RegionCode } from '../../../shared/core/ids.ts';
import type { AuditDraft } from '../audit/audit.port.ts';
import type { Person } from './draft.port.ts';

/** A region that a higher tier keeps from publishing. */
export interface SuspensionRecord {
  readonly id: string;
  readonly region: RegionCode;
  /** In whose name it was suspended. */
  readonly issuer: RegionCode;
  readonly reason: string;
  readonly by: Person;
  readonly atMs: number;
  readonly lifted: { readonly by: Person; readonly atMs: number } | null;
}

export interface SuspensionStore {
  insert(
    suspension: Omit<SuspensionRecord, 'by' | 'lifted'> & { readonly by: AccountId },
    note: AuditDraft,
  ): Promise<void>;
  /** `false` when it is lifted already. */
  lift(id: string, by: AccountId, atMs: number, note: AuditDraft): Promise<boolean>;
  get(id: string): Promise<SuspensionRecord | null>;
  /** Those that hold now. */
  inForce(): Promise<readonly SuspensionRecord[]>;
  /** Latest first, lifted ones too. */
  all(): Promise<readonly SuspensionRecord[]>;
}
