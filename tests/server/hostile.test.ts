import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenId } from '../../shared/core/ids.ts';
import type { Envelope } from '../../shared/core/signed.ts';
import { SignedKind } from '../../shared/core/signed.ts';
import { PLAYER_NAMESPACE } from '../../shared/screen/protocol.ts';
import { startCenter } from '../helpers/center.ts';
import type { TestCenter } from '../helpers/center.ts';
import { makeCard, upload } from '../helpers/content.ts';
import { makeDevice } from '../helpers/device.ts';
import type { Connection } from '../helpers/device.ts';

const card = makeCard('防溺水');
const device = makeDevice();
const DEEP = '['.repeat(200_000);

let at: TestCenter;
let cookie: string;
let connection: Connection;
beforeAll(async () => {
  at = await startCenter({ listen: true });
  cookie = await at.login();
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const screen = await at.as(cookie)('POST', '/api/screens', { name: '屏', region: '410307' });
  await device.claimTo(at, screen.body.id as ScreenId, cookie);
  connection = await device.connect(at);
});
afterEach(async () => {
  expect((await send({ path: '/readyz' })).status).toBe(200);
});
afterAll(async () => {
  connection.close();
  await at.stop();
});

interface Sent {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Sends exactly this, with no path or header put right on the way. */
async function send({ path, method = 'GET', headers = {}, body }: Sent) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(at.url);
    const sent = request({ hostname, port, path, method, headers, agent: false });
    sent.once('response', resolve).once('error', reject);
    sent.end(body);
  });
  const bytes = await buffer(response);
  return { status: response.statusCode ?? 0, headers: response.headers, text: bytes.toString() };
}

const json = { 'content-type': 'application/json' };
const asDevice = () => ({ ...json, authorization: connection.bearer });
const batches = (texts: readonly string[]): Envelope[] =>
  texts.map((text) => {
    const { keyId } = device.signed(SignedKind.batch, {});
    return { text, keyId, signature: 'A'.repeat(86) };
  });

describe('the journal', () => {
  it.each([
    ['nothing', ''],
    ['half a document', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a poisoned prototype', '{"__proto__":{"text":"x"},"text":"x"}'],
    ['two hundred thousand brackets', DEEP],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0, 0xc3, 0x28])],
    ['an envelope nobody signed', JSON.stringify(batches(['{}'])[0])],
    ['an envelope around brackets', JSON.stringify(batches([DEEP])[0])],
  ])('refuses %s', async (_what, body) => {
    const { status, text } = await send({ path: '/api/journal', method: 'POST', headers: asDevice(), body });
    // What is wrong with a batch is the answer to it; anything else is refused before.
    if (status === 200) expect(JSON.parse(text)).toMatchObject({ ok: false, code: 'SIGNATURE_INVALID' });
    else expect(status).toBe(400);
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['another format', { format: 'kepu-batch/9' }],
    ['numbers out of all bounds', { format: 'kepu-batch/1', records: [{ seq: 1e308, mono: -1e308 }] }],
  ])('refuses %s though signed', async (_what, content) => {
    const body = JSON.stringify(device.signed(SignedKind.batch, content as object));
    const { status, text } = await send({ path: '/api/journal', method: 'POST', headers: asDevice(), body });
    expect([status, JSON.parse(text).error?.code ?? JSON.parse(text).code]).toContain('BATCH_INVALID');
    expect(status).toBeLessThan(500);
  });

  it('refuses 100 MB by their announced length, and unannounced once they are too many', async () => {
    const announced = { ...asDevice(), 'content-length': String(100 * 1024 ** 2) };
    const early = await new Promise<number>((resolve, reject) => {
      const sent = request(`${at.url}/api/journal`, { method: 'POST', headers: announced, agent: false });
      sent.once('response', (response) => {
        resolve(response.statusCode ?? 0);
        sent.destroy();
      });
      sent.once('error', reject);
      sent.write('{');
    });
    expect(early).toBe(413);
    const streamed = await new Promise<number | string>((resolve) => {
      const sent = request(`${at.url}/api/journal`, {
        method: 'POST',
        headers: { ...asDevice(), 'transfer-encoding': 'chunked' },
        agent: false,
      });
      sent.once('response', (response) => resolve(response.statusCode ?? 0));
      sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      sent.end(Buffer.alloc(20 * 1024 ** 2, 0x20));
    });
    expect([413, 'ECONNRESET', 'EPIPE']).toContain(streamed);
  });
});

