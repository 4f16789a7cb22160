import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../../../server/infra/config.ts';
import type { DeviceCaller } from '../../../../server/infra/http/access.ts';
import { createHttp } from '../../../../server/infra/http/server.ts';
import { systemRandom } from '../../../../server/infra/random.ts';
import { AppError } from '../../../../shared/core/errors.ts';
import type { AccountId, DeviceId, RegionCode, ScreenId } from '../../../../shared/core/ids.ts';
import type { Person } from '../../../../server/features/identity/identity.port.ts';
import type { Role } from '../../../../shared/identity/abilities.ts';
import { ROLE_ABILITIES } from '../../../../shared/identity/abilities.ts';
import type { Access } from '../../../../shared/identity/access.ts';

function makePerson(role: Role, region: string, secondFactor = false): Person {
  return {
    account: 'a-test' as AccountId,
    name: role,
    organisation: null,
    grants: [{ region: region as RegionCode, abilities: ROLE_ABILITIES[role] }],
    secondFactor,
  };
}
const people: Readonly<Record<string, Person>> = {
  'luoyang-operator': makePerson('operator', '4103'),
  'luoyang-operator-with-code': makePerson('operator', '4103', true),
  auditor: makePerson('auditor', '41'),
};
const box: DeviceCaller = { device: 'd'.repeat(32) as DeviceId, screen: 's-test' as ScreenId };

async function makeHttp(env: Record<string, string> = {}) {
  return createHttp({
    config: parseConfig(env),
    log: pino({ level: 'silent' }),
    random: systemRandom,
    authenticators: {
      actorOf: async (token) => people[token] ?? null,
      deviceOf: async (token) => (token === 'box' ? box : null),
    },
  });
}

let http: Awaited<ReturnType<typeof makeHttp>>;
beforeEach(async () => {
  http = await makeHttp();
});
afterEach(() => http.close());

function route(url: string, access: Access, authorize?: string) {
  http.get(url, { config: { access } }, async (request) => {
    if (authorize !== undefined) request.authorize(authorize as RegionCode);
    return { ok: true };
  });
}

async function get(url: string, headers: Record<string, string> = {}) {
  const answer = await http.inject({ url, headers });
  return [answer.statusCode, answer.json().error?.code ?? 'ok'];
}
const cookie = (who: string) => ({ cookie: `kepu-session=${who}` });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a route', () => {
  it('that declares no access stops the center from starting', () => {
    expect(() => http.get('/open', async () => ({}))).toThrow(/declares no access/);
  });

  it('for a session wants one', async () => {
    route('/s', { kind: 'session' });
    expect(await get('/s')).toEqual([401, 'NOT_LOGGED_IN']);
    expect(await get('/s', cookie('nobody'))).toEqual([401, 'NOT_LOGGED_IN']);
    expect(await get('/s', bearer('box'))).toEqual([401, 'NOT_LOGGED_IN']);
    expect(await get('/s', cookie('auditor'))).toEqual([200, 'ok']);
  });

  it('for a device wants a claimed one', async () => {
    route('/d', { kind: 'device' });
    expect(await get('/d')).toEqual([403, 'DEVICE_UNCLAIMED']);
    expect(await get('/d', bearer('forged'))).toEqual([403, 'DEVICE_UNCLAIMED']);
    expect(await get('/d', cookie('auditor'))).toEqual([403, 'DEVICE_UNCLAIMED']);
    expect(await get('/d', bearer('box'))).toEqual([200, 'ok']);
  });

  it('for an ability in a named region wants it there', async () => {
    const region = { from: 'query', name: 'region' } as const;
    route('/a', { kind: 'ability', ability: 'schedule.publish', region });
    expect(await get('/a?region=410307')).toEqual([401, 'NOT_LOGGED_IN']);
    expect(await get('/a?region=410307', cookie('auditor'))).toEqual([403, 'FORBIDDEN']);
    expect(await get('/a?region=410307', cookie('luoyang-operator'))).toEqual([200, 'ok']);
    expect(await get('/a?region=4101', cookie('luoyang-operator'))).toEqual([403, 'FORBIDDEN']);
    expect(await get('/a?region=41', cookie('luoyang-operator'))).toEqual([403, 'FORBIDDEN']);
    expect(await get('/a', cookie('luoyang-operator'))).toEqual([400, 'BAD_REQUEST']);
  });

  it('for an ability in its subject’s region wants it there', async () => {
    const access = { kind: 'ability', ability: 'screen.read', region: { from: 'subject' } } as const;
    route('/in', access, '410307');
    route('/out', access, '410102');
    expect(await get('/in', cookie('luoyang-operator'))).toEqual([200, 'ok']);
    expect(await get('/out', cookie('luoyang-operator'))).toEqual([403, 'FORBIDDEN']);
  });

  it('that promised to check its subject and did not answers nothing', async () => {
    route('/forgot', { kind: 'ability', ability: 'screen.read', region: { from: 'subject' } });
    expect(await get('/forgot', cookie('auditor'))).toEqual([500, 'INTERNAL']);
  });

  it('open to devices as well takes either', async () => {
    route('/both', { kind: 'ability', ability: 'asset.read', region: { from: 'scope' }, device: true });
    expect(await get('/both', bearer('box'))).toEqual([200, 'ok']);
    expect(await get('/both', cookie('auditor'))).toEqual([200, 'ok']);
    expect(await get('/both', bearer('forged'))).toEqual([401, 'NOT_LOGGED_IN']);
  });
});

