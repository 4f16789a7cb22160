import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Regions, people, the audit log, screens and devices. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('meta')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('value', 'text', (c) => c.notNull())
    .execute();
  await regions(db);
  await people(db);
  await screens(db);
}

async function regions({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('regions')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('tier', 'text', (c) => c.notNull())
    .addColumn('parent', 'text')
    .addColumn('stat_only', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createTable('region_aliases')
    .addColumn('code', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('valid_from', 'text')
    .addColumn('valid_to', 'text', (c) => c.notNull())
    .execute();
}

async function people({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('accounts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('login', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('password', 'text', (c) => c.notNull())
    .addColumn('must_change', 'integer', (c) => c.notNull())
    .addColumn('failures', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('locked_until_ms', 'bigint')
    .addColumn('disabled', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('account_grants')
    .addColumn('account', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('role', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('account_grants_key', ['account', 'role', 'region'])
    .execute();
  await schema
    .createTable('sessions')
    .addColumn('token_hash', 'text', (c) => c.primaryKey())
    .addColumn('account', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('seen_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('sessions_by_account').on('sessions').column('account').execute();
  await schema
    .createTable('audit')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('actor_name', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .addColumn('previous', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .execute();
}

async function screens({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('screens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('groups', 'text', (c) => c.notNull())
    .addColumn('demo', 'integer', (c) => c.notNull())
    .addColumn('commissioned_on', 'text', (c) => c.notNull())
    .addColumn('retired_on', 'text')
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema.createIndex('screens_by_region').on('screens').column('region').execute();
  await schema
    .createTable('devices')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('public_key', 'text', (c) => c.notNull())
    .addColumn('renderer', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .addColumn('hardware', 'text', (c) => c.notNull())
    .addColumn('enrolled_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('pairing_code', 'text', (c) => c.unique())
    .addColumn('pairing_expires_at_ms', 'bigint')
    .execute();
  await schema
    .createTable('bindings')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('screen', 'text', (c) => c.notNull().references('screens.id'))
    .addColumn('device', 'text', (c) => c.notNull().references('devices.id'))
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint')
    .execute();
  // At most one open binding per screen and per device, whatever the code above does.
  for (const column of ['screen', 'device'] as const) {
    await schema
      .createIndex(`bindings_open_${column}`)
      .on('bindings')
      .column(column)
      .unique()
      .where(sql.ref('to_ms'), 'is', null)
      .execute();
    await schema.createIndex(`bindings_by_${column}`).on('bindings').column(column).execute();
  }
}
