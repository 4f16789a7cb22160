import type { Selectable } from 'kysely';
import type { AccountId, OrganisationId, RegionCode } from '../../../../shared/core/ids.ts';
import type {
  OrganisationGrantRecord,
  OrganisationRecord,
  OrganisationStore,
} from '../../../features/identity/organisation.port.ts';
import type { Db } from '../database.ts';
import type { OrganisationGrantTable, OrganisationTable } from '../tables/core.ts';
import { appendAudit } from './audit.store.ts';
import { grantable } from './identity.store.ts';

/** Operating organisations and their grants in the database. */
export function organisationStore(db: Db): OrganisationStore {
  const whole = async (rows: readonly Selectable<OrganisationTable>[]): Promise<OrganisationRecord[]> => {
    const grants = await db
      .selectFrom('organisation_grants')
      .selectAll()
      .orderBy('granted_at_ms', 'desc')
      .orderBy('id')
      .execute();
    const members = await db
      .selectFrom('accounts')
      .select(['organisation', (eb) => eb.fn.countAll<number>().as('count')])
      .where('organisation', 'is not', null)
      .groupBy('organisation')
      .execute();
    const grantsOf = Map.groupBy(grants, ({ organisation }) => organisation);
    const membersOf = new Map(members.map(({ organisation, count }) => [organisation, Number(count)]));
    return rows.map((row) => ({
      id: row.id as OrganisationId,
      name: row.name,
      region: row.region as RegionCode,
      contact: row.contact,
      disabled: row.disabled === 1,
      createdAtMs: row.created_at_ms,
      members: membersOf.get(row.id) ?? 0,
      grants: (grantsOf.get(row.id) ?? []).map(grantOf),
    }));
  };

  return {
    async organisations() {
      return whole(await db.selectFrom('organisations').selectAll().orderBy('name').execute());
    },

    async organisation(id) {
      const [found] = await whole(
        await db.selectFrom('organisations').selectAll().where('id', '=', id).execute(),
      );
      return found ?? null;
    },

    async insertOrganisation({ id, name, region, contact, disabled, createdAtMs }, note) {
      return db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('organisations')
          .values({ id, name, region, contact, disabled: Number(disabled), created_at_ms: createdAtMs })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows === 0n) return false;
        await appendAudit(trx, note);
        return true;
      });
    },

    async changeOrganisation(id, { name, contact, disabled }, note) {
      return db.transaction().execute(async (trx) => {
        const taken = await trx
          .selectFrom('organisations')
          .select('id')
          .where('name', '=', name ?? '')
          .where('id', '!=', id)
          .executeTakeFirst();
        if (taken !== undefined) return false;
        const columns = {
          ...(name !== undefined && { name }),
          ...(contact !== undefined && { contact }),
          ...(disabled !== undefined && { disabled: Number(disabled) }),
        };
        if (Object.keys(columns).length === 0) return true;
        await trx.updateTable('organisations').set(columns).where('id', '=', id).execute();
        await appendAudit(trx, note);
        return true;
      });
    },

    async insertGrant(organisation, grant, note) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('organisation_grants')
          .values({
            id: grant.id,
            organisation,
            region: grant.region,
            abilities: JSON.stringify(grant.abilities),
            expires_at_ms: grant.expiresAtMs,
            granted_by: grant.grantedBy,
            granted_by_name: grant.grantedByName,
            granted_at_ms: grant.grantedAtMs,
            revoked_at_ms: null,
            revoked_by: null,
            revoked_by_name: null,
          })
          .execute();
        await appendAudit(trx, note);
      });
    },

    async revokeGrant(grant, { by, byName, atMs }, note) {
      return db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('organisation_grants')
          .set({ revoked_at_ms: atMs, revoked_by: by, revoked_by_name: byName })
          .where('id', '=', grant)
          .where('revoked_at_ms', 'is', null)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await appendAudit(trx, note);
        return true;
      });
    },
  };
}

function grantOf(row: Selectable<OrganisationGrantTable>): OrganisationGrantRecord {
  return {
    id: row.id,
    region: row.region as RegionCode,
    abilities: grantable(row.abilities),
    expiresAtMs: row.expires_at_ms,
    grantedBy: row.granted_by as AccountId,
    grantedByName: row.granted_by_name,
    grantedAtMs: row.granted_at_ms,
    revokedAtMs: row.revoked_at_ms,
    revokedByName: row.revoked_by_name,
  };
}
