import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PASSWORD = 'a long enough password';
const clock = makeClock();
let test: TestCenter;
let admin: ReturnType<TestCenter['as']>;
let self: string;
beforeAll(async () => {
  test = await startCenter({ clock });
  admin = test.as(await test.login());
  self = (await admin('GET', '/api/identity/me')).body.account;
});
afterAll(() => test.stop());

interface Wanted {
  readonly grants?: readonly object[];
  readonly organisation?: string;
}
async function add(login: string, wanted: Wanted): Promise<string> {
  const account = { login, name: login, password: PASSWORD, grants: [], ...wanted };
  const { status, body } = await admin('POST', '/api/identity/accounts', account);
  expect([login, status]).toEqual([login, 201]);
  return body.account.id;
}
const grant = (role: string, region: string, expiresAtMs: number | null = null) => ({
  role,
  region,
  expiresAtMs,
});
const patch = (who: typeof admin, id: string, body: object) =>
  who('PATCH', `/api/identity/accounts/${id}`, body);
const as = async (login: string) => test.as(await test.login(login, PASSWORD));
const codeOf = async (answer: ReturnType<typeof admin>) => {
  const { status, body } = await answer;
  return status < 300 ? 'ok' : body.error.code;
};

describe('a grant', () => {
  it('that has expired is as if it were not there, judged at each request', async () => {
    await add('tmp', { grants: [grant('operator', '4103', clock.nowMs() + 10 * MINUTE)] });
    const tmp = await as('tmp');
    expect(await codeOf(tmp('GET', '/api/screens'))).toBe('ok');
    clock.advance(10 * MINUTE);
    expect(await codeOf(tmp('GET', '/api/screens'))).toBe('FORBIDDEN');
    expect((await tmp('GET', '/api/identity/me')).body.abilities).toEqual({});
    const past = { grants: [grant('operator', '4103', clock.nowMs())] };
    const wanted = { login: 'late', name: '迟', password: PASSWORD, ...past };
    expect(await codeOf(admin('POST', '/api/identity/accounts', wanted))).toBe('GRANT_EXPIRED');
  });

  it('is given and taken only where one manages accounts, and leaves the others alone', async () => {
    await add('city', { grants: [grant('administrator', '4103')] });
    const city = await as('city');
    const both = await add('both', { grants: [grant('operator', '4103'), grant('operator', '4112')] });
    const grants = (...list: object[]) => codeOf(patch(city, both, { grants: list }));
    expect(await grants(grant('operator', '4103'))).toBe('FORBIDDEN');
    expect(await grants(grant('operator', '4112'), grant('reviewer', '41'))).toBe('FORBIDDEN');
    expect(await grants(grant('operator', '4112'), grant('reviewer', '410307'))).toBe('ok');
    // Not a way to whoever holds something elsewhere too.
    for (const change of [{ resetPassword: true }, { disabled: true }, { name: '我' }])
      expect(await codeOf(patch(city, both, change))).toBe('FORBIDDEN');
    expect(await codeOf(patch(city, self, { grants: [] }))).toBe('FORBIDDEN');
    expect(await codeOf(patch(admin, both, { grants: [grant('operator', '9999')] }))).toBe('REGION_UNKNOWN');
  });

  it('is nobody’s to give themselves, nor to make last longer', async () => {
    const end = clock.nowMs() + HOUR;
    const id = await add('own', { grants: [grant('administrator', '4103', end)] });
    const own = await as('own');
    const grants = (...list: object[]) => codeOf(patch(own, id, { grants: list }));
    const held = grant('administrator', '4103', end);
    expect(await grants(held, grant('operator', '410304'))).toBe('SECOND_PERSON_NEEDED');
    expect(await grants(grant('administrator', '4103'))).toBe('SECOND_PERSON_NEEDED');
    expect(await grants(held, grant('administrator', '410304', end + HOUR))).toBe('SECOND_PERSON_NEEDED');
    expect(await grants(grant('administrator', '410304', end - MINUTE))).toBe('ok');
  });

  it('of an auditor excludes every other, and membership', async () => {
    const audit = await add('aud', { grants: [grant('auditor', '41')] });
    const mixed = { grants: [grant('auditor', '41'), grant('operator', '4103')] };
    expect(await codeOf(patch(admin, audit, mixed))).toBe('DUTIES_CONFLICT');
    const account = { login: 'mixed', name: '混', password: PASSWORD, ...mixed };
    expect(await codeOf(admin('POST', '/api/identity/accounts', account))).toBe('DUTIES_CONFLICT');
  });
});

