import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { argon2id } from '../../../../server/infra/password.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';

const MINUTE = 60_000;
const clock = makeClock();
let test: TestCenter;
beforeAll(async () => {
  test = await startCenter({ clock });
});
afterAll(() => test.stop());

const login = (name: string, password: string) =>
  test.as(null)('POST', '/api/identity/login', { login: name, password });
const me = async (cookie: string) => (await test.as(cookie)('GET', '/api/identity/me')).status;

async function makeAccount(login: string, role = 'operator', region = '4103'): Promise<string> {
  const admin = test.as(await test.login());
  const grants = [{ role, region }];
  const { status, body } = await admin('POST', '/api/identity/accounts', { login, name: login, grants });
  expect(status).toBe(201);
  return body.password;
}

describe('passwords', () => {
  it('are kept as salted Argon2id, and verify', async () => {
    const hashed = await argon2id.hash('correct horse');
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await argon2id.hash('correct horse')).not.toBe(hashed);
    expect(await argon2id.verify('correct horse', hashed)).toBe(true);
    expect(await argon2id.verify('wrong horse', hashed)).toBe(false);
    expect(await argon2id.verify('correct horse', 'plain')).toBe(false);
  });

  it('verify against a hash of the reference implementation', async () => {
    const known = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await argon2id.verify('password', known)).toBe(true);
    expect(await argon2id.verify('Password', known)).toBe(false);
  });
});

describe('login', () => {
  it('opens a session in a cookie that scripts and other sites cannot use', async () => {
    const { status, headers, body } = await login('admin', test.admin.password);
    expect(status).toBe(200);
    expect(String(headers['set-cookie'])).toMatch(/^kepu-session=[0-9a-f]{64};.*HttpOnly.*SameSite=Strict/);
    expect(body).toMatchObject({ login: 'admin', demo: false, mustChange: true });
    expect(body.abilities['account.manage']).toEqual(['41']);
    expect(body.abilities['audit.read']).toBeUndefined();
  });

  it('answers alike for a wrong password and an unknown account', async () => {
    const wrong = await login('admin', 'wrong');
    const unknown = await login('nobody', 'wrong');
    expect(wrong.status).toBe(401);
    expect(wrong.body).toEqual(unknown.body);
    expect(wrong.body.error.code).toBe('LOGIN_REFUSED');
  });

  it('locks an account for five minutes after five wrong tries, also against the right password', async () => {
    const password = await makeAccount('zhang');
    for (let tries = 0; tries < 5; tries += 1) expect((await login('zhang', 'wrong')).status).toBe(401);
    const locked = await login('zhang', password);
    expect([locked.status, locked.body.error.code]).toEqual([429, 'LOGIN_LOCKED']);
    expect(locked.body.error.zh).toContain('5 分钟');
    clock.advance(5 * MINUTE - 1);
    expect((await login('zhang', password)).status).toBe(429);
    clock.advance(1);
    expect((await login('zhang', password)).status).toBe(200);
  });

  it('locks a name that no account has just the same, so that no answer tells which there are', async () => {
    await makeAccount('zhou');
    const answers = async (name: string) => {
      const seen = [];
      for (let tries = 0; tries < 7; tries += 1) seen.push((await login(name, 'wrong')).body);
      clock.advance(5 * MINUTE);
      seen.push((await login(name, 'wrong')).body);
      return seen;
    };
    expect(await answers('Stranger ')).toEqual(await answers('Zhou '));
  });

  it('counts tries made at once', async () => {
    const password = await makeAccount('li');
    await Promise.all(Array.from({ length: 5 }, () => login('li', 'wrong')));
    expect((await login('li', password)).status).toBe(429);
  });
});

describe('a session', () => {
  it('ends by logging out', async () => {
    const cookie = await test.login();
    expect(await me(cookie)).toBe(200);
    await test.as(cookie)('POST', '/api/identity/logout');
    expect(await me(cookie)).toBe(401);
  });

  it('ends after 30 idle minutes, and use keeps it alive', async () => {
    const cookie = await test.login();
    for (let half = 0; half < 3; half += 1) {
      clock.advance(20 * MINUTE);
      expect(await me(cookie)).toBe(200);
    }
    clock.advance(30 * MINUTE);
    expect(await me(cookie)).toBe(401);
  });

  it('ends 12 hours after login whatever is done', async () => {
    const cookie = await test.login();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      clock.advance(20 * MINUTE);
      expect(await me(cookie)).toBe(200);
    }
    clock.advance(20 * MINUTE);
    expect(await me(cookie)).toBe(401);
  });

  it('is not kept alive by an open page', async () => {
    const cookie = await test.login();
    const token = cookie.split('=')[1] ?? '';
    for (let half = 0; half < 2; half += 1) {
      clock.advance(15 * MINUTE);
      await test.center.services.identity.peek(token);
    }
    expect(await me(cookie)).toBe(401);
  });
});

describe('changing one’s password', () => {
  it('wants the old one, and 12 characters, and ends the other sessions', async () => {
    const password = await makeAccount('wang');
    const here = await test.login('wang', password);
    const there = await test.login('wang', password);
    const change = (current: string, next: string) =>
      test.as(here)('POST', '/api/identity/password', { current, next });
    expect((await change('wrong', 'a long new password')).status).toBe(401);
    expect((await change(password, 'short')).body.error.code).toBe('PASSWORD_WEAK');
    expect((await change(password, 'a long new password')).status).toBe(200);
    expect([await me(here), await me(there)]).toEqual([200, 401]);
    expect((await login('wang', password)).status).toBe(401);
    expect((await login('WANG ', 'a long new password')).body.mustChange).toBe(false);
  });
});

describe('accounts', () => {
  it('are added by who manages them, with a password shown once and never listed', async () => {
    const password = await makeAccount('zhao', 'county-manager', '410307');
    expect(password).toMatch(/^[a-z2-7]{20}$/);
    const { body } = await test.as(await test.login())('GET', '/api/identity/accounts');
    const zhao = body.rows.find((row: { login: string }) => row.login === 'zhao');
    expect(zhao).toMatchObject({ grants: [{ role: 'county-manager', region: '410307' }] });
    expect(JSON.stringify(body)).not.toMatch(/argon2|password/);
  });

  it('are not added by others, nor twice, nor beyond where one manages them', async () => {
    const operator = await test.login('sun', await makeAccount('sun'));
    const wanted = { login: 'x1', name: 'x', grants: [{ role: 'operator', region: '41' }] };
    expect((await test.as(operator)('POST', '/api/identity/accounts', wanted)).status).toBe(403);
    const city = await test.login('qian', await makeAccount('qian', 'administrator', '4103'));
    expect((await test.as(city)('POST', '/api/identity/accounts', wanted)).status).toBe(403);
    const twice = { ...wanted, login: 'sun' };
    const again = await test.as(await test.login())('POST', '/api/identity/accounts', twice);
    expect([again.status, again.body.error.code]).toEqual([409, 'CONFLICT']);
  });
});