describe('the players’ socket', () => {
  const stranger = async () => {
    const socket = io(`${at.url}${PLAYER_NAMESPACE}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    const { nonce } = await new Promise<{ nonce: string }>((resolve) => socket.once('challenge', resolve));
    const gone = new Promise((resolve) => socket.once('disconnect', resolve));
    return { socket, nonce, gone };
  };
  const hello = (nonce: string) =>
    device.signed(SignedKind.hello, {
      format: SignedKind.hello,
      device: device.device,
      boot: 'c'.repeat(32),
      nonce,
      center: at.center.services.enrolment.center.keyId,
      renderer: 'headless',
      version: 'test',
      osBoot: 'test',
      counter: 0,
      plan: null,
    });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'hello'],
    ['bytes', Buffer.alloc(1_000)],
    ['a list', [1, 2]],
    ['an envelope of another', { text: 'null', keyId: '0'.repeat(16), signature: 'AAAA' }],
  ])('refuses %s for a hello, and cuts', async (_what, said) => {
    const { socket, gone } = await stranger();
    expect(await socket.emitWithAck('hello', said)).toMatchObject({ ok: false });
    await gone;
  });

  it.each([
    ['null', null],
    ['a list', []],
    ['an empty document', {}],
  ])('refuses %s for a hello though signed', async (_what, content) => {
    const { socket, gone } = await stranger();
    const said = device.signed(SignedKind.hello, content as object);
    expect(await socket.emitWithAck('hello', said)).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    await gone;
  });

  it('takes a recorded hello on no other socket', async () => {
    const [first, second] = [await stranger(), await stranger()];
    const recorded = hello(first.nonce);
    expect(await second.socket.emitWithAck('hello', recorded)).toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(await first.socket.emitWithAck('hello', recorded)).toMatchObject({ ok: true });
    first.socket.close();
  });

  it('is cut for a message over its limit', async () => {
    const { socket, gone } = await stranger();
    socket.emit('hello', 'x'.repeat(3 * 1024 ** 2));
    await gone;
  });
});

describe('paths', () => {
  it.each([
    '/api/assets/..%2f..%2fcenter.key',
    '/api/assets/..%5c..%5ccenter.key',
    '/api/assets/%2e%2e/%2e%2e/center.key',
    `/api/assets/${'0'.repeat(64)}%00.mp4`,
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/../../package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '//etc/passwd.txt',
    '/a%00.js',
    '/%',
    '/%E0%A4%A.js',
    '/%c0%ae%c0%ae/package.json',
    '/.env',
    '/api/..%2f..%2fpackage.json',
    `/${'a/'.repeat(2_000)}x.js`,
  ])('%s leads nowhere', async (path) => {
    const { status, text, headers } = await send({ path, headers: { cookie } });
    expect(status).not.toBe(500);
    if (status === 200) expect(headers['content-type']).toContain('text/html');
    expect(text).not.toContain('"dependencies"');
    expect(text).not.toContain('root:');
    expect(text).not.toContain('PRIVATE KEY');
  });
});

describe('ranges and conditions', () => {
  const path = `/api/assets/${card.asset.sha256}`;
  const size = card.bytes.length;
  it.each([
    ['bytes=0-', 206],
    ['bytes=-1', 206],
    [`bytes=0-${'9'.repeat(400)}`, 206],
    [`bytes=${size}-`, 416],
    ['bytes=-0', 416],
    ['bytes=5-2', 200],
    ['bytes=0-0,2-3', 200],
    ['bytes=a-b', 200],
    ['items=0-1', 200],
  ])('%s answers %i', async (range, status) => {
    const answer = await send({ path, headers: { cookie, range } });
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.text).toBe(card.bytes.toString());
    if (status === 416) expect(answer.headers['content-range']).toBe(`bytes */${size}`);
  });

  it('are of no account to HEAD, and a wrong If-Range asks for the whole', async () => {
    const head = await send({ path, method: 'HEAD', headers: { cookie, range: 'bytes=0-1' } });
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, String(size), '']);
    const other = { cookie, range: 'bytes=0-1', 'if-range': '"another"' };
    expect((await send({ path, headers: other })).status).toBe(200);
    const same = { cookie, 'if-none-match': `"x", W/"${card.asset.sha256}"` };
    expect((await send({ path, headers: same })).status).toBe(304);
  });
});

describe('sessions', () => {
  const me = async (value: string) =>
    (await send({ path: '/api/identity/me', headers: { cookie: value } })).status;

  it.each([
    ['an empty cookie', 'kepu-session='],
    ['one that nobody was given', `kepu-session=${'0'.repeat(64)}`],
    ['a name of the prototype', '__proto__=x; constructor=y'],
    ['broken encoding', 'kepu-session=%E0%A4%A'],
    ['six thousand letters', `kepu-session=${'a'.repeat(6_000)}`],
    ['statements', "kepu-session=' OR 1=1 --"],
  ])('are not opened by %s', async (_what, value) => {
    expect(await me(value)).toBe(401);
  });

  it('are never the one that a browser was made to bring along', async () => {
    const planted = 'f'.repeat(64);
    const login = await send({
      path: '/api/identity/login',
      method: 'POST',
      headers: { ...json, cookie: `kepu-session=${planted}` },
      body: JSON.stringify(at.admin),
    });
    const given = login.headers['set-cookie']?.[0] ?? '';
    expect(login.status).toBe(200);
    expect(given).not.toContain(planted);
    expect(await me(`kepu-session=${planted}`)).toBe(401);
    expect(await me(given.split(';')[0] ?? '')).toBe(200);
  });

  it.each(['null', 'http://evil.example', 'http://127.0.0.1:1', 'http://127.0.0.1.evil.example', 'x'])(
    'are not used by a page of %s',
    async (origin) => {
      const headers = { ...json, cookie, origin };
      for (const [method, path] of [
        ['POST', '/api/identity/logout'],
        ['PUT', `/api/assets/${card.asset.sha256}`],
        ['PATCH', '/api/screens/x'],
      ] as const)
        expect((await send({ method, path, headers, body: '{}' })).status).toBe(403);
      expect(await me(cookie)).toBe(200);
    },
  );
});

describe('questions', () => {
  it.each([
    `/api/screens?q=${'%25'.repeat(70)}`,
    `/api/screens?q=${'x'.repeat(12_000)}`,
    '/api/screens?limit=1e9',
    '/api/screens?limit=501',
    '/api/screens?offset=99999999999999999999',
    '/api/screens?region=41%27--',
    '/api/screens?region=41&region=42',
    '/api/screens?unknown=1',
    `/api/regions/search?text=${'%E6%9D%91'.repeat(500)}`,
    '/api/schedules/document?region=41&at=99999999999999',
    '/api/schedules/document?region=41&at=-1',
    '/api/schedules?text=%00',
    '/api/assessment/regions?parent=41&tier=county&day=9999-12-31',
    '/api/assessment/regions?parent=41&tier=county&day=2026-02-30',
    '/api/assessment/regions?parent=41&tier=county&day=0000-01-01',
    '/api/audit?limit=0',
    '/api/live?region=41&limit=100000',
    `/api/plans/states?region=${'4'.repeat(5_000)}`,
    `/api/${'a'.repeat(20_000)}`,
  ])('are answered or refused, never a failure: %s', async (path) => {
    const { status } = await send({ path, headers: { cookie } });
    // 431: Node itself takes no longer line.
    expect(status === 431 || status < 500, `${status}`).toBe(true);
  });
});
