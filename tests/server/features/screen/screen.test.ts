import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EnrolmentService,
  PAIRING_LIFETIME_MS,
} from '../../../../server/features/screen/enrolment.service.ts';
import type { ScreenChange } from '../../../../server/features/screen/screen.service.ts';
import { openDatabase } from '../../../../server/infra/database/database.ts';
import type { Db } from '../../../../server/infra/database/database.ts';
import { screenStore } from '../../../../server/infra/database/stores/screen.store.ts';
import { openDeviceTokens } from '../../../../server/infra/device-tokens.ts';
import { systemRandom } from '../../../../server/infra/random.ts';
import { deviceIdOf, verifyEnvelope } from '../../../../server/infra/signer.ts';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import { SignedKind } from '../../../../shared/core/signed.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import { makeDevice } from '../../../helpers/device.ts';

const flooded = mkdtempSync(join(tmpdir(), 'kepu-flood-'));
let db: Db;
const clock = makeClock('2026-11-20T08:00:00+08:00');
let test: TestCenter;
let cookie: string;
let admin: Caller;
beforeAll(async () => {
  test = await startCenter({ clock });
  cookie = await test.login();
  admin = test.as(cookie);
  db = await openDatabase(flooded);
});
afterAll(async () => {
  await test.stop();
  await db.destroy();
  rmSync(flooded, { recursive: true, force: true });
});

const create = (patch: object = {}) =>
  admin('POST', '/api/screens', { name: '偃师区政府广场', region: '410307', ...patch });
const newScreen = async (patch: object = {}) => (await create(patch)).body.id as ScreenId;
const codeOf = async (device: ReturnType<typeof makeDevice>) => {
  const answer = await device.enrol(test);
  if (answer.state !== 'waiting') throw new Error('is claimed');
  return answer.code;
};

describe('adding a screen', () => {
  it('commissions it today, with the center’s settings', async () => {
    const { status, body } = await create({ tags: ['广场', '广场'], settings: { volume: 30 } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      commissionedOn: '2026-11-20',
      retiredOn: null,
      device: null,
      demo: false,
      tags: ['广场'],
      regionNames: ['河南省', '洛阳市', '偃师区'],
      settings: { volume: 30, tickS: 30 },
    });
    expect(body.id).toMatch(/^s-[a-z2-7]{16}$/);
  });

  it('puts it under the code in use when a former one was given', async () => {
    expect((await create({ region: '410381' })).body.region).toBe('410307');
  });

  it.each([
    ['a pseudo-area', { region: '410171' }, 'REGION_HOLDS_NO_SCREENS'],
    ['an unknown region', { region: '419999' }, 'REGION_UNKNOWN'],
    ['no name', { name: ' ' }, 'BAD_REQUEST'],
    ['a day gone by', { commissionedOn: '2026-11-19' }, 'COMMISSIONED_IN_PAST'],
    ['a demo screen', { demo: true }, 'BAD_REQUEST'],
  ])('refuses %s', async (_what, patch, code) => {
    const { body } = await create(patch);
    expect(body.error.code).toBe(code);
  });

  it('takes demo screens commissioned in the past in a demo center, and only those', async () => {
    const demo = await startCenter({ clock, config: { demo: true } });
    const api = demo.as(await demo.login());
    const wanted = { name: '演示', region: '410307', commissionedOn: '2026-11-01' };
    expect((await api('POST', '/api/screens', { ...wanted, demo: true })).status).toBe(201);
    expect((await api('POST', '/api/screens', wanted)).body.error.code).toBe('COMMISSIONED_IN_PAST');
    await demo.stop();
  });
});

