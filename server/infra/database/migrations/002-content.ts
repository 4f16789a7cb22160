import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Assets, the versions of what is on air, plans and assignments. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await assets(db);
  await versions(db);
  await plans(db);
}

async function assets({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('asset_files')
    .addColumn('sha256', 'text', (c) => c.primaryKey())
    .addColumn('media_type', 'text', (c) => c.notNull())
    .addColumn('size_bytes', 'bigint', (c) => c.notNull())
    .addColumn('stored_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('stored_by', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('assets')
    .addColumn('sha256', 'text', (c) => c.primaryKey().references('asset_files.sha256'))
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('mime', 'text', (c) => c.notNull())
    .addColumn('size_bytes', 'bigint', (c) => c.notNull())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('duration_s', 'integer')
    .addColumn('parts', 'text', (c) => c.notNull())
    .addColumn('described_at_ms', 'bigint', (c) => c.notNull())
    .execute();
}

async function versions({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('content_versions')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint')
    .addColumn('changed_by', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('content_versions_key', ['kind', 'id', 'version'])
    .execute();
  // One version of each is on air, whatever the code above does.
  await schema
    .createIndex('content_versions_on_air')
    .on('content_versions')
    .columns(['kind', 'id'])
    .unique()
    .where(sql.ref('to_ms'), 'is', null)
    .execute();
}

async function plans({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('plans')
    .addColumn('digest', 'text', (c) => c.primaryKey())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('made_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('assignments')
    .addColumn('screen', 'text', (c) => c.notNull().references('screens.id'))
    .addColumn('counter', 'bigint', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull().references('devices.id'))
    .addColumn('plan', 'text', (c) => c.notNull().references('plans.digest'))
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('signature', 'text', (c) => c.notNull())
    .addColumn('issued_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('superseded_at_ms', 'bigint')
    .addPrimaryKeyConstraint('assignments_key', ['screen', 'counter'])
    .execute();
  await schema
    .createIndex('assignments_current')
    .on('assignments')
    .column('screen')
    .unique()
    .where(sql.ref('superseded_at_ms'), 'is', null)
    .execute();
  await schema
    .createIndex('assignments_by_device')
    .on('assignments')
    .columns(['device', 'counter'])
    .execute();
  await schema
    .createTable('plan_states')
    .addColumn('screen', 'text', (c) => c.notNull().references('screens.id'))
    .addColumn('plan', 'text', (c) => c.notNull())
    .addColumn('device', 'text', (c) => c.notNull().references('devices.id'))
    .addColumn('told_at_ms', 'bigint')
    .addColumn('fetched_at_ms', 'bigint')
    .addColumn('verified_at_ms', 'bigint')
    .addColumn('on_air_at_ms', 'bigint')
    .addColumn('refused_at_ms', 'bigint')
    .addColumn('refused_code', 'text')
    .addPrimaryKeyConstraint('plan_states_key', ['screen', 'plan'])
    .execute();
}