describe('the last administrator of the province', () => {
  it('cannot be taken away, by whatever change, nor by two at once', async () => {
    const operator = grant('operator', '41');
    const soon = grant('administrator', '41', clock.nowMs() + HOUR);
    for (const change of [{ disabled: true }, { grants: [operator] }, { grants: [soon, operator] }])
      expect(await codeOf(patch(admin, self, change))).toBe('LAST_ADMINISTRATOR');
    const second = await add('second', { grants: [grant('administrator', '41')] });
    const other = await as('second');
    const ends = await Promise.all([
      codeOf(patch(admin, second, { disabled: true })),
      codeOf(patch(other, self, { disabled: true })),
    ]);
    expect(ends.filter((code) => code === 'ok')).toHaveLength(1);
    if (ends[1] === 'ok') {
      expect(await codeOf(patch(other, self, { disabled: false }))).toBe('ok');
      admin = test.as(await test.login());
    }
  });
});

describe('an account', () => {
  it('that is disabled, or has its password reset, is out at once', async () => {
    const id = await add('out', { grants: [grant('operator', '4103')] });
    const out = await as('out');
    expect(await codeOf(patch(admin, id, { disabled: true }))).toBe('ok');
    expect(await codeOf(out('GET', '/api/identity/me'))).toBe('NOT_LOGGED_IN');
    const login = (password: string) =>
      codeOf(test.as(null)('POST', '/api/identity/login', { login: 'out', password }));
    expect(await login(PASSWORD)).toBe('LOGIN_REFUSED');
    expect(await codeOf(patch(admin, id, { resetPassword: true }))).toBe('ACCOUNT_DISABLED');
    const { body } = await patch(admin, id, { disabled: false, resetPassword: true });
    expect(body).toMatchObject({ account: { mustChange: true, disabled: false } });
    expect([await login(PASSWORD), await login(body.password)]).toEqual(['LOGIN_REFUSED', 'ok']);
    expect(await codeOf(patch(admin, self, { resetPassword: true }))).toBe('SECOND_PERSON_NEEDED');
  });

  it('is listed page by page with its last login', async () => {
    const page = async (query: string) => (await admin('GET', `/api/identity/accounts?${query}`)).body;
    const { total } = await page('');
    const first = await page('limit=2');
    const next = await page('limit=2&offset=2');
    expect([first.rows.length, first.total]).toEqual([2, total]);
    expect(next.rows[0].login > first.rows[1].login).toBe(true);
    expect((await page('text=OUT')).rows[0]).toMatchObject({ login: 'out', lastLoginAtMs: clock.nowMs() });
  });
});

describe('one’s own sessions', () => {
  it('are listed without their tokens, and ended one by one or all but this', async () => {
    await add('many', { grants: [grant('operator', '4103')] });
    const cookies = [];
    for (let n = 0; n < 4; n += 1) cookies.push(await test.login('many', PASSWORD));
    const here = test.as(cookies[0] ?? '');
    const { rows } = (await here('GET', '/api/identity/sessions')).body;
    expect(rows.filter((row: { current: boolean }) => row.current)).toHaveLength(1);
    expect(rows).toHaveLength(4);
    for (const cookie of cookies) expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
    const other = rows.find((row: { current: boolean }) => !row.current);
    expect(await codeOf(here('DELETE', `/api/identity/sessions/${other.id}`))).toBe('ok');
    expect(await codeOf(admin('DELETE', `/api/identity/sessions/${rows[0].id}`))).toBe('NOT_FOUND');
    const alive = async () => (await here('GET', '/api/identity/sessions')).body.rows.length;
    expect(await alive()).toBe(3);
    expect(await codeOf(here('DELETE', '/api/identity/sessions'))).toBe('ok');
    expect(await alive()).toBe(1);
  });

  it('end when the clock is set back by more than a minute', async () => {
    const there = await as('many');
    const now = clock.nowMs();
    clock.setWall(now - MINUTE);
    expect(await codeOf(there('GET', '/api/identity/me'))).toBe('ok');
    clock.setWall(now - MINUTE - 1);
    expect(await codeOf(there('GET', '/api/identity/me'))).toBe('NOT_LOGGED_IN');
    clock.setWall(now);
    admin = test.as(await test.login());
  });
});