describe('a center that demands the second factor', () => {
  const region = { from: 'query', name: 'region' } as const;

  it('lets nobody without one change what is on air, and everybody read', async () => {
    await http.close();
    http = await makeHttp({ KEPU_SECOND_FACTOR: 'required' });
    route('/edit', { kind: 'ability', ability: 'schedule.edit', region });
    route('/read', { kind: 'ability', ability: 'schedule.read', region });
    const at = '?region=410307';
    expect(await get(`/edit${at}`, cookie('luoyang-operator'))).toEqual([403, 'SECOND_FACTOR_MISSING']);
    expect(await get(`/edit${at}`, cookie('luoyang-operator-with-code'))).toEqual([200, 'ok']);
    expect(await get(`/read${at}`, cookie('luoyang-operator'))).toEqual([200, 'ok']);
    // What nobody may do with or without it is not talked about.
    expect(await get(`/edit${at}`, cookie('auditor'))).toEqual([403, 'FORBIDDEN']);
  });

  it('is one that was told so', async () => {
    route('/edit', { kind: 'ability', ability: 'schedule.edit', region });
    expect(await get('/edit?region=410307', cookie('luoyang-operator'))).toEqual([200, 'ok']);
  });
});

describe('a change from another origin', () => {
  beforeEach(() => {
    http.post('/change', { config: { access: { kind: 'session' } } }, async () => ({ ok: true }));
  });
  const post = async (origin?: string) => {
    const headers = { ...cookie('auditor'), host: 'center.test:8080', ...(origin && { origin }) };
    return (await http.inject({ method: 'POST', url: '/change', headers })).statusCode;
  };

  it('is refused whoever is logged in', async () => {
    expect(await post('http://evil.test')).toBe(403);
    expect(await post('null')).toBe(403);
    expect(await post('http://center.test:9090')).toBe(403);
  });

  it('is taken from the center’s own pages, and from commands, which send none', async () => {
    expect(await post('http://center.test:8080')).toBe(200);
    expect(await post()).toBe(200);
  });
});

describe('an error', () => {
  const access = { kind: 'public' } as const;

  it('of the operator answers its code in both languages', async () => {
    http.get('/known', { config: { access } }, async () => {
      throw new AppError('REGION_UNKNOWN', { code: '99' });
    });
    const { error } = (await http.inject('/known')).json();
    expect(error).toMatchObject({ code: 'REGION_UNKNOWN', zh: '没有这个区划：99', params: { code: '99' } });
  });

  it('of ours answers a number and none of its words', async () => {
    http.get('/bug', { config: { access } }, async () => {
      throw new Error('secret');
    });
    const answer = await http.inject('/bug');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret');
    expect(answer.json().error.params.id).toMatch(/^[0-9a-f]{16}$/);
  });

  it('in a request names the field', async () => {
    const schema = { body: z.strictObject({ place: z.strictObject({ name: z.string() }) }) };
    http.post('/form', { config: { access }, schema }, async () => ({}));
    const answer = await http.inject({ method: 'POST', url: '/form', payload: { place: { name: 5 } } });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().error.params.detail).toContain('place.name');
  });

  it('in JSON itself is the sender’s, not ours', async () => {
    http.post('/json', { config: { access } }, async () => ({}));
    const headers = { 'content-type': 'application/json' };
    const answer = await http.inject({ method: 'POST', url: '/json', headers, payload: '{' });
    expect([answer.statusCode, answer.json().error.code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('of an unknown path is 404', async () => {
    expect(await get('/nowhere')).toEqual([404, 'NOT_FOUND']);
  });
});
