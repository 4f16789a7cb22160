import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyFolder } from '../../../../scripts/audit/verify-folder.ts';
import { buildCenter } from '../../../../server/app.ts';
import { AUDIT_ANCHOR_FILE } from '../../../../server/infra/audit-anchor.ts';
import { parseConfig } from '../../../../server/infra/config.ts';
import { DATABASE_FILE } from '../../../../server/infra/database/database.ts';
import { systemRandom } from '../../../../server/infra/random.ts';
import type { AuditEntry, AuditHead } from '../../../../shared/audit/audit.schema.ts';
import { chainEntry } from '../../../../shared/audit/chain.ts';
import type { Sha256 } from '../../../../shared/core/ids.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import { ROOT } from '../../../helpers/source-files.ts';

const kept = mkdtempSync(join(tmpdir(), 'kepu-audit-'));
const original = join(kept, 'original');
/** The anchor and the head as they were ten entries before the end. */
const early = join(kept, 'early.head');
let earlyHead: AuditHead;
let head: AuditHead;
let copies = 0;

/** A data folder with 31 entries, of a center that was stopped. */
beforeAll(async () => {
  const run = async (count: number) => {
    const at = await startCenter({ folder: original });
    for (let n = 0; n < count; n += 1)
      await at.center.services.audit.append({ actor: null, action: 'test', subject: `s${n}`, detail: { n } });
    const verdict = await at.center.services.audit.verify();
    await at.stop();
    if (verdict.head === null || !verdict.ok) throw new Error('not a sound log to begin with');
    return verdict.head;
  };
  earlyHead = await run(20);
  copyFileSync(join(original, AUDIT_ANCHOR_FILE), early);
  head = await run(10);
});
afterAll(() => rmSync(kept, { recursive: true, force: true }));

/** A copy of the folder in which somebody did something to the database. */
function tampered(work: (db: SQLite.Database) => void): string {
  copies += 1;
  const folder = join(kept, `copy-${copies}`);
  cpSync(original, folder, { recursive: true });
  const db = new SQLite(join(folder, DATABASE_FILE));
  work(db);
  db.close();
  return folder;
}
const said = (folder: string, noted: AuditHead | null = null) =>
  verifyFolder(folder, noted).findings.map(({ kind, seq }) => [kind, seq]);

interface Row extends Omit<AuditEntry, 'detail'> {
  readonly detail: string;
}
const rowsOf = (db: SQLite.Database) =>
  db
    .prepare(
      'SELECT seq, at_ms AS atMs, actor, actor_name AS actorName, action, subject, detail, previous, hash FROM audit ORDER BY seq',
    )
    .all() as Row[];

/** Puts rows in the place of all, with the chain computed anew from `from` to `to`, both inclusive. */
function rewrite(db: SQLite.Database, rows: readonly Row[], from: number, to: number): void {
  db.prepare('DELETE FROM audit').run();
  const insert = db.prepare(
    'INSERT INTO audit (seq, at_ms, actor, actor_name, action, subject, detail, previous, hash) VALUES (@seq, @atMs, @actor, @actorName, @action, @subject, @detail, @previous, @hash)',
  );
  let last: Sha256 | null = null;
  for (const row of rows) {
    const anew: boolean = row.seq >= from && row.seq <= to && last !== null;
    const { previous: _before, hash: _own, ...content } = row;
    const entry: AuditEntry | null = anew
      ? chainEntry(last as Sha256, { ...content, detail: JSON.parse(row.detail) as AuditEntry['detail'] })
      : null;
    insert.run(entry === null ? row : { ...row, previous: entry.previous, hash: entry.hash });
    last = entry?.hash ?? row.hash;
  }
}

describe('a log that nobody touched', () => {
  it('is whole, and its anchor stands at its head', () => {
    expect(verifyFolder(original, null)).toMatchObject({
      ok: true,
      head,
      anchor: head,
      unanchored: 0,
      brokenAt: null,
    });
    expect(verifyFolder(original, earlyHead).ok).toBe(true);
    expect(head.seq).toBe(earlyHead.seq + 10);
  });
});

