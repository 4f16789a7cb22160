import type { AccountId, OrganisationId, RegionCode } from '../../../shared/core/ids.ts';
import type { GrantableAbility } from '../../../shared/identity/abilities.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

export interface OrganisationGrantRecord {
  readonly id: string;
  readonly region: RegionCode;
  readonly abilities: readonly GrantableAbility[];
  readonly expiresAtMs: number;
  readonly grantedBy: AccountId;
  readonly grantedByName: string;
  readonly grantedAtMs: number;
  readonly revokedAtMs: number | null;
  readonly revokedByName: string | null;
}

export interface OrganisationRecord {
  readonly id: OrganisationId;
  readonly name: string;
  /** The region that keeps it on its books. */
  readonly region: RegionCode;
  readonly contact: string;
  readonly disabled: boolean;
  readonly createdAtMs: number;
  /** How many accounts belong to it. */
  readonly members: number;
  /** Newest first, those that are over included. */
  readonly grants: readonly OrganisationGrantRecord[];
}

/** A `note` is an audit entry that is committed with the change it tells of. */
export interface OrganisationStore {
  /** Sorted by name. */
  organisations(): Promise<OrganisationRecord[]>;
  organisation(id: OrganisationId): Promise<OrganisationRecord | null>;
  /** `false` when the name is taken. */
  insertOrganisation(
    organisation: Omit<OrganisationRecord, 'members' | 'grants'>,
    note: AuditDraft,
  ): Promise<boolean>;
  /** What is left out stays. `false` when the name is another's. */
  changeOrganisation(
    id: OrganisationId,
    change: {
      readonly name?: string | undefined;
      readonly contact?: string | undefined;
      readonly disabled?: boolean | undefined;
    },
    note: AuditDraft,
  ): Promise<boolean>;
  insertGrant(id: OrganisationId, grant: OrganisationGrantRecord, note: AuditDraft): Promise<void>;
  /** `false` where it was revoked before. */
  revokeGrant(
    grant: string,
    revocation: { readonly by: AccountId; readonly byName: string; readonly atMs: number },
    note: AuditDraft,
  ): Promise<boolean>;
}
