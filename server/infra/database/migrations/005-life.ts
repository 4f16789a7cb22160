import type { Kysely } from 'kysely';

/** The life of what is on air: drafts, their reviews, why versions ended, suspensions. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await ends(db);
  await drafts(db);
  await reviews(db);
  await suspensions(db);
}

/** SQLite adds one column at a time. */
async function ends({ schema }: Kysely<unknown>): Promise<void> {
  const columns = ['draft', 'end_kind', 'end_reason', 'ended_by'] as const;
  for (const column of columns)
    await schema.alterTable('content_versions').addColumn(column, 'text').execute();
}

async function drafts({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('drafts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .addColumn('edits', 'text', (c) => c.notNull())
    .addColumn('describes', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('edit_count', 'integer', (c) => c.notNull())
    .addColumn('policies', 'integer', (c) => c.notNull())
    .addColumn('tiers', 'text', (c) => c.notNull())
    .addColumn('round', 'integer', (c) => c.notNull())
    .addColumn('stages', 'integer')
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('changed_by', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('changed_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('submitted_by', 'text')
    .addColumn('submitted_at_ms', 'bigint')
    .addColumn('published_by', 'text')
    .addColumn('published_at_ms', 'bigint')
    .execute();
  await schema.createIndex('drafts_by_change').on('drafts').columns(['changed_at_ms', 'id']).execute();
  await schema.createIndex('drafts_by_state').on('drafts').columns(['state', 'changed_at_ms']).execute();
  await schema
    .createTable('draft_editors')
    .addColumn('draft', 'text', (c) => c.notNull().references('drafts.id'))
    .addColumn('account', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('draft_editors_key', ['draft', 'account'])
    .execute();
}

async function reviews({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('draft_reviews')
    .addColumn('draft', 'text', (c) => c.notNull().references('drafts.id'))
    .addColumn('round', 'integer', (c) => c.notNull())
    .addColumn('stage', 'integer', (c) => c.notNull())
    .addColumn('verdict', 'text', (c) => c.notNull())
    .addColumn('comment', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('assets', 'text', (c) => c.notNull())
    .addColumn('held', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    // A stage of a round is decided once, whatever the code above does.
    .addPrimaryKeyConstraint('draft_reviews_key', ['draft', 'round', 'stage'])
    .execute();
  await schema
    .createTable('asset_reviews')
    .addColumn('sha256', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('draft', 'text', (c) => c.notNull().references('drafts.id'))
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('asset_reviews_key', ['sha256', 'region'])
    .execute();
}

async function suspensions({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('suspensions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('issuer', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('lifted_by', 'text')
    .addColumn('lifted_at_ms', 'bigint')
    .execute();
}
