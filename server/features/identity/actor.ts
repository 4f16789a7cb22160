import type { HeldAbilities } from '../../../shared/identity/abilities.ts';
import { ROLE_ABILITIES } from '../../../shared/identity/abilities.ts';
import type { RoleGrant } from '../../../shared/identity/account.schema.ts';
import type { AccountRecord, Person } from './identity.port.ts';

/** Whether a grant holds at `nowMs`: one that has expired is as if it were not there. */
export function isInForce({ expiresAtMs }: Pick<RoleGrant, 'expiresAtMs'>, nowMs: number): boolean {
  return expiresAtMs === null || nowMs < expiresAtMs;
}

/**
 * Who acts, with what is in force now.
 * @param byOrganisation what its organisation may do now.
 */
export function personOf(
  account: AccountRecord,
  byOrganisation: readonly HeldAbilities[],
  nowMs: number,
): Person {
  const byRole = account.grants
    .filter((grant) => isInForce(grant, nowMs))
    .map(({ role, region }) => ({ region, abilities: ROLE_ABILITIES[role] }));
  return {
    account: account.id,
    name: account.name,
    organisation: account.organisation?.id ?? null,
    grants: [...byRole, ...byOrganisation],
    secondFactor: account.secondFactor,
  };
}
