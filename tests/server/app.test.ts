import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCenter } from '../helpers/center.ts';
import { startCenter } from '../helpers/center.ts';

const folder = mkdtempSync(join(tmpdir(), 'kepu-app-'));
let test: TestCenter;
beforeAll(async () => {
  test = await startCenter({ folder });
});
afterAll(async () => {
  await test.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path: string) => test.as(null)('GET', path);

describe('the center', () => {
  it('answers nothing without a login but login, health, enrolment and the console', async () => {
    const { paths } = (await test.as(await test.login())('GET', '/api/openapi.json')).body;
    const open: string[] = [];
    for (const [path, methods] of Object.entries<object>(paths))
      for (const method of Object.keys(methods)) {
        const url = path.replace(/\{\w+\}/g, '0');
        const upper = method.toUpperCase() as 'GET' | 'POST';
        const { status } = await test.as(null)(upper, url, upper === 'GET' ? undefined : {});
        if (status !== 401 && status !== 403) open.push(`${upper} ${path}`);
      }
    expect(open.sort()).toEqual([
      'GET /healthz',
      'GET /readyz',
      'GET /{*}',
      'POST /api/enrolment',
      'POST /api/identity/login',
    ]);
    expect((await get('/api/openapi.json')).status).toBe(401);
  });

  it('describes every route under /api: its part of the center, and what it answers', async () => {
    const { paths } = (await test.as(await test.login())('GET', '/api/openapi.json')).body;
    const untagged: string[] = [];
    const files: string[] = [];
    type Told = Record<string, { tags?: string[]; responses?: object }>;
    for (const [path, methods] of Object.entries<Told>(paths))
      for (const [method, told] of Object.entries(methods)) {
        if (!path.startsWith('/api/')) continue;
        if (told.tags?.length !== 1) untagged.push(`${method} ${path}`);
        const answers = Object.entries<{ content?: object }>({ ...told.responses });
        if (!answers.some(([status, { content }]) => status === '204' || content !== undefined))
          files.push(`${method} ${path}`);
      }
    expect(untagged).toEqual([]);
    // What answers with a file has no schema; everything else says what it answers.
    expect(files.sort()).toEqual([
      'get /api/assessment/regions.csv',
      'get /api/assets/{file}',
      'get /api/audit/export',
      'get /api/plans/{digest}',
      'get /api/playlists/{id}/smil',
      'head /api/assets/{file}',
    ]);
  });

  it('is healthy and ready', async () => {
    expect((await get('/healthz')).body).toEqual({ ok: true });
    expect((await get('/readyz')).body).toEqual({ ok: true, checks: ['database', 'regions'] });
  });

  it('sends pages that may run no inline script and be framed by nobody', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('answers unknown API paths as such, not with the console', async () => {
    expect(await get('/api/nowhere')).toMatchObject({ status: 404, body: { error: { code: 'NOT_FOUND' } } });
  });

  it('lets no other process use its data folder', async () => {
    await expect(startCenter({ folder })).rejects.toMatchObject({ code: 'INSTANCE_RUNNING' });
  });

  it('goes on with accounts and key after a restart, and shows no password again', async () => {
    const { admin } = test;
    const key = test.center.services.enrolment.center;
    await test.stop();
    test = await startCenter({ folder });
    expect(test.center.firstLogin).toBeNull();
    expect(test.center.services.enrolment.center).toEqual(key);
    expect(await test.login(admin.login, admin.password)).toContain('kepu-session=');
  });
});