describe('the list of screens', () => {
  it('is paged, filtered, and cut to the caller’s scope', async () => {
    await newScreen({ name: '百分%号', region: '410102', tags: ['室内'], groups: ['车站'] });
    const names = async (query: string, api = admin) =>
      (await api('GET', `/api/screens?${query}`)).body.rows.map((row: { name: string }) => row.name);
    expect(await names('region=4101')).toEqual(['百分%号']);
    expect(await names(`tag=${encodeURIComponent('室内')}`)).toEqual(['百分%号']);
    expect(await names(`group=${encodeURIComponent('车')}`)).toEqual([]);
    expect(await names(`q=${encodeURIComponent('分%')}`)).toEqual(['百分%号']);
    expect(await names('q=_')).toEqual([]);
    expect(await names('bound=true')).toEqual([]);
    const page = await admin('GET', '/api/screens?limit=1&offset=1');
    expect(page.body.rows).toHaveLength(1);
    expect(page.body.total).toBeGreaterThan(2);
    const grants = [{ role: 'operator', region: '4101' }];
    const made = await admin('POST', '/api/identity/accounts', { login: 'zz', name: '郑', grants });
    const zhengzhou = test.as(await test.login('zz', made.body.password));
    expect(await names('', zhengzhou)).toEqual(['百分%号']);
    expect((await zhengzhou('GET', `/api/screens/${await newScreen()}`)).status).toBe(403);
  });
});

