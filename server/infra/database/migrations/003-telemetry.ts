import type { Kysely } from 'kysely';

/** The journal, live contact, required hours, exemptions and daily sums. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await journal(db);
  await journalAside(db);
  await contact(db);
  await rules(db);
  await days(db);
}

async function journal({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('journal_boots')
    .addColumn('device', 'text', (c) => c.notNull().references('devices.id'))
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('mark', 'bigint', (c) => c.notNull())
    .addColumn('begun', 'integer', (c) => c.notNull())
    .addColumn('os_boot', 'text', (c) => c.notNull())
    .addColumn('panel_readable', 'integer', (c) => c.notNull())
    .addColumn('previous_boot', 'text')
    .addColumn('previous_last_seq', 'bigint')
    .addColumn('approx_start_ms', 'bigint', (c) => c.notNull())
    .addColumn('met', 'integer', (c) => c.notNull())
    .addColumn('last_mono_ms', 'bigint', (c) => c.notNull())
    .addColumn('max_seq', 'bigint', (c) => c.notNull())
    .addColumn('sound_count', 'bigint', (c) => c.notNull())
    .addColumn('first_mono_ms', 'bigint', (c) => c.notNull())
    .addColumn('first_wall_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_record_mono_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_record_wall_ms', 'bigint', (c) => c.notNull())
    .addColumn('ahead_ms', 'bigint', (c) => c.notNull())
    .addColumn('last_receipt_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('journal_boots_key', ['device', 'boot'])
    .execute();
  await schema
    .createTable('journal_records')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('from_mono_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_mono_ms', 'bigint', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('previous_hash', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('receipt_ms', 'bigint', (c) => c.notNull())
    .addColumn('quarantine', 'text')
    .addPrimaryKeyConstraint('journal_records_key', ['device', 'boot', 'seq'])
    .addForeignKeyConstraint('journal_records_boot', ['device', 'boot'], 'journal_boots', ['device', 'boot'])
    .execute();
  // A day's records are found by where they end.
  await schema
    .createIndex('journal_records_by_end')
    .on('journal_records')
    .columns(['device', 'boot', 'to_mono_ms'])
    .execute();
}

async function journalAside({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('journal_lost')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('from_seq', 'bigint', (c) => c.notNull())
    .addColumn('to_seq', 'bigint', (c) => c.notNull())
    .addColumn('said_in_boot', 'text', (c) => c.notNull())
    .addColumn('said_in_seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('journal_lost_key', ['device', 'said_in_boot', 'said_in_seq'])
    .execute();
  await schema.createIndex('journal_lost_by_boot').on('journal_lost').columns(['device', 'boot']).execute();
  await schema
    .createTable('journal_offsets')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('at_mono_ms', 'bigint', (c) => c.notNull())
    .addColumn('lo_ms', 'bigint', (c) => c.notNull())
    .addColumn('hi_ms', 'bigint', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('journal_offsets_key', ['device', 'boot', 'at_mono_ms', 'lo_ms', 'hi_ms'])
    .execute();
  await schema
    .createTable('journal_alarms')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('known_hash', 'text', (c) => c.notNull())
    .addColumn('claimed_hash', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('pending_evidence')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('first_seq', 'bigint', (c) => c.notNull())
    .addColumn('last_seq', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('pending_evidence_key', ['device', 'boot'])
    .execute();
}

async function contact({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('contacts')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('boot', 'text', (c) => c.notNull())
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('contacts_key', ['device', 'boot', 'from_ms'])
    .execute();
  await schema.createIndex('contacts_by_end').on('contacts').columns(['device', 'to_ms']).execute();
  await schema
    .createTable('center_uptime')
    .addColumn('from_ms', 'bigint', (c) => c.primaryKey())
    .addColumn('to_ms', 'bigint', (c) => c.notNull())
    .execute();
}

async function rules({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('required_rules')
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('from_day', 'text', (c) => c.notNull())
    .addColumn('windows', 'text', (c) => c.notNull())
    .addColumn('changed_by', 'text', (c) => c.notNull())
    .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('required_rules_key', ['region', 'from_day'])
    .execute();
  await schema
    .createTable('exemptions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('screen', 'text', (c) => c.references('screens.id'))
    .addColumn('region', 'text', (c) => c.references('regions.code'))
    .addColumn('from_s', 'bigint', (c) => c.notNull())
    .addColumn('to_s', 'bigint', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('filer_region', 'text', (c) => c.notNull())
    .addColumn('filed_by', 'text', (c) => c.notNull())
    .addColumn('filed_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('approved_by', 'text')
    .addColumn('approved_at_ms', 'bigint')
    .execute();
}

async function days({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('screen_days')
    .addColumn('screen', 'text', (c) => c.notNull().references('screens.id'))
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('on_s', 'integer', (c) => c.notNull())
    .addColumn('off_s', 'integer', (c) => c.notNull())
    .addColumn('used_s', 'integer', (c) => c.notNull())
    .addColumn('verified_s', 'integer', (c) => c.notNull())
    .addColumn('grade_a_s', 'integer', (c) => c.notNull())
    .addColumn('panel_seen', 'integer', (c) => c.notNull())
    .addColumn('computed_at_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('screen_days_key', ['day', 'screen'])
    .execute();
  await schema.createIndex('screen_days_by_screen').on('screen_days').columns(['screen', 'day']).execute();
  await schema
    .createTable('dirty_days')
    .addColumn('screen', 'text', (c) => c.notNull().references('screens.id'))
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('since_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('dirty_days_key', ['screen', 'day'])
    .execute();
  await schema.createIndex('dirty_days_by_since').on('dirty_days').column('since_ms').execute();
}