describe('what was done to the database file is found:', () => {
  it.each([
    ['the account', "actor = 'a-somebodyelse'"],
    ['the time', 'at_ms = at_ms + 1'],
    ['the action', "action = 'tests'"],
    ['the detail', `detail = '{"n":99}'`],
    ['the name', "actor_name = '别人'"],
  ])('an edit of %s', (_what, set) => {
    expect(said(tampered((db) => db.prepare(`UPDATE audit SET ${set} WHERE seq = 7`).run()))).toEqual([
      ['edited', 7],
    ]);
  });

  it.each([
    ['another spelling', `detail = '{"n": 6}'`],
    ['a key that hides another', `detail = '{"n":5,"n":5}'`],
    ['no JSON', "detail = '{'"],
    ['a hash that is none', "hash = 'x'"],
    ['a time that is no number', "at_ms = 'yesterday'"],
  ])('an entry made unreadable by %s, and the center starts and logs all the same', async (_what, set) => {
    const folder = tampered((db) => db.prepare(`UPDATE audit SET ${set} WHERE seq = 7`).run());
    expect(said(folder)).toContainEqual(['unreadable', 7]);
    const at = await startCenter({ folder });
    await at.center.services.audit.append({ actor: null, action: 'test', subject: 'after' });
    expect((await at.center.services.audit.verify()).findings).toMatchObject([
      { kind: 'unreadable', seq: 7 },
    ]);
    await at.stop();
  });

  it('an edit with its own hash computed anew', () => {
    const folder = tampered((db) => {
      const rows = rowsOf(db).map((row) => (row.seq === 7 ? { ...row, actor: 'a-somebodyelse' } : row));
      rewrite(db, rows, 7, 7);
    });
    expect(said(folder)).toEqual([['unlinked', 8]]);
  });

  it('an edit with the whole chain after it computed anew, by the anchor', () => {
    const folder = tampered((db) => {
      const rows = rowsOf(db).map((row) => (row.seq === 7 ? { ...row, actor: 'a-somebodyelse' } : row));
      rewrite(db, rows, 7, head.seq);
    });
    expect(said(folder)).toEqual([['anchor-differs', head.seq]]);
  });

  it('a deleted row, and several', () => {
    expect(said(tampered((db) => db.prepare('DELETE FROM audit WHERE seq = 7').run()))).toEqual([
      ['missing', 7],
    ]);
    const folder = tampered((db) => db.prepare('DELETE FROM audit WHERE seq IN (1, 2, 7, 8)').run());
    expect(said(folder)).toEqual([
      ['missing', 1],
      ['missing', 7],
    ]);
  });

  it('a deleted row with the rest moved up', () => {
    const folder = tampered((db) => {
      db.prepare('DELETE FROM audit WHERE seq = 7').run();
      for (let seq = 8; seq <= head.seq; seq += 1)
        db.prepare('UPDATE audit SET seq = seq - 1 WHERE seq = ?').run(seq);
    });
    expect(verifyFolder(folder, null)).toMatchObject({ ok: false, brokenAt: 7 });
  });

  it('two rows swapped, renumbered, their hashes computed anew', () => {
    const folder = tampered((db) => {
      const rows = rowsOf(db);
      const swapped = rows
        .map((row) => ({ ...row, seq: row.seq === 7 ? 8 : row.seq === 8 ? 7 : row.seq }))
        .sort((a, b) => a.seq - b.seq);
      rewrite(db, swapped, 7, 8);
    });
    expect(said(folder)).toEqual([['unlinked', 9]]);
  });

  it('two rows swapped as they are', () => {
    const folder = tampered((db) => {
      db.exec('UPDATE audit SET seq = -7 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8');
      db.exec('UPDATE audit SET seq = 8 WHERE seq = -7');
    });
    expect(said(folder)).toEqual([
      ['edited', 7],
      ['edited', 8],
      ['unlinked', 9],
    ]);
  });

  it('an inserted row, with the rest moved down', () => {
    const folder = tampered((db) => {
      const rows = rowsOf(db);
      const forged = { ...(rows[6] as Row), action: 'schedule.publish' };
      const moved = rows.slice(6).map((row) => ({ ...row, seq: row.seq + 1 }));
      rewrite(db, [...rows.slice(0, 6), forged, ...moved], 7, 9);
    });
    expect(verifyFolder(folder, null)).toMatchObject({ ok: false, brokenAt: 10 });
  });

  it('a row before the first', () => {
    const folder = tampered((db) => {
      const { seq: _, ...first } = rowsOf(db)[0] as Row;
      db.prepare(
        "INSERT INTO audit (seq, at_ms, actor, actor_name, action, subject, detail, previous, hash) VALUES (0, @atMs, @actor, @actorName, @action, @subject, @detail, @previous, 'x')",
      ).run(first);
    });
    expect(said(folder)).toEqual([['inserted', 0]]);
  });

  it('a tail cut off, by the anchor', () => {
    const folder = tampered((db) => db.prepare('DELETE FROM audit WHERE seq > ?').run(head.seq - 3));
    expect(said(folder)).toEqual([['truncated', head.seq - 3]]);
    expect(said(tampered((db) => db.prepare('DELETE FROM audit').run()))).toEqual([['truncated', 0]]);
  });

  it('a tail cut off and the anchor rolled back with it, by a head noted elsewhere', () => {
    const folder = tampered((db) => db.prepare('DELETE FROM audit WHERE seq > ?').run(earlyHead.seq));
    copyFileSync(early, join(folder, AUDIT_ANCHOR_FILE));
    expect(said(folder)).toEqual([]);
    expect(said(folder, head)).toEqual([['head-missing', earlyHead.seq]]);
    const other = { seq: 7, hash: head.hash };
    expect(said(folder, other)).toEqual([['head-differs', 7]]);
  });

  it('a tail cut off and the anchor taken away, or written by somebody else', () => {
    const folder = tampered((db) => db.prepare('DELETE FROM audit WHERE seq > ?').run(earlyHead.seq));
    const anchor = join(folder, AUDIT_ANCHOR_FILE);
    const text = readFileSync(anchor, 'utf8');
    writeFileSync(anchor, text.replace(`\\"seq\\":${head.seq}`, `\\"seq\\":${earlyHead.seq}`));
    expect(said(folder)).toEqual([['anchor-forged', null]]);
    rmSync(anchor);
    expect(said(folder)).toEqual([['anchor-missing', null]]);
  });
});

