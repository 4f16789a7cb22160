import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import type { Migration } from 'kysely/migration';
import { Migrator } from 'kysely/migration';
import * as core from './migrations/001-core.ts';
import * as content from './migrations/002-content.ts';
import * as telemetry from './migrations/003-telemetry.ts';
import * as people from './migrations/004-people.ts';
import * as life from './migrations/005-life.ts';
import * as denials from './migrations/006-denials.ts';
import * as publications from './migrations/007-publications.ts';
import { keepHandle } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Typed access to the center's tables. One connection: inside a transaction use only its handle. */
export type Db = Kysely<Tables>;

/** Every migration in the order of its name; a released one is never edited. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '001-core': core,
  '002-content': content,
  '003-telemetry': telemetry,
  '004-people': people,
  '005-life': life,
  '006-denials': denials,
  '007-publications': publications,
};

/** Name of the database in the data folder. */
export const DATABASE_FILE = 'center.db';

/**
 * Opens the database in `folder`, creating or migrating it. `synchronous=FULL`, because with NORMAL
 * a power cut loses rows that were already acknowledged (DESIGN.md section 6).
 */
export async function openDatabase(folder: string): Promise<Db> {
  const sqlite = new SQLite(join(folder, DATABASE_FILE));
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  sqlite.pragma('busy_timeout = 5000');
  // A province's publish writes a quarter of a gigabyte: with the defaults (2 MB of pages, a checkpoint
  // every 4 MB) most of it would be written, flushed and read again and again.
  sqlite.pragma('cache_size = -65536');
  sqlite.pragma('wal_autocheckpoint = 8000');
  const db: Db = new Kysely({ dialect: new SqliteDialect({ database: sqlite }) });
  keepHandle(db, sqlite);
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return db;
}

/** Resolves when the database takes a write, which it keeps nothing of. */
export async function demandWritable(db: Db): Promise<void> {
  const key = 'ready.probe';
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('meta')
      .values({ key, value: '' })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: '' }))
      .execute();
    await trx.deleteFrom('meta').where('key', '=', key).execute();
  });
}

async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
