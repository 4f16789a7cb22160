import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** How far each publish got; and of every assignment a digest of what it says. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  // Assignments from before have none and are signed anew once, because what they say is not known.
  await schema.alterTable('assignments').addColumn('content', 'text').execute();
  await schema
    .createTable('publications')
    .addColumn('draft', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('region', 'text', (c) => c.notNull().references('regions.code'))
    .addColumn('regions', 'text', (c) => c.notNull())
    .addColumn('published_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('published_by_name', 'text', (c) => c.notNull())
    .addColumn('computed_at_ms', 'bigint')
    .execute();
  await schema.createIndex('publications_by_time').on('publications').column('published_at_ms').execute();
  // The start asks for the few that the center did not come to the end of.
  await schema
    .createIndex('publications_unfinished')
    .on('publications')
    .column('draft')
    .where(sql.ref('computed_at_ms'), 'is', null)
    .execute();
  await schema
    .createTable('publication_screens')
    .addColumn('draft', 'text', (c) => c.notNull().references('publications.draft'))
    .addColumn('screen', 'text', (c) => c.notNull().references('screens.id'))
    .addColumn('plan', 'text', (c) => c.notNull())
    .addColumn('told_at_ms', 'bigint')
    .addColumn('fetched_at_ms', 'bigint')
    .addColumn('verified_at_ms', 'bigint')
    .addColumn('on_air_at_ms', 'bigint')
    .addColumn('refused_at_ms', 'bigint')
    .addColumn('refused_code', 'text')
    .addColumn('closed_at_ms', 'bigint')
    .addPrimaryKeyConstraint('publication_screens_key', ['draft', 'screen'])
    .execute();
  await schema
    .createIndex('publication_screens_open')
    .on('publication_screens')
    .column('screen')
    .where(sql.ref('closed_at_ms'), 'is', null)
    .execute();
}
