import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCenter } from '../../../helpers/center.ts';
import { done, drafting, makeKnownCard, makePerson, makeProgramme } from '../../../helpers/schedulers.ts';
import { ROOT } from '../../../helpers/source-files.ts';

const COUNTY = '411224';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kepu-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a center killed while it publishes', () => {
  it('has published all of it or nothing, and publishes it when it is back', async () => {
    const before = await startCenter({ folder });
    const { admin } = before;
    const card = await makeKnownCard(before, '防溺水');
    const who = drafting(before, await makePerson(before, 'xian', ['operator', COUNTY]));
    const draft = done(await who.create(COUNTY, makeProgramme(COUNTY, 'whole', card)));
    const entries = (await before.center.services.audit.page({ limit: 1, offset: 0 })).total;
    await before.stop();

    const script = path.join(ROOT, 'tests/helpers/killed-publish.ts');
    const killed = spawnSync(process.execPath, [script, folder, draft.id], { encoding: 'utf8' });
    expect(killed.signal, killed.stderr).toBe('SIGKILL');

    const after = await startCenter({ folder });
    try {
      const { schedules, audit } = after.center.services;
      expect((await schedules.world()).schedules).toEqual([]);
      expect((await audit.page({ limit: 1, offset: 0 })).total).toBe(entries);
      expect(await audit.verify()).toMatchObject({ ok: true });
      const again = drafting(after, after.as(await after.login(admin.login, admin.password)));
      const seen = await again.read(draft.id);
      expect(seen).toMatchObject({ state: 'draft', revision: draft.revision });
      expect(done(await again.publish(seen)).state).toBe('published');
      const { playlists, schedules: aired } = await schedules.world();
      expect([playlists.size, aired.map((one) => one.id)]).toEqual([1, ['whole']]);
    } finally {
      await after.stop();
    }
  });
});
