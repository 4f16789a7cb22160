import type { Selectable } from 'kysely';
import { regionCodeSchema } from '../../../../shared/core/ids.ts';
import type { SuspensionRecord, SuspensionStore } from '../../../features/schedule/suspension.port.ts';
import type { Db } from '../database.ts';
import type { SuspensionTable } from '../tables/life.ts';
import { nameOf, namesOf } from './account-names.ts';
import { appendAudit } from './audit.store.ts';

/** Suspensions of regions in the database. */
export function suspensionStore(db: Db): SuspensionStore {
  const all = () => db.selectFrom('suspensions').selectAll().orderBy('at_ms', 'desc').orderBy('id');
  const recordsOf = async (rows: readonly Selectable<SuspensionTable>[]): Promise<SuspensionRecord[]> => {
    const names = await namesOf(
      db,
      rows.flatMap((row) => [row.by, row.lifted_by ?? []].flat()),
    );
    return rows.map((row) => ({
      id: row.id,
      region: regionCodeSchema.parse(row.region),
      issuer: regionCodeSchema.parse(row.issuer),
      reason: row.reason,
      by: nameOf(names, row.by),
      atMs: Number(row.at_ms),
      lifted:
        row.lifted_by === null ? null : { by: nameOf(names, row.lifted_by), atMs: Number(row.lifted_at_ms) },
    }));
  };
  return {
    async insert({ atMs, ...suspension }, note) {
      await db.transaction().execute(async (trx) => {
        await trx
          .insertInto('suspensions')
          .values({ ...suspension, at_ms: atMs, lifted_by: null, lifted_at_ms: null })
          .execute();
        await appendAudit(trx, note);
      });
    },

    lift: (id, by, atMs, note) =>
      db.transaction().execute(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('suspensions')
          .set({ lifted_by: by, lifted_at_ms: atMs })
          .where('id', '=', id)
          .where('lifted_by', 'is', null)
          .executeTakeFirst();
        if (Number(numUpdatedRows) !== 1) return false;
        await appendAudit(trx, note);
        return true;
      }),

    async get(id) {
      return (await recordsOf(await all().where('id', '=', id).execute()))[0] ?? null;
    },
    async inForce() {
      return recordsOf(await all().where('lifted_by', 'is', null).execute());
    },
    async all() {
      return recordsOf(await all().execute());
    },
  };
}
