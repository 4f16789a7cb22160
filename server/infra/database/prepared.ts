import type SQLite from 'better-sqlite3';
import type { Kysely } from 'kysely';

/** A statement of better-sqlite3 that is prepared once, with its parameters bound at each call. */
export type Prepared = SQLite.Statement<unknown[]>;

const handles = new WeakMap<object, SQLite.Database>();

/** Notes which handle stands behind a database. */
export function keepHandle<Tables>(db: Kysely<Tables>, handle: SQLite.Database): void {
  handles.set(db, handle);
}

/**
 * Prepared statements for the few hot paths of a province's publish, where building a statement of
 * thousands of parameters costs more than running a small one a thousand times. They go past Kysely to
 * the one connection, so they run only inside `db.transaction()` or `db.connection()`, which keep it.
 * @returns the statement of a text, prepared when it is first asked for
 */
export function preparedOn<Tables>(db: Kysely<Tables>): (text: string) => Prepared {
  const statements = new Map<string, Prepared>();
  return (text) => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const handle = handles.get(db);
    if (handle === undefined) throw new TypeError('not a database that was opened here');
    const made = handle.prepare<unknown[]>(text);
    statements.set(text, made);
    return made;
  };
}
