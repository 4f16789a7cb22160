import type { Kysely, Selectable } from 'kysely';
import type { AuditEntry } from '../../../../shared/audit/audit.schema.ts';
import { auditEntrySchema } from '../../../../shared/audit/audit.schema.ts';
import { canonicalText } from '../../../../shared/core/canonical.ts';
import type { AuditDraft, AuditStore } from '../../../features/audit/audit.port.ts';
import type { Db } from '../database.ts';
import type { AuditTable } from '../tables/core.ts';
import type { Tables } from '../tables.ts';

/** The audit log in the database. */
export function auditStore(db: Db): AuditStore {
  return {
    append: (draft) => db.transaction().execute((trx) => appendAudit(trx, draft)),

    async page({ limit, offset, action, actor, subject }) {
      let query = db.selectFrom('audit');
      if (action !== undefined) query = query.where('action', '=', action);
      if (actor !== undefined) query = query.where('actor', '=', actor);
      if (subject !== undefined) query = query.where('subject', '=', subject);
      const rows = await query.selectAll().orderBy('seq', 'desc').limit(limit).offset(offset).execute();
      const { total } = await query
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return { rows: rows.map(entryOf), total: Number(total) };
    },

    async following(after, limit) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(entryOf);
    },
  };
}

/** Appends an entry inside the caller's transaction: with what it tells of, or not at all. */
export async function appendAudit(trx: Kysely<Tables>, draft: AuditDraft): Promise<AuditEntry> {
  const last = await trx.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(1).executeTakeFirst();
  const entry = draft(last === undefined ? null : entryOf(last));
  await trx.insertInto('audit').values(rowOf(entry)).execute();
  return entry;
}

function rowOf({ atMs, actorName, detail, ...entry }: AuditEntry): AuditTable {
  return { ...entry, at_ms: atMs, actor_name: actorName, detail: canonicalText(detail) };
}

function entryOf({ at_ms, actor_name, detail, ...row }: Selectable<AuditTable>): AuditEntry {
  return auditEntrySchema.parse({
    ...row,
    atMs: at_ms,
    actorName: actor_name,
    detail: JSON.parse(detail),
  });
}
