import type { Kysely } from 'kysely';

/** Grants that expire, operating organisations, second factors, and when somebody was last here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await organisations(db);
  await schema.alterTable('accounts').addColumn('organisation', 'text').execute();
  await schema.alterTable('accounts').addColumn('last_login_at_ms', 'bigint').execute();
  await schema.alterTable('account_grants').addColumn('expires_at_ms', 'bigint').execute();
  await schema.createIndex('accounts_by_organisation').on('accounts').column('organisation').execute();
  await secondFactors(db);
}

async function organisations({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('organisations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull().unique())
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('contact', 'text', (c) => c.notNull())
    .addColumn('disabled', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('organisation_grants')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('organisation', 'text', (c) => c.notNull().references('organisations.id'))
    .addColumn('region', 'text', (c) => c.notNull())
    .addColumn('abilities', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('granted_by', 'text', (c) => c.notNull())
    .addColumn('granted_by_name', 'text', (c) => c.notNull())
    .addColumn('granted_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('revoked_at_ms', 'bigint')
    .addColumn('revoked_by', 'text')
    .addColumn('revoked_by_name', 'text')
    .execute();
  await schema
    .createIndex('organisation_grants_by_organisation')
    .on('organisation_grants')
    .column('organisation')
    .execute();
}

async function secondFactors({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('second_factors')
    .addColumn('account', 'text', (c) => c.primaryKey().references('accounts.id'))
    .addColumn('secret', 'text', (c) => c.notNull())
    .addColumn('offered_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('confirmed_at_ms', 'bigint')
    .addColumn('used_step', 'bigint')
    .execute();
  await schema
    .createTable('recovery_codes')
    .addColumn('account', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('code_hash', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('recovery_codes_key', ['account', 'code_hash'])
    .execute();
}
