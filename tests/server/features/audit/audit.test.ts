import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';

let test: TestCenter;
beforeAll(async () => {
  test = await startCenter();
});
afterAll(() => test.stop());

describe('the audit log', () => {
  it('takes entries asked for at once in one unbroken chain', async () => {
    const { audit } = test.center.services;
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        audit.append({ actor: null, action: 'test', subject: `s${n}`, detail: { n } }),
      ),
    );
    expect(await audit.verify()).toMatchObject({ ok: true, brokenAt: null });
    const { rows, total } = await audit.page({ limit: 5, offset: 0, action: 'test' });
    expect([rows.length, total]).toEqual([5, 20]);
    expect(rows[0]?.seq).toBeGreaterThan(rows[4]?.seq ?? 0);
  });

  it('is read by auditors, and not by the administrator', async () => {
    const admin = await test.login();
    expect((await test.as(admin)('GET', '/api/audit')).status).toBe(403);
    const grants = [{ role: 'auditor', region: '41' }];
    const made = await test.as(admin)('POST', '/api/identity/accounts', {
      login: 'audit',
      name: '审',
      grants,
    });
    const auditor = test.as(await test.login('audit', made.body.password));
    const { body } = await auditor('GET', '/api/audit?action=login&limit=1');
    expect(body.rows[0]).toMatchObject({ action: 'login', actorName: '审' });
    expect((await auditor('GET', '/api/audit/verdict')).body).toMatchObject({ ok: true });
  });

  it('shows where it was tampered with', async () => {
    const file = new SQLite(join(test.folder, 'center.db'));
    file.prepare(`update audit set detail = '{"n":99}' where seq = 4`).run();
    file.close();
    expect(await test.center.services.audit.verify()).toEqual({ ok: false, entries: 3, brokenAt: 4 });
  });
});