describe('a device', () => {
  it('waits with one code for ten minutes, then shows another', async () => {
    const device = makeDevice();
    const first = await device.enrol(test);
    expect(first).toMatchObject({ state: 'waiting', device: device.device });
    expect(first.state === 'waiting' && first.claimUrl).toContain('/claim?code=');
    expect(await device.enrol(test)).toMatchObject({ code: first.state === 'waiting' && first.code });
    clock.advance(PAIRING_LIFETIME_MS);
    expect(await codeOf(device)).not.toBe(first.state === 'waiting' && first.code);
  });

  it('finds no room behind a flood of others, until their codes expire; those that wait keep theirs', async () => {
    const store = screenStore(db);
    const keys = { verify: verifyEnvelope, deviceIdOf };
    const enrolment = new EnrolmentService({
      store,
      keys,
      tokens: openDeviceTokens(flooded),
      center: test.center.services.enrolment.center,
      clock,
      random: systemRandom,
      claimUrl: (code) => code,
      waitingMax: 3,
    });
    const enrol = (device: ReturnType<typeof makeDevice>) => enrolment.enrol(device.enrolment());
    const first = makeDevice();
    const { code } = (await enrol(first)) as { code: string };
    for (let n = 0; n < 2; n += 1) await enrol(makeDevice());
    await expect(enrol(makeDevice())).rejects.toMatchObject({ code: 'DEVICES_TOO_MANY' });
    expect(await enrol(first)).toMatchObject({ state: 'waiting', code });
    clock.advance(PAIRING_LIFETIME_MS + 1);
    expect(await enrol(makeDevice())).toMatchObject({ state: 'waiting' });
  });

  it('cannot enrol with a signature that is not its key’s', async () => {
    const [mine, foreign] = [makeDevice(), makeDevice()];
    const other = foreign.signed(SignedKind.enrolment, { format: SignedKind.enrolment });
    const enrolment = {
      format: SignedKind.enrolment,
      publicKey: 'A'.repeat(43),
      renderer: 'headless',
      version: '1',
      hardware: '',
      nonce: '0'.repeat(32),
    };
    const forged = mine.signed(SignedKind.enrolment, enrolment);
    expect((await test.as(null)('POST', '/api/enrolment', forged)).body.error.code).toBe('SIGNATURE_INVALID');
    expect((await test.as(null)('POST', '/api/enrolment', other)).body.error.code).toBe('BAD_REQUEST');
  });

  it('is bound by its code, however it was typed, and hears so', async () => {
    const changes: ScreenChange[] = [];
    const off = test.center.services.screen.onChange((change) => changes.push(change));
    const device = makeDevice();
    const id = await newScreen();
    const code = await codeOf(device);
    const typed = ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `;
    const claim = await admin('POST', `/api/screens/${id}/claim`, { code: typed });
    expect([claim.status, claim.body.device]).toEqual([200, device.device]);
    expect(await device.enrol(test)).toMatchObject({ state: 'claimed' });
    expect(changes.at(-1)).toEqual({ kind: 'claimed', screen: id, device: device.device });
    off();
  });

  it('is not bound by a wrong, unknown, expired or used code', async () => {
    const device = makeDevice();
    const id = await newScreen();
    const claim = async (code: string) =>
      (await admin('POST', `/api/screens/${id}/claim`, { code })).body.error?.code ?? 'ok';
    expect(await claim('O0O0O0O0')).toBe('PAIRING_CODE_INVALID');
    expect(await claim('22222222')).toBe('PAIRING_CODE_UNKNOWN');
    const expired = await codeOf(device);
    clock.advance(PAIRING_LIFETIME_MS);
    expect(await claim(expired)).toBe('PAIRING_CODE_UNKNOWN');
    const code = await codeOf(device);
    expect(await claim(code)).toBe('ok');
    expect(await claim(code)).toBe('PAIRING_CODE_UNKNOWN');
  });

  it('takes another’s place only when asked to, and every binding keeps from and to', async () => {
    const [old, next] = [makeDevice(), makeDevice()];
    const id = await newScreen();
    await old.claimTo(test, id, cookie);
    const fromMs = clock.nowMs();
    clock.advance(60_000);
    const code = await codeOf(next);
    const claim = (replace: boolean) => admin('POST', `/api/screens/${id}/claim`, { code, replace });
    expect((await claim(false)).body.error.code).toBe('CONFLICT');
    expect((await claim(true)).status).toBe(200);
    const { screen } = test.center.services;
    expect(await screen.bindings(id)).toMatchObject([
      { device: old.device, fromMs, toMs: fromMs + 60_000 },
      { device: next.device, fromMs: fromMs + 60_000, toMs: null },
    ]);
    expect(await screen.bindingOf(old.device)).toBeNull();
    expect(await old.enrol(test)).toMatchObject({ state: 'waiting' });
    const { body } = await admin('GET', `/api/screens/${id}`);
    expect(body.bindings.map((box: { device: string }) => box.device)).toEqual([next.device, old.device]);
  });

  it('goes to one of two screens that claim it at once', async () => {
    const ids = [await newScreen(), await newScreen()];
    const code = await codeOf(makeDevice());
    const answers = await Promise.all(ids.map((id) => admin('POST', `/api/screens/${id}/claim`, { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(answers.find(({ status }) => status === 404)?.body.error.code).toBe('PAIRING_CODE_UNKNOWN');
  });

  it('never takes the place of another that was claimed to the same screen at the same moment', async () => {
    const id = await newScreen();
    const codes = [await codeOf(makeDevice()), await codeOf(makeDevice())];
    const answers = await Promise.all(
      codes.map((code) => admin('POST', `/api/screens/${id}/claim`, { code })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await test.center.services.screen.bindings(id)).toHaveLength(1);
  });

  it('is set free by unbinding', async () => {
    const device = makeDevice();
    const id = await newScreen();
    await device.claimTo(test, id, cookie);
    expect((await admin('POST', `/api/screens/${id}/unbind`)).body.device).toBeNull();
    expect((await admin('POST', `/api/screens/${id}/unbind`)).status).toBe(404);
    expect(await device.enrol(test)).toMatchObject({ state: 'waiting' });
  });
});

describe('a screen', () => {
  it('changes name, tags and settings, and keeps what was not named', async () => {
    const id = await newScreen({ tags: ['a'], settings: { volume: 10 } });
    const { body } = await admin('PATCH', `/api/screens/${id}`, { name: '新名', settings: { closeS: 600 } });
    expect(body).toMatchObject({ name: '新名', tags: ['a'], settings: { volume: 10, closeS: 600 } });
  });

  it('retires tomorrow at the earliest, once, and is claimed no more', async () => {
    const id = await newScreen();
    const retire = (body: object) => admin('POST', `/api/screens/${id}/retire`, body);
    expect((await retire({ on: '2026-11-20' })).body.error.code).toBe('RULE_NOT_IN_FUTURE');
    expect((await retire({})).body.retiredOn).toBe('2026-11-21');
    expect((await retire({})).body.error.code).toBe('SCREEN_RETIRED');
  });

  it('leaves its claims in the audit log', async () => {
    const { rows } = await test.center.services.audit.page({ limit: 1, offset: 0, action: 'screen.claim' });
    expect(rows[0]).toMatchObject({ actorName: '管理员', action: 'screen.claim' });
  });
});
