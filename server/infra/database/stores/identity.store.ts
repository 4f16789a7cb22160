import type { Kysely, Selectable } from 'kysely';
import type { AccountId, OrganisationId, RegionCode } from '../../../../shared/core/ids.ts';
import type { GrantableAbility, Role } from '../../../../shared/identity/abilities.ts';
import { GRANTABLE_ABILITIES, PROVINCE } from '../../../../shared/identity/abilities.ts';
import type { RoleGrant } from '../../../../shared/identity/account.schema.ts';
import type {
  AccountChange,
  AccountRecord,
  AccountStore,
  IdentityStore,
} from '../../../features/identity/identity.port.ts';
import type { Db } from '../database.ts';
import type { AccountGrantTable, AccountTable } from '../tables/core.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.store.ts';
import { secondFactorStore } from './second-factor.store.ts';
import { sessionStore } from './session.store.ts';

/** Accounts, sessions and second factors in the database. */
export function identityStore(db: Db): IdentityStore {
  return { ...accountStore(db), ...sessionStore(db), ...secondFactorStore(db) };
}

function accountStore(db: Db): AccountStore {
  return {
    async countAccounts() {
      const { count } = await db
        .selectFrom('accounts')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async insertAccount(account, note) {
      return db.transaction().execute(async (trx) => {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('accounts')
          .values(rowOf(account))
          .onConflict((conflict) => conflict.column('login').doNothing())
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows === 0n) return false;
        await insertGrants(trx, account.id, account.grants);
        await appendAudit(trx, note);
        return true;
      });
    },

    async accountByLogin(login) {
      const [account] = await withGrants(
        db,
        await accountRows(db).where('accounts.login', '=', login).execute(),
      );
      return account ?? null;
    },

    account: (id) => accountIn(db, id),

    async accounts() {
      return withGrants(db, await accountRows(db).orderBy('accounts.login').execute());
    },

    async changeAccount(id, decide) {
      return db.transaction().execute(async (trx) => {
        const before = await accountIn(trx, id);
        if (before === null) return null;
        const change = decide(before, { lastingAdministrators: await countAdministrators(trx, id) });
        await applyChange(trx, id, change);
        await appendAudit(trx, change.note);
        return accountIn(trx, id);
      });
    },

    async putPassword(id, { password, keep, note }) {
      await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('accounts')
          .set({ password, must_change: 0, failures: 0 })
          .where('id', '=', id)
          .execute();
        await trx.deleteFrom('sessions').where('account', '=', id).where('token_hash', '!=', keep).execute();
        await appendAudit(trx, note);
      });
    },

    async countTry(id, { afterMs, untilMs }) {
      const row = await db
        .updateTable('accounts')
        .set((eb) => ({ failures: eb('failures', '+', 1) }))
        .where('id', '=', id)
        .where((eb) =>
          eb.or([
            eb('locked_until_ms', 'is', null),
            eb('locked_until_ms', '<=', afterMs),
            eb('locked_until_ms', '>', untilMs),
          ]),
        )
        .returning('failures')
        .executeTakeFirst();
      return row?.failures ?? null;
    },

    async uncountTry(id) {
      await db
        .updateTable('accounts')
        .set((eb) => ({ failures: eb('failures', '-', 1) }))
        .where('id', '=', id)
        .where('failures', '>', 0)
        .execute();
    },

    async lock(id, untilMs, note) {
      await db.transaction().execute(async (trx) => {
        await trx
          .updateTable('accounts')
          .set({ failures: 0, locked_until_ms: untilMs })
          .where('id', '=', id)
          .execute();
        await appendAudit(trx, note);
      });
    },

    async heldByOrganisation(id, nowMs) {
      const rows = await db
        .selectFrom('organisation_grants as grants')
        .innerJoin('organisations', 'organisations.id', 'grants.organisation')
        .select(['grants.region', 'grants.abilities'])
        .where('grants.organisation', '=', id)
        .where('organisations.disabled', '=', 0)
        .where('grants.revoked_at_ms', 'is', null)
        .where('grants.expires_at_ms', '>', nowMs)
        .execute();
      return rows.map(({ region, abilities }) => ({
        region: region as RegionCode,
        abilities: grantable(abilities),
      }));
    },
  };
}

/** The stored abilities that may be granted still. */
export function grantable(text: string): GrantableAbility[] {
  const stored = new Set<unknown>(JSON.parse(text));
  return GRANTABLE_ABILITIES.filter((ability) => stored.has(ability));
}

