import type { Selectable } from 'kysely';
import type { AccountId } from '../../../../shared/core/ids.ts';
import type { SessionRecord, SessionStore } from '../../../features/identity/identity.port.ts';
import type { Db } from '../database.ts';
import type { SessionTable } from '../tables/core.ts';
import { appendAudit } from './audit.store.ts';
import { useUp } from './second-factor.store.ts';

/** Sessions in the database. */
export function sessionStore(db: Db): SessionStore {
  return {
    async insertSession({ tokenHash, account, createdAtMs, seenAtMs }, use, note) {
      return db.transaction().execute(async (trx) => {
        if (use !== null && !(await useUp(trx, account, use))) return false;
        await trx
          .insertInto('sessions')
          .values({ token_hash: tokenHash, account, created_at_ms: createdAtMs, seen_at_ms: seenAtMs })
          .execute();
        await trx
          .updateTable('accounts')
          .set({ failures: 0, locked_until_ms: null, last_login_at_ms: createdAtMs })
          .where('id', '=', account)
          .execute();
        await appendAudit(trx, note);
        return true;
      });
    },

    async session(tokenHash) {
      const row = await db
        .selectFrom('sessions')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      return row === undefined ? null : sessionOf(row);
    },

    async sessionsOf(account) {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where('account', '=', account)
        .orderBy('created_at_ms', 'desc')
        .orderBy('token_hash')
        .execute();
      return rows.map(sessionOf);
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

    async deleteOtherSessions(account, keep, note) {
      await db.transaction().execute(async (trx) => {
        await trx
          .deleteFrom('sessions')
          .where('account', '=', account)
          .where('token_hash', '!=', keep)
          .execute();
        await appendAudit(trx, note);
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

function sessionOf(row: Selectable<SessionTable>): SessionRecord {
  return {
    tokenHash: row.token_hash,
    account: row.account as AccountId,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms,
  };
}
