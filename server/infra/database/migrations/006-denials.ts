import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/** Takedowns and stop-alls, the counter of deny-list versions, and who holds which. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('denials')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('issuer', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('reported_to', 'text')
    .addColumn('from_s', 'bigint', (c) => c.notNull())
    .addColumn('to_s', 'bigint')
    .addColumn('version', 'bigint', (c) => c.notNull().unique())
    .addColumn('lift_version', 'bigint', (c) => c.unique())
    .addColumn('issued_by', 'text', (c) => c.notNull())
    .addColumn('issued_by_name', 'text', (c) => c.notNull())
    .addColumn('issued_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('lift_asked_by', 'text')
    .addColumn('lift_asked_by_name', 'text')
    .addColumn('lift_asked_at_ms', 'bigint')
    .addColumn('lift_reason', 'text')
    .addColumn('lifted_by', 'text')
    .addColumn('lifted_by_name', 'text')
    .addColumn('lifted_at_ms', 'bigint')
    .execute();
  // One in force per subject, region and issuer: two people who press at once issue one, and what a
  // higher tier denies holds on when a lower one lifts its own.
  await schema
    .createIndex('denials_in_force')
    .unique()
    .on('denials')
    .columns(['kind', 'subject', 'region', 'issuer'])
    .where(sql.ref('to_s'), 'is', null)
    .execute();
  await schema
    .createTable('deny_changes')
    .addColumn('version', 'bigint', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('at_s', 'bigint', (c) => c.notNull())
    .addColumn('denial', 'text', (c) => c.references('denials.id'))
    .execute();
  await schema
    .createTable('deny_held')
    .addColumn('device', 'text', (c) => c.primaryKey().references('devices.id'))
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .execute();
}
