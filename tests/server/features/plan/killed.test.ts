import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DATABASE_FILE, openDatabase } from '../../../../server/infra/database/database.ts';
import { systemClock } from '../../../../server/infra/clock.ts';
import { draftIdSchema, regionCodeSchema } from '../../../../shared/core/ids.ts';
import { madeContent } from '../../../../scripts/bench/made-world.ts';
import { addContents, addScreens, changePlaylist } from '../../../../scripts/bench/many-screens.ts';
import { startCenter } from '../../../helpers/center.ts';

const SCREENS = 3_000;
const province = regionCodeSchema.parse('41');
const content = madeContent(province, 1);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kepu-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Asks the database file beside the center, as nobody else could tell how far it is. */
function ask(sql: string): number {
  const sqlite = new SQLite(join(folder, DATABASE_FILE), { readonly: true });
  try {
    return sqlite.prepare<[], { n: number }>(sql).get()?.n ?? 0;
  } finally {
    sqlite.close();
  }
}

describe('a center killed while it assigns what was published', () => {
  it('goes on at its next start: every screen once, counted to the publish, none twice', async () => {
    await (await startCenter({ folder, clock: systemClock })).stop();
    const db = await openDatabase(folder);
    const county = regionCodeSchema.parse('410122');
    await addContents(db, [content], systemClock.nowMs());
    await addScreens(
      db,
      Array.from({ length: SCREENS }, () => ({ region: county, tags: [] })),
      { connecting: 0, atMs: systemClock.nowMs() },
    );
    const first = await startCenter({ folder, clock: systemClock });
    await first.center.services.plans.settled();
    await first.stop();
    // Committed, and the center was gone before it made a single plan.
    await changePlaylist(db, content, systemClock.nowMs());
    await db.destroy();

    const dying = fork(join(import.meta.dirname, 'dying-center.ts'), [folder], { stdio: 'ignore' });
    const gone = new Promise((resolve) => dying.once('exit', resolve));
    await vi.waitFor(() => expect(ask('select count(*) n from publication_screens')).toBeGreaterThan(0), {
      timeout: 30_000,
      interval: 2,
    });
    dying.kill('SIGKILL');
    await gone;
    const begun = ask('select count(*) n from publication_screens');
    expect(begun).toBeLessThan(SCREENS);

    const next = await startCenter({ folder, clock: systemClock });
    await next.center.services.plans.settled();
    const draft = draftIdSchema.parse('d-aaaaaaaaaaaaaaab');
    expect(await next.center.services.publications.require(draft)).toMatchObject({
      state: 'delivering',
      counts: { screens: SCREENS, told: 0, overtaken: 0 },
    });
    await next.stop();
    expect(ask('select count(*) n from assignments where superseded_at_ms is null')).toBe(SCREENS);
    expect(ask('select count(*) n from assignments')).toBe(2 * SCREENS);
    expect(ask('select max(counter) n from assignments')).toBe(2);
  });
});

describe('a center that assigns many screens of many plans', () => {
  it('keeps every plan with the first screens that have it, whatever else is made meanwhile', async () => {
    await (await startCenter({ folder, clock: systemClock })).stop();
    const db = await openDatabase(folder);
    const tagged = Array.from({ length: 6 }, (_, bit) =>
      madeContent(province, 100 + bit, { audience: { tags: [`甲${bit}`] } }),
    );
    await addContents(db, [content, ...tagged], systemClock.nowMs());
    await addScreens(
      db,
      Array.from({ length: 1_000 }, (_, index) => ({
        region: regionCodeSchema.parse('410122'),
        tags: tagged.flatMap((_, bit) => (((index % 60) >> bit) & 1 ? [`甲${bit}`] : [])),
      })),
      { connecting: 0, atMs: systemClock.nowMs() },
    );
    await db.destroy();
    const { center, stop } = await startCenter({ folder, clock: systemClock });
    await center.services.plans.settled();
    await stop();
    expect(ask('select count(*) n from assignments')).toBe(1_000);
    expect(ask('select count(*) n from plans where digest in (select plan from assignments)')).toBe(60);
  });
});
