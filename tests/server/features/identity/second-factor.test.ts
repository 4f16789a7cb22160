import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { Secret, TOTP, URI } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_FILE } from '../../../../server/infra/database/database.ts';
import { systemRandom } from '../../../../server/infra/random.ts';
import { openSecretBox } from '../../../../server/infra/secret-box.ts';
import { oneTimeCodes } from '../../../../server/infra/totp.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';

const STEP_MS = 30_000;
const MINUTE = 60_000;
const PASSWORD = 'a long enough password';
const clock = makeClock();
let test: TestCenter;
let admin: Caller;
beforeAll(async () => {
  test = await startCenter({ clock });
  admin = test.as(await test.login());
});
afterAll(() => test.stop());

const login = (name: string, code?: string, password = PASSWORD) =>
  test.as(null)('POST', '/api/identity/login', {
    login: name,
    password,
    ...(code !== undefined && { code }),
  });
const outcome = async (answer: ReturnType<typeof login>) => {
  const { status, body } = await answer;
  return status === 200 ? 'in' : body.error.code;
};
const codeAt = (secret: string, ms: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms });

async function makeAccount(name: string): Promise<string> {
  const grants = [{ role: 'operator', region: '4103' }];
  const wanted = { login: name, name, password: PASSWORD, grants };
  expect((await admin('POST', '/api/identity/accounts', wanted)).status).toBe(201);
  return test.login(name, PASSWORD);
}

/** Somebody with a second factor, whose code of this step is used up. */
async function setUp(name: string) {
  const cookie = await makeAccount(name);
  const call = test.as(cookie);
  const { body: offer } = await call('POST', '/api/identity/second-factor/begin', { password: PASSWORD });
  const code = codeAt(offer.secret, clock.nowMs());
  const { status, body } = await call('POST', '/api/identity/second-factor/confirm', { code });
  expect(status).toBe(200);
  return { call, cookie, secret: offer.secret as string, recovery: body.recoveryCodes as string[] };
}

describe('codes by time', () => {
  // RFC 6238 appendix B, SHA-1; its eight digits end with the six of every authenticator.
  const secret = Secret.fromLatin1('12345678901234567890').base32;
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238 at %i s', (seconds, eight) => {
    const codes = oneTimeCodes(systemRandom);
    const step = Math.floor(seconds / 30);
    const code = eight.slice(-6);
    expect(codes.stepOf(secret, code, seconds * 1000)).toBe(step);
    expect(codes.stepOf(secret, code, seconds * 1000 + STEP_MS)).toBe(step);
    expect(codes.stepOf(secret, code, seconds * 1000 - STEP_MS)).toBe(step);
    expect(codes.stepOf(secret, code, seconds * 1000 + 2 * STEP_MS)).toBeNull();
    expect(codes.stepOf(secret, code, seconds * 1000 - 2 * STEP_MS)).toBeNull();
  });

  it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '0x1234'])('are never written %s', (code) => {
    expect(oneTimeCodes(systemRandom).stepOf(secret, code, 59_000)).toBeNull();
  });

  it('come of secrets of 160 bits, each its own, in an address that authenticators read', () => {
    const codes = oneTimeCodes(systemRandom);
    const [one, other] = [codes.makeSecret(), codes.makeSecret()];
    expect(one).toMatch(/^[A-Z2-7]{32}$/);
    expect(one).not.toBe(other);
    const read = URI.parse(codes.uri(one, 'zhang'));
    expect(read).toMatchObject({
      issuer: '科普大屏播控',
      label: 'zhang',
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
    });
    expect(read.secret.base32).toBe(one);
  });
});

describe('a secret at rest', () => {
  it('is opened by the key in the folder, for what it is about, unchanged', () => {
    const box = openSecretBox(test.folder);
    const sealed = box.seal('JBSWY3DP', 'a-one');
    expect(box.seal('JBSWY3DP', 'a-one')).not.toBe(sealed);
    expect(openSecretBox(test.folder).open(sealed, 'a-one')).toBe('JBSWY3DP');
    expect(() => box.open(sealed, 'a-other')).toThrow();
    const at = sealed.length - 3;
    const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
    expect(() => box.open(changed, 'a-one')).toThrow();
    for (const nothing of ['', '1.', '2.AAAA', 'JBSWY3DP'])
      expect(() => box.open(nothing, 'a-one')).toThrow();
  });

  it('is in the database in no readable form, nor are recovery codes', async () => {
    const { secret, recovery } = await setUp('rest');
    const db = new SQLite(join(test.folder, DATABASE_FILE), { readonly: true });
    const rows = ['second_factors', 'recovery_codes', 'audit', 'accounts'].map((table) =>
      db.prepare(`SELECT * FROM ${table}`).all(),
    );
    db.close();
    const text = JSON.stringify(rows).toLowerCase();
    for (const plain of [secret, ...recovery, ...recovery.map((code) => code.replaceAll('-', ''))])
      expect(text).not.toContain(plain.toLowerCase());
    expect(text).toContain('second-factor.set');
  });
});

