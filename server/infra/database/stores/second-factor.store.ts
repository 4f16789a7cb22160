import type { Kysely } from 'kysely';
import type { AccountId } from '../../../../shared/core/ids.ts';
import type { FactorUse, SecondFactorStore } from '../../../features/identity/identity.port.ts';
import type { Db } from '../database.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.store.ts';

/** Second factors and recovery codes in the database. */
export function secondFactorStore(db: Db): SecondFactorStore {
  return {
    async secondFactor(account) {
      const row = await db
        .selectFrom('second_factors')
        .selectAll()
        .where('account', '=', account)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        secret: row.secret,
        offeredAtMs: row.offered_at_ms,
        confirmed: row.confirmed_at_ms !== null,
        usedStep: row.used_step,
      };
    },

    async offerSecondFactor(account, secret, atMs) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('second_factors')
        .values({ account, secret, offered_at_ms: atMs, confirmed_at_ms: null, used_step: null })
        .onConflict((conflict) =>
          conflict
            .column('account')
            .doUpdateSet({ secret, offered_at_ms: atMs })
            .where('second_factors.confirmed_at_ms', 'is', null),
        )
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },

    async confirmSecondFactor(account, { secret, step, atMs, recoveryHashes, keep, note }) {
      return db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('second_factors')
          .set({ confirmed_at_ms: atMs, used_step: step })
          .where('account', '=', account)
          .where('secret', '=', secret)
          .where('confirmed_at_ms', 'is', null)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows !== 1n) return false;
        await trx
          .insertInto('recovery_codes')
          .values(recoveryHashes.map((code_hash) => ({ account, code_hash })))
          .execute();
        await trx
          .deleteFrom('sessions')
          .where('account', '=', account)
          .where('token_hash', '!=', keep)
          .execute();
        await appendAudit(trx, note);
        return true;
      });
    },

    async removeSecondFactor(account, use, note) {
      return db.transaction().execute(async (trx) => {
        if (!(await useUp(trx, account, use))) return false;
        await trx.deleteFrom('second_factors').where('account', '=', account).execute();
        await trx.deleteFrom('recovery_codes').where('account', '=', account).execute();
        await appendAudit(trx, note);
        return true;
      });
    },

    async recoveryCodesLeft(account) {
      const { count } = await db
        .selectFrom('recovery_codes')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('account', '=', account)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

/** Uses a proof up inside the caller's transaction; `false` where it was used before. */
export async function useUp(trx: Kysely<Tables>, account: AccountId, use: FactorUse): Promise<boolean> {
  if (use.kind === 'recovery') {
    const { numDeletedRows } = await trx
      .deleteFrom('recovery_codes')
      .where('account', '=', account)
      .where('code_hash', '=', use.codeHash)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }
  const { numUpdatedRows } = await trx
    .updateTable('second_factors')
    .set({ used_step: use.step })
    .where('account', '=', account)
    .where('confirmed_at_ms', 'is not', null)
    .where((eb) => eb.or([eb('used_step', 'is', null), eb('used_step', '<', use.step)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}