describe('a center that starts on a log', () => {
  const startLogging = async (folder: string) => {
    const lines: string[] = [];
    const center = await buildCenter({
      config: parseConfig({ KEPU_DATA: folder }),
      clock: makeClock(),
      random: systemRandom,
      log: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
    });
    return { center, lines };
  };

  it('whose tail was cut says so as an error, and leaves the anchor as the evidence', async () => {
    const folder = tampered((db) => db.prepare('DELETE FROM audit WHERE seq > ?').run(earlyHead.seq));
    const before = readFileSync(join(folder, AUDIT_ANCHOR_FILE), 'utf8');
    const { center, lines } = await startLogging(folder);
    expect(lines.join('')).toContain('tampered');
    for (let n = 0; n < 20; n += 1)
      await center.services.audit.append({ actor: null, action: 'test', subject: 'grown over it' });
    await center.stop();
    expect(readFileSync(join(folder, AUDIT_ANCHOR_FILE), 'utf8')).toBe(before);
    expect(said(folder)).toEqual([['anchor-differs', head.seq]]);
  });

  it('without an anchor begins one, and the log itself tells of it', async () => {
    const folder = tampered(() => undefined);
    rmSync(join(folder, AUDIT_ANCHOR_FILE));
    const { center } = await startLogging(folder);
    const { rows } = await center.services.audit.page({ limit: 1, offset: 0 });
    expect(rows[0]).toMatchObject({ action: 'audit.anchor', actor: 'system' });
    await center.stop();
    expect(verifyFolder(folder, null)).toMatchObject({ ok: true, unanchored: 0 });
  });

  it('sees a tail cut off under it at the next entry', async () => {
    const folder = tampered(() => undefined);
    const { center, lines } = await startLogging(folder);
    const db = new SQLite(join(folder, DATABASE_FILE));
    db.prepare('DELETE FROM audit WHERE seq > 5').run();
    db.close();
    await center.services.audit.append({ actor: null, action: 'test', subject: 'next' });
    expect((await center.services.audit.verify()).findings.map(({ kind }) => kind)).toEqual(['truncated']);
    await center.stop();
    expect(lines.join('')).toContain('tampered');
    expect(verifyFolder(folder, null).anchor).toEqual(head);
  });

  it('keeps the anchor at or behind the log, however much is appended at once', async () => {
    const folder = tampered(() => undefined);
    const { center } = await startLogging(folder);
    const { audit } = center.services;
    const appends = Array.from({ length: 200 }, (_, n) =>
      audit.append({ actor: null, action: 'test', subject: `at once ${n}` }),
    );
    while ((await audit.verify()).entries < head.seq + 200)
      expect(verifyFolder(folder, null)).toMatchObject({ ok: true });
    await Promise.all(appends);
    await center.stop();
    expect(verifyFolder(folder, null)).toMatchObject({ ok: true, unanchored: 0, entries: head.seq + 200 });
  });
});

describe('npm run audit -- verify', () => {
  const command = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts/audit.ts'), ...args],
      { encoding: 'utf8' },
    );
    return { status, text: stdout + stderr };
  };

  it('says in Chinese what is broken where, and ends with 0, 1 or 2', () => {
    const whole = command('verify', '--data', original, '--head', `${earlyHead.seq}:${earlyHead.hash}`);
    expect(whole.status).toBe(0);
    expect(whole.text).toContain(`审计日志完好：${head.seq} 条`);
    expect(whole.text).toContain(`${head.seq}:${head.hash}`);
    const cut = tampered((db) => db.prepare('DELETE FROM audit WHERE seq > ?').run(head.seq - 3));
    expect(command('verify', '--data', cut)).toMatchObject({
      status: 1,
      text: expect.stringContaining('尾部被截掉了 3 条'),
    });
    expect(command('verify', '--data', kept)).toMatchObject({
      status: 2,
      text: expect.stringContaining('没有 center.db'),
    });
    expect(command('verify', '--data', original, '--head', 'x').status).toBe(2);
    expect(command('repair').status).toBe(2);
  });

  it('works beside a running center, which goes on', async () => {
    const folder = tampered(() => undefined);
    const at = await startCenter({ folder });
    await at.center.services.audit.append({ actor: null, action: 'test', subject: 'running' });
    expect(command('verify', '--data', folder)).toMatchObject({
      status: 0,
      text: expect.stringContaining(`完好：${head.seq + 1} 条`),
    });
    await at.center.services.audit.append({ actor: null, action: 'test', subject: 'still running' });
    expect((await at.center.services.audit.verify()).ok).toBe(true);
    await at.stop();
  });
});
