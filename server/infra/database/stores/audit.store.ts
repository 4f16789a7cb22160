import type { Kysely, Selectable } from 'kysely';
import type { AuditEntry, AuditHead } from '../../../../shared/audit/audit.schema.ts';
import { auditEntrySchema } from '../../../../shared/audit/audit.schema.ts';
import type { StoredEntry } from '../../../../shared/audit/check-chain.ts';
import { canonicalText } from '../../../../shared/core/canonical.ts';
import type { Sha256 } from '../../../../shared/core/ids.ts';
import type { AuditDraft, AuditFilter, AuditStore } from '../../../features/audit/audit.port.ts';
import type { Db } from '../database.ts';
import type { AuditTable } from '../tables/core.ts';
import type { Tables } from '../tables.ts';

/** The audit log in the database. */
export function auditStore(db: Db): AuditStore {
  const filtered = ({ action, actor, subject }: AuditFilter) => {
    let query = db.selectFrom('audit');
    if (action !== undefined) query = query.where('action', '=', action);
    if (actor !== undefined) query = query.where('actor', '=', actor);
    if (subject !== undefined) query = query.where('subject', '=', subject);
    return query;
  };
  return {
    append: (draft) => db.transaction().execute((trx) => appendAudit(trx, draft)),

    async page({ limit, offset, ...filter }) {
      const query = filtered(filter);
      const rows = await query.selectAll().orderBy('seq', 'desc').limit(limit).offset(offset).execute();
      const { total } = await query
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      return {
        rows: rows.flatMap((row) => storedEntryOf(row).entry ?? []),
        total: Number(total),
      };
    },

    async stored(after, limit, filter = {}) {
      const rows = await filtered(filter)
        .selectAll()
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(storedEntryOf);
    },

    head: () => headIn(db),

    async hashAt(seq) {
      const row = await db.selectFrom('audit').select('hash').where('seq', '=', seq).executeTakeFirst();
      return row?.hash ?? null;
    },
  };
}

/** Appends an entry inside the caller's transaction: with what it tells of, or not at all. */
export async function appendAudit(trx: Kysely<Tables>, draft: AuditDraft): Promise<AuditEntry> {
  const entry = draft(await headIn(trx));
  await trx.insertInto('audit').values(rowOf(entry)).execute();
  return entry;
}

/**
 * A row as an entry; none where a value is not of the form in which {@link appendAudit} writes it, as
 * the chain's hash does not cover how a value was written.
 */
export function storedEntryOf({
  at_ms: atMs,
  actor_name: actorName,
  detail,
  ...row
}: Selectable<AuditTable>): StoredEntry {
  try {
    const entry = auditEntrySchema.parse({ ...row, atMs, actorName, detail: JSON.parse(detail) });
    return { seq: row.seq, entry: canonicalText(entry.detail) === detail ? entry : null };
  } catch {
    // Somebody else wrote it: verify says where.
    return { seq: row.seq, entry: null };
  }
}

/** Only where the chain stands: a row that was made unreadable must not stop the center. */
async function headIn(db: Kysely<Tables>): Promise<AuditHead | null> {
  const row = await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { seq: row.seq, hash: row.hash as Sha256 };
}

function rowOf({ atMs, actorName, detail, ...entry }: AuditEntry): AuditTable {
  return { ...entry, at_ms: atMs, actor_name: actorName, detail: canonicalText(detail) };
}
