import type { Selectable } from 'kysely';
import type { AccountId, RegionCode } from '../../../../shared/core/ids.ts';
import type { Role } from '../../../../shared/identity/abilities.ts';
import type { AccountRecord, Grant, IdentityStore } from '../../../features/identity/identity.port.ts';
import type { Db } from '../database.ts';
import type { AccountTable } from '../tables/core.ts';
import { appendAudit } from './audit.store.ts';

/** Accounts and sessions in the database. */
export function identityStore(db: Db): IdentityStore {
  const grantsOf = async (account: string): Promise<Grant[]> => {
    const rows = await db
      .selectFrom('account_grants')
      .select(['role', 'region'])
      .where('account', '=', account)
      .orderBy('region')
      .execute();
    return rows.map(({ role, region }) => ({
      role: role as Role,
      region: region as RegionCode,
      expiresAtMs: null,
    }));
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

    async insertAccount(account, note) {
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
          .values(grants.map(({ role, region }) => ({ account: record.id, role, region })))
          .execute();
        await appendAudit(trx, note);
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

    async putPassword(id, { password, keep, note }) {
      await db.transaction().execute(async (trx) => {
        await trx.updateTable('accounts').set({ password, must_change: 0 }).where('id', '=', id).execute();
        await trx.deleteFrom('sessions').where('account', '=', id).where('token_hash', '!=', keep).execute();
        await appendAudit(trx, note);
      });
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

    async insertSession({ tokenHash, account, createdAtMs, seenAtMs }, note) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('sessions')
          .values({ token_hash: tokenHash, account, created_at_ms: createdAtMs, seen_at_ms: seenAtMs })
          .execute();
        await trx
          .updateTable('accounts')
          .set({ failures: 0, locked_until_ms: null })
          .where('id', '=', account)
          .execute();
        await appendAudit(trx, note);
      });
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

    async deleteSession(tokenHash, note) {
      await db.transaction().execute(async (trx) => {
        await trx.deleteFrom('sessions').where('token_hash', '=', tokenHash).execute();
        if (note !== null) await appendAudit(trx, note);
      });
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