describe('an operating organisation', () => {
  it('of a higher tier shows a county its own grants and those above, not its neighbour’s', async () => {
    const { id } = (await admin('POST', '/api/organisations', { name: '全省运营', region: '41' })).body;
    const wish = { abilities: ['schedule.read'], expiresAtMs: clock.nowMs() + HOUR };
    for (const region of ['41', '411224', '410307'])
      expect((await admin('POST', `/api/organisations/${id}/grants`, { ...wish, region })).status).toBe(201);
    await add('lushi', { grants: [grant('administrator', '411224')] });
    const lushi = await as('lushi');
    const regionsOf = (one: { grants: { region: string }[] }) =>
      one.grants.map(({ region }) => region).sort();
    const [seen] = (await lushi('GET', '/api/organisations')).body.rows;
    expect(regionsOf(seen)).toEqual(['41', '411224']);
    const { body } = await lushi('POST', `/api/organisations/${id}/grants`, { ...wish, region: '411224' });
    expect(regionsOf(body)).toEqual(['41', '411224', '411224']);
    const all = (await admin('GET', '/api/organisations')).body.rows;
    expect(regionsOf(all.find((one: { id: string }) => one.id === id))).toHaveLength(4);
  });

  it('acts inside its grants in force and nowhere else', async () => {
    const made = await admin('POST', '/api/organisations', { name: '豫西传媒', region: '4103' });
    expect(made.status).toBe(201);
    const { id } = made.body;
    for (const role of ['operator', 'reviewer', 'county-manager', 'auditor']) {
      const wanted = { grants: [grant(role, '4103')], organisation: id };
      const account = { login: 'both2', name: '兼', password: PASSWORD, ...wanted };
      expect(await codeOf(admin('POST', '/api/identity/accounts', account))).toBe('MEMBER_ROLE');
    }
    const op = await add('op', { organisation: id });
    expect(await codeOf(patch(admin, op, { grants: [grant('reviewer', '4103')] }))).toBe('MEMBER_ROLE');
    const member = await as('op');
    const reads = (region: string) => codeOf(member('GET', `/api/schedules/document?region=${region}`));
    expect(await reads('410307')).toBe('FORBIDDEN');
    const wish = { region: '410307', abilities: ['schedule.read'], expiresAtMs: clock.nowMs() + 20 * MINUTE };
    const give = (change: object) => admin('POST', `/api/organisations/${id}/grants`, { ...wish, ...change });
    expect(await codeOf(give({ abilities: ['schedule.review'] }))).toBe('BAD_REQUEST');
    expect(await codeOf(give({ abilities: ['account.manage'] }))).toBe('BAD_REQUEST');
    expect(await codeOf(give({ expiresAtMs: clock.nowMs() }))).toBe('GRANT_EXPIRED');
    expect((await give({})).body.grants[0]).toMatchObject({ region: '410307', regionName: '偃师区' });
    expect([await reads('410307'), await reads('4103')]).toEqual(['ok', 'FORBIDDEN']);
    expect((await member('GET', '/api/identity/me')).body.organisation).toEqual({ id, name: '豫西传媒' });
    const disable = (disabled: boolean) => admin('PATCH', `/api/organisations/${id}`, { disabled });
    expect((await disable(true)).body).toMatchObject({ disabled: true, members: 1 });
    expect(await reads('410307')).toBe('FORBIDDEN');
    await disable(false);
    clock.advance(20 * MINUTE);
    expect(await reads('410307')).toBe('FORBIDDEN');
    const again = (await give({ expiresAtMs: clock.nowMs() + HOUR })).body.grants[0];
    expect(await reads('410307')).toBe('ok');
    const revoke = () => codeOf(admin('DELETE', `/api/organisations/${id}/grants/${again.id}`));
    expect([await revoke(), await revoke()]).toEqual(['ok', 'CONFLICT']);
    expect(await reads('410307')).toBe('FORBIDDEN');
    const { rows } = await test.center.services.audit.page({ limit: 20, offset: 0, subject: id });
    expect(new Set(rows.map(({ action }) => action))).toEqual(
      new Set(['organisation.create', 'organisation.grant', 'organisation.change', 'organisation.revoke']),
    );
    const twice = admin('POST', '/api/organisations', { name: '豫西传媒', region: '41' });
    expect(await codeOf(twice)).toBe('CONFLICT');
  });
});
