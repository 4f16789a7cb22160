import Database from 'better-sqlite3';
import { z } from 'zod';
import { canonicalText } from '../../../shared/core/canonical.ts';
import type { BootId, DeviceId, Sha256 } from '../../../shared/core/ids.ts';
import { chainNext, chainStart, recordSchema } from '../../../shared/telemetry/record.schema.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';

/** A boot as the journal holds it. */
export interface BootRow {
  readonly boot: BootId;
  readonly lastSeq: number;
  /** The center's mark: everything up to here is committed there. */
  readonly acked: number;
  /** Hash of record `lastSeq`. */
  readonly head: Sha256;
}

/** Consecutive records of one boot, and the hash before the first. */
export interface Stretch {
  readonly previous: Sha256;
  readonly records: JournalRecord[];
}

/** A record without what the journal itself fills in. */
export type Unplaced = JournalRecord extends infer R
  ? R extends JournalRecord
    ? Omit<R, 'seq'>
    : never
  : never;

const bootRow = z.object({ boot: z.string(), lastSeq: z.int(), acked: z.int(), head: z.string() });
const recordRow = z.object({ seq: z.int(), text: z.string(), hash: z.string() });

/**
 * The journal's file (DESIGN.md section 6): SQLite with WAL and `synchronous=FULL`, so that what has
 * returned from here has happened, power cut or not.
 */
export class JournalDb {
  readonly #db: Database.Database;
  readonly #device: DeviceId;

  constructor(path: string, device: DeviceId) {
    this.#device = device;
    this.#db = new Database(path, { timeout: 1_000 });
    // Held by this engine alone: a second one on the same folder would be a clone of the device.
    this.#db.pragma('locking_mode = EXCLUSIVE');
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.pragma('foreign_keys = ON');
    // A journal is small and read once; many engines share a process.
    this.#db.pragma('cache_size = -256');
    this.#db.pragma('wal_autocheckpoint = 256');
    this.#db.exec(SCHEMA);
  }

  /** Runs `work` in one durable transaction. */
  transaction<T>(work: () => T): T {
    return this.#db.transaction(work).immediate();
  }

  /** Enters a new boot; its first record must follow in the same transaction. */
  addBoot(boot: BootId): void {
    this.#db
      .prepare('INSERT INTO boots (boot, lastSeq, acked, head) VALUES (?, 0, 0, ?)')
      .run(boot, chainStart(this.#device, boot));
  }

  /** Appends a record to a boot, numbering and chaining it. */
  append(boot: BootId, unplaced: Unplaced): JournalRecord {
    const { lastSeq, head } = this.boot(boot);
    const record = recordSchema.parse({ ...unplaced, seq: lastSeq + 1 });
    const hash = chainNext(head, record);
    this.#db
      .prepare('INSERT INTO records (boot, seq, text, hash) VALUES (?, ?, ?, ?)')
      .run(boot, record.seq, canonicalText(record), hash);
    this.#db.prepare('UPDATE boots SET lastSeq = ?, head = ? WHERE boot = ?').run(record.seq, hash, boot);
    return record;
  }

  /** @throws where there is no such boot. */
  boot(boot: BootId): BootRow {
    const row = this.#db.prepare('SELECT boot, lastSeq, acked, head FROM boots WHERE boot = ?').get(boot);
    return bootRow.parse(row) as BootRow;
  }

  lastBoot(): BootRow | null {
    const row = this.#db
      .prepare('SELECT boot, lastSeq, acked, head FROM boots ORDER BY n DESC LIMIT 1')
      .get();
    return row === undefined ? null : (bootRow.parse(row) as BootRow);
  }

  /** Boots that hold records the center has not acknowledged, oldest first. */
  pendingBoots(): BootRow[] {
    const rows = this.#db
      .prepare('SELECT boot, lastSeq, acked, head FROM boots WHERE acked < lastSeq ORDER BY n')
      .all();
    return rows.map((row) => bootRow.parse(row) as BootRow);
  }

  pendingCount(): number {
    const row = this.#db
      .prepare('SELECT COALESCE(SUM(lastSeq - acked), 0) AS pending FROM boots WHERE acked < lastSeq')
      .get();
    return z.object({ pending: z.int() }).parse(row).pending;
  }

  /**
   * Up to `limit` records of a boot after `afterSeq`, with the hash before the first of them; `null`
   * where they were pruned.
   */
  recordsAfter(boot: BootId, afterSeq: number, limit: number): Stretch | null {
    const rows = this.#db
      .prepare('SELECT seq, text, hash FROM records WHERE boot = ? AND seq > ? ORDER BY seq LIMIT ?')
      .all(boot, afterSeq, limit)
      .map((row) => recordRow.parse(row));
    const previous = this.#hashAt(boot, afterSeq);
    if (previous === null || rows[0]?.seq !== afterSeq + 1) return null;
    return { previous, records: rows.map((row) => recordSchema.parse(JSON.parse(row.text))) };
  }

  /** Sets a boot's mark, up or down: a center restored from a backup asks for records again. */
  setAcked(boot: BootId, mark: number, atMs: number): void {
    this.#db
      .prepare('UPDATE boots SET acked = MIN(?, lastSeq), ackedAtMs = ? WHERE boot = ?')
      .run(mark, atMs, boot);
  }

  /**
   * Deletes what the center has held since before `beforeMs`. The newest boot stays, and so does each
   * boot's row, which names where its chain ended.
   */
  prune(beforeMs: number): number {
    const { changes } = this.#db
      .prepare(
        `DELETE FROM records WHERE boot IN (SELECT boot FROM boots
           WHERE acked = lastSeq AND ackedAtMs < ? AND n < (SELECT MAX(n) FROM boots))`,
      )
      .run(beforeMs);
    return changes;
  }

  /** Open intervals and other small values, by key. */
  getValue(table: 'open' | 'meta', key: string): string | null {
    const row = this.#db.prepare(`SELECT value FROM "${table}" WHERE key = ?`).get(key);
    return row === undefined ? null : z.object({ value: z.string() }).parse(row).value;
  }

  putValue(table: 'open' | 'meta', key: string, value: string): void {
    this.#db
      .prepare(
        `INSERT INTO "${table}" (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      )
      .run(key, value);
  }

  openValues(): { key: string; value: string }[] {
    const rows = this.#db.prepare('SELECT key, value FROM open ORDER BY key').all();
    return rows.map((row) => z.object({ key: z.string(), value: z.string() }).parse(row));
  }

  deleteOpen(key: string): void {
    this.#db.prepare('DELETE FROM open WHERE key = ?').run(key);
  }

  close(): void {
    this.#db.close();
  }

  #hashAt(boot: BootId, seq: number): Sha256 | null {
    if (seq === 0) return chainStart(this.#device, boot);
    const row = this.#db.prepare('SELECT hash FROM records WHERE boot = ? AND seq = ?').get(boot, seq);
    return row === undefined ? null : (z.object({ hash: z.string() }).parse(row).hash as Sha256);
  }
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS boots (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    boot TEXT NOT NULL UNIQUE,
    lastSeq INTEGER NOT NULL,
    acked INTEGER NOT NULL,
    ackedAtMs INTEGER,
    head TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS records (
    boot TEXT NOT NULL REFERENCES boots (boot),
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (boot, seq)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS open (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`;
