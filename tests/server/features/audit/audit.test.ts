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
    expect((await auditor('GET', '/api/audit/verdict')).body).toMatchObject({ ok: true, findings: [] });
  });

  it('is one for the province: an auditor of less reads none of it', async () => {
    const grants = [{ role: 'auditor', region: '4103' }];
    const wanted = { login: 'luoyang.audit', name: '洛审', grants };
    const made = await test.as(await test.login())('POST', '/api/identity/accounts', wanted);
    const auditor = test.as(await test.login('luoyang.audit', made.body.password));
    for (const path of ['/api/audit', '/api/audit/verdict', '/api/audit/export'])
      expect((await auditor('GET', path)).status).toBe(403);
  });

  it('is taken away as a table, whose last line says by whom; figures taken away are in it', async () => {
    const admin = test.as(await test.login());
    const file = '/api/assessment/regions.csv?parent=41&tier=city&day=2026-11-20';
    expect((await admin('GET', file)).status).toBe(200);
    await test.center.services.audit.append({ actor: null, action: 'test', subject: '=1+1' });
    const grants = [{ role: 'auditor', region: '41' }];
    const wanted = { login: 'audit2', name: '审,"二"', grants };
    const made = await admin('POST', '/api/identity/accounts', wanted);
    const auditor = test.as(await test.login('audit2', made.body.password));
    const { body, headers } = await auditor('GET', '/api/audit/export');
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = String(body).trimEnd().split('\r\n');
    const { total } = await test.center.services.audit.page({ limit: 1, offset: 0 });
    expect(lines).toHaveLength(1 + total);
    expect(lines[0]).toMatch(/^\uFEFF?序号,时间/);
    expect(lines.at(-1)).toContain(',"审,""二""",audit.export,audit,{},');
    expect(lines.at(-1)).toContain(',2026-11-20 08:00:00,');
    expect(lines.find((line) => line.includes('figures.export'))).toContain(
      `,41,"{""day"":""2026-11-20"",""tier"":""city""}",`,
    );
    // No spreadsheet computes what somebody put into a name.
    expect(lines.find((line) => line.includes('1+1'))).toContain(",'=1+1,");
    const some = await auditor('GET', '/api/audit/export?action=test');
    expect(String(some.body).trimEnd().split('\r\n').length).toBeGreaterThan(20);
    expect(some.body).not.toContain(',login,');
  });
});