const accountRows = (db: Kysely<Tables>) =>
  db
    .selectFrom('accounts')
    .leftJoin('organisations', 'organisations.id', 'accounts.organisation')
    .leftJoin('second_factors', 'second_factors.account', 'accounts.id')
    .selectAll('accounts')
    .select([
      'organisations.name as organisation_name',
      'organisations.region as organisation_region',
      'second_factors.confirmed_at_ms as factor_at_ms',
    ]);

type AccountRow = Selectable<AccountTable> & {
  readonly organisation_name: string | null;
  readonly organisation_region: string | null;
  readonly factor_at_ms: number | null;
};

async function accountIn(db: Kysely<Tables>, id: AccountId): Promise<AccountRecord | null> {
  const [account] = await withGrants(db, await accountRows(db).where('accounts.id', '=', id).execute());
  return account ?? null;
}

async function withGrants(db: Kysely<Tables>, rows: readonly AccountRow[]): Promise<AccountRecord[]> {
  if (rows.length === 0) return [];
  let query = db.selectFrom('account_grants').selectAll().orderBy('region').orderBy('role');
  if (rows.length === 1) query = query.where('account', '=', rows[0]?.id ?? '');
  const grants = Map.groupBy(await query.execute(), ({ account }) => account);
  return rows.map((row) => accountOf(row, (grants.get(row.id) ?? []).map(grantOf)));
}

async function countAdministrators(trx: Kysely<Tables>, butFor: AccountId): Promise<number> {
  const { count } = await trx
    .selectFrom('account_grants as grants')
    .innerJoin('accounts', 'accounts.id', 'grants.account')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('grants.role', '=', 'administrator')
    .where('grants.region', '=', PROVINCE)
    .where('grants.expires_at_ms', 'is', null)
    .where('accounts.disabled', '=', 0)
    .where('accounts.id', '!=', butFor)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function applyChange(trx: Kysely<Tables>, id: AccountId, change: AccountChange): Promise<void> {
  const { name, grants, disabled, password, dropSecondFactor, endSessions } = change;
  const columns = {
    ...(name !== undefined && { name }),
    ...(disabled !== undefined && { disabled: Number(disabled) }),
    ...(password !== undefined && { password, must_change: 1, failures: 0, locked_until_ms: null }),
  };
  if (Object.keys(columns).length > 0)
    await trx.updateTable('accounts').set(columns).where('id', '=', id).execute();
  if (grants !== undefined) {
    await trx.deleteFrom('account_grants').where('account', '=', id).execute();
    await insertGrants(trx, id, grants);
  }
  if (dropSecondFactor === true) {
    await trx.deleteFrom('second_factors').where('account', '=', id).execute();
    await trx.deleteFrom('recovery_codes').where('account', '=', id).execute();
  }
  if (endSessions) await trx.deleteFrom('sessions').where('account', '=', id).execute();
}

async function insertGrants(
  trx: Kysely<Tables>,
  account: AccountId,
  grants: readonly RoleGrant[],
): Promise<void> {
  if (grants.length === 0) return;
  await trx
    .insertInto('account_grants')
    .values(
      grants.map(({ role, region, expiresAtMs }) => ({ account, role, region, expires_at_ms: expiresAtMs })),
    )
    .execute();
}

function rowOf(account: AccountRecord): AccountTable {
  return {
    id: account.id,
    login: account.login,
    name: account.name,
    password: account.password,
    must_change: Number(account.mustChange),
    failures: account.failures,
    locked_until_ms: account.lockedUntilMs,
    disabled: Number(account.disabled),
    created_at_ms: account.createdAtMs,
    organisation: account.organisation?.id ?? null,
    last_login_at_ms: account.lastLoginAtMs,
  };
}

function grantOf({ role, region, expires_at_ms }: Selectable<AccountGrantTable>): RoleGrant {
  return { role: role as Role, region: region as RegionCode, expiresAtMs: expires_at_ms };
}

function accountOf(row: AccountRow, grants: readonly RoleGrant[]): AccountRecord {
  const { organisation, organisation_name: name, organisation_region: region } = row;
  return {
    id: row.id as AccountId,
    login: row.login,
    name: row.name,
    password: row.password,
    mustChange: row.must_change === 1,
    failures: row.failures,
    lockedUntilMs: row.locked_until_ms,
    disabled: row.disabled === 1,
    createdAtMs: row.created_at_ms,
    lastLoginAtMs: row.last_login_at_ms,
    grants,
    organisation:
      organisation === null || name === null || region === null
        ? null
        : { id: organisation as OrganisationId, name, region: region as RegionCode },
    secondFactor: row.factor_at_ms !== null,
  };
}