describe('setting a second factor up', () => {
  it('wants the password, changes nothing until a code confirms it, and ends the other sessions', async () => {
    const cookie = await makeAccount('steps');
    const other = await test.login('steps', PASSWORD);
    const call = test.as(cookie);
    const begin = (password: string) => call('POST', '/api/identity/second-factor/begin', { password });
    const confirm = (code: string) => call('POST', '/api/identity/second-factor/confirm', { code });
    expect((await begin('wrong')).body.error.code).toBe('LOGIN_REFUSED');
    expect((await confirm('123456')).body.error.code).toBe('NOT_FOUND');
    const first = (await begin(PASSWORD)).body.secret;
    const { secret } = (await begin(PASSWORD)).body;
    // The offer before is void, and so is what it would have been.
    expect((await confirm(codeAt(first, clock.nowMs()))).body.error.code).toBe('SECOND_FACTOR_WRONG');
    expect(await outcome(login('steps'))).toBe('in');
    const { body } = await confirm(codeAt(secret, clock.nowMs()));
    expect(body.recoveryCodes).toHaveLength(10);
    expect(new Set(body.recoveryCodes).size).toBe(10);
    for (const code of body.recoveryCodes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    expect((await test.as(other)('GET', '/api/identity/me')).status).toBe(401);
    expect((await call('GET', '/api/identity/me')).body.secondFactor).toEqual({
      set: true,
      demanded: false,
      recoveryCodesLeft: 10,
    });
    expect((await begin(PASSWORD)).body.error.code).toBe('SECOND_FACTOR_SET');
    expect((await confirm(codeAt(secret, clock.nowMs()))).body.error.code).toBe('SECOND_FACTOR_SET');
    const { rows } = (await admin('GET', '/api/identity/accounts?text=steps')).body;
    expect(rows[0]).toMatchObject({ secondFactor: true });
  });

  it('is forgotten after a quarter of an hour', async () => {
    const call = test.as(await makeAccount('slow'));
    const { body } = await call('POST', '/api/identity/second-factor/begin', { password: PASSWORD });
    clock.advance(15 * MINUTE + 1);
    const code = codeAt(body.secret, clock.nowMs());
    expect((await call('POST', '/api/identity/second-factor/confirm', { code })).body.error.code).toBe(
      'NOT_FOUND',
    );
  });
});

describe('login with a second factor', () => {
  it('asks for a code after a right password only, and takes each code once', async () => {
    const { secret } = await setUp('once');
    expect(await outcome(login('once', undefined, 'wrong'))).toBe('LOGIN_REFUSED');
    expect(await outcome(login('once'))).toBe('SECOND_FACTOR_NEEDED');
    // The code that confirmed it is used up.
    expect(await outcome(login('once', codeAt(secret, clock.nowMs())))).toBe('SECOND_FACTOR_WRONG');
    clock.advance(STEP_MS);
    const code = codeAt(secret, clock.nowMs());
    expect(await outcome(login('once', code))).toBe('in');
    expect(await outcome(login('once', code))).toBe('SECOND_FACTOR_WRONG');
    // Nor is one of the step before, though it is inside the window.
    expect(await outcome(login('once', codeAt(secret, clock.nowMs() - STEP_MS)))).toBe('SECOND_FACTOR_WRONG');
    expect(await outcome(login('once', codeAt(secret, clock.nowMs() + STEP_MS)))).toBe('in');
    clock.advance(2 * STEP_MS);
    expect(await outcome(login('once', codeAt(secret, clock.nowMs() + 2 * STEP_MS)))).toBe(
      'SECOND_FACTOR_WRONG',
    );
    expect(await outcome(login('once', codeAt(secret, clock.nowMs())))).toBe('in');
  });

  it('lets one in of many that bring the same code at once', async () => {
    const { secret } = await setUp('race');
    clock.advance(STEP_MS);
    const code = codeAt(secret, clock.nowMs());
    const answers = await Promise.all(Array.from({ length: 4 }, () => outcome(login('race', code))));
    expect(answers.sort()).toEqual([
      'SECOND_FACTOR_WRONG',
      'SECOND_FACTOR_WRONG',
      'SECOND_FACTOR_WRONG',
      'in',
    ]);
  });

  it('locks after five wrong codes, counts those made at once, and right passwords reset nothing', async () => {
    const { secret } = await setUp('guess');
    clock.advance(STEP_MS);
    for (let tries = 0; tries < 4; tries += 1) {
      expect(await outcome(login('guess', '000000'))).toBe('SECOND_FACTOR_WRONG');
      expect(await outcome(login('guess'))).toBe('SECOND_FACTOR_NEEDED');
    }
    const burst = await Promise.all(Array.from({ length: 6 }, () => outcome(login('guess', '000000'))));
    expect(burst.filter((code) => code === 'SECOND_FACTOR_WRONG')).toHaveLength(1);
    expect(await outcome(login('guess', codeAt(secret, clock.nowMs())))).toBe('LOGIN_LOCKED');
    clock.advance(5 * MINUTE);
    expect(await outcome(login('guess', codeAt(secret, clock.nowMs())))).toBe('in');
    const { rows } = await test.center.services.audit.page({ limit: 1, offset: 0, action: 'account.locked' });
    expect(rows).toHaveLength(1);
  });

  it('takes each recovery code once, however it is typed', async () => {
    const { recovery, cookie } = await setUp('lost');
    const [one = '', two = ''] = recovery;
    expect(await outcome(login('lost', one))).toBe('in');
    expect(await outcome(login('lost', one))).toBe('SECOND_FACTOR_WRONG');
    expect(await outcome(login('lost', ` ${two.toUpperCase().replaceAll('-', ' ')} `))).toBe('in');
    expect(await outcome(login('lost', 'aaaa-bbbb-cccc-dddd'))).toBe('SECOND_FACTOR_WRONG');
    const { body } = await test.as(cookie)('GET', '/api/identity/me');
    expect(body.secondFactor.recoveryCodesLeft).toBe(8);
    const { rows } = await test.center.services.audit.page({ limit: 1, offset: 0, action: 'login' });
    expect(rows[0]?.detail).toEqual({ secondFactor: 'recovery' });
  });

  it('takes no code again because the clock was set back', async () => {
    const { secret } = await setUp('back');
    clock.advance(STEP_MS);
    const before = clock.nowMs();
    expect(await outcome(login('back', codeAt(secret, before)))).toBe('in');
    clock.setWall(before - 10 * MINUTE);
    expect(await outcome(login('back', codeAt(secret, clock.nowMs())))).toBe('SECOND_FACTOR_WRONG');
    clock.setWall(before + STEP_MS);
    expect(await outcome(login('back', codeAt(secret, clock.nowMs())))).toBe('in');
  });
});

describe('a second factor goes', () => {
  it('by its owner with password and code', async () => {
    const { call, secret } = await setUp('leave');
    clock.advance(STEP_MS);
    const remove = (password: string, code: string) =>
      call('POST', '/api/identity/second-factor/remove', { password, code });
    const code = codeAt(secret, clock.nowMs());
    expect((await remove('wrong', code)).body.error.code).toBe('LOGIN_REFUSED');
    expect((await remove(PASSWORD, '000000')).body.error.code).toBe('SECOND_FACTOR_WRONG');
    expect(await outcome(login('leave'))).toBe('SECOND_FACTOR_NEEDED');
    expect((await remove(PASSWORD, code)).status).toBe(200);
    expect(await outcome(login('leave'))).toBe('in');
    expect((await remove(PASSWORD, code)).body.error.code).toBe('NOT_FOUND');
  });

  it('by an administrator for who lost it, which ends the sessions; never by oneself that way', async () => {
    const { cookie } = await setUp('phone');
    const { rows } = (await admin('GET', '/api/identity/accounts?text=phone')).body;
    const reset = (id: string) => admin('PATCH', `/api/identity/accounts/${id}`, { resetSecondFactor: true });
    expect((await reset(rows[0].id)).body.account.secondFactor).toBe(false);
    expect((await test.as(cookie)('GET', '/api/identity/me')).status).toBe(401);
    expect(await outcome(login('phone'))).toBe('in');
    const { body } = await admin('GET', '/api/identity/me');
    expect((await reset(body.account)).body.error.code).toBe('SECOND_PERSON_NEEDED');
  });
});

describe('a center that demands it', () => {
  it('opens what it kept shut to who set one up', async () => {
    const strict = await startCenter({ clock, config: { secondFactor: 'required' } });
    const call = strict.as(await strict.login());
    const add = () => call('GET', '/api/identity/accounts');
    expect((await add()).body.error.code).toBe('SECOND_FACTOR_MISSING');
    expect((await call('GET', '/api/screens')).status).toBe(200);
    expect((await call('GET', '/api/identity/me')).body.secondFactor.demanded).toBe(true);
    const { password } = strict.admin;
    const { body } = await call('POST', '/api/identity/second-factor/begin', { password });
    const code = codeAt(body.secret, clock.nowMs());
    expect((await call('POST', '/api/identity/second-factor/confirm', { code })).status).toBe(200);
    expect((await add()).status).toBe(200);
    await strict.stop();
  });
});
