import type { Selectable } from 'kysely';
import type { AccountId, RegionCode } from '../../../../shared/core/ids.ts';
import type { Role } from '../../../../shared/identity/abilities.ts';
import type { AccountRecord, Grant, IdentityStore } from '../../../features/identity/identity.port.ts';
import type { Db } from '../database.ts';
import type { AccountTable } from '../tables/core.ts';

/** Accounts and sessions in the database. */
export function identityStore(db: Db): IdentityStore {
  const grantsOf = async (account: string): Promise<Grant[]> => {
    const rows = await db
      .selectFrom('account_grants')
      .select(['role', 'region'])
      .where('account', '=', account)
      .orderBy('region')
      .execute();
    return rows.map(({ role, region }) => ({ role: role as Role, region: region as RegionCode }));
  };
  const whole = async (row: Selectable<AccountTable> | undefined): Promise<AccountRecord | null> =>
    row === undefined ? null : accountOf(row, await grantsOf(row.id));

  return {
    async countAccounts() {
      const { count } = await db
        .selectFrom('accounts')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async insertAccount(account) {
      return db.transaction().execute(async (trx) => {
        const { grants, ...record } = account;
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('accounts')
          .values({
            id: record.id,
            login: record.login,
            name: record.name,
            password: record.password,
            must_change: Number(record.mustChange),
            failures: record.failures,
            locked_until_ms: record.lockedUntilMs,
            disabled: Number(record.disabled),
            created_at_ms: record.createdAtMs,
          })
          .onConflict((conflict) => conflict.column('login').doNothing())
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows === 0n) return false;
        await trx
          .insertInto('account_grants')
          .values(grants.map((grant) => ({ account: record.id, ...grant })))
          .execute();
        return true;
      });
    },

    async accountByLogin(login) {
      return whole(await db.selectFrom('accounts').selectAll().where('login', '=', login).executeTakeFirst());
    },

    async account(id) {
      return whole(await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst());
    },

    async accounts() {
      const rows = await db.selectFrom('accounts').selectAll().orderBy('login').execute();
      return Promise.all(rows.map(async (row) => accountOf(row, await grantsOf(row.id))));
    },

    async patchAccount(id, { password, mustChange, failures, lockedUntilMs, disabled }) {
      await db
        .updateTable('accounts')
        .set({
          ...(password !== undefined && { password }),
          ...(mustChange !== undefined && { must_change: Number(mustChange) }),
          ...(failures !== undefined && { failures }),
          ...(lockedUntilMs !== undefined && { locked_until_ms: lockedUntilMs }),
          ...(disabled !== undefined && { disabled: Number(disabled) }),
        })
        .where('id', '=', id)
        .execute();
    },

    async countFailure(id) {
      const row = await db
        .updateTable('accounts')
        .set((eb) => ({ failures: eb('failures', '+', 1) }))
        .where('id', '=', id)
        .returning('failures')
        .executeTakeFirst();
      return row?.failures ?? 0;
    },

    async insertSession({ tokenHash, account, createdAtMs, seenAtMs }) {
      await db
        .insertInto('sessions')
        .values({ token_hash: tokenHash, account, created_at_ms: createdAtMs, seen_at_ms: seenAtMs })
        .execute();
    },

    async session(tokenHash) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        tokenHash: row.token_hash,
        account: row.account as AccountId,
        createdAtMs: row.created_at_ms,
        seenAtMs: row.seen_at_ms,
      };
    },

    async touchSession(tokenHash, seenAtMs) {
      await db
        .updateTable('sessions')
        .set({ seen_at_ms: seenAtMs })
        .where('token_hash', '=', tokenHash)
        .execute();
    },

    async deleteSession(tokenHash) {
      await db.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
    },

    async deleteSessionsOf(account, keep) {
      let query = db.deleteFrom('sessions').where('account', '=', account);
      if (keep !== null) query = query.where('token_hash', '!=', keep);
      await query.execute();
    },

    async deleteSessionsBefore({ createdMs, seenMs }) {
      await db
        .deleteFrom('sessions')
        .where((eb) => eb.or([eb('created_at_ms', '<=', createdMs), eb('seen_at_ms', '<=', seenMs)]))
        .execute();
    },
  };
}

function accountOf(row: Selectable<AccountTable>, grants: readonly Grant[]): AccountRecord {
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
    grants,
  };
}
