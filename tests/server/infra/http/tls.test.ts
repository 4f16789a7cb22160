import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../server/infra/config.ts';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import { SignedKind } from '../../../../shared/core/signed.ts';
import { PLAYER_NAMESPACE } from '../../../../shared/screen/protocol.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { makeDevice } from '../../../helpers/device.ts';

const folder = mkdtempSync(join(tmpdir(), 'kepu-tls-'));
const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
const tlsOf = (cert: string, key: string) => parseConfig({ KEPU_TLS_CERT: cert, KEPU_TLS_KEY: key }).tls;

let at: TestCenter;
let ca: Buffer;
beforeAll(async () => {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const name = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...name, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  ca = readFileSync(certFile);
  at = await startCenter({ listen: true, config: { tls: tlsOf(certFile, keyFile) } });
});
afterAll(async () => {
  await at.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(path: string, init: { method?: string; headers?: object; body?: object } = {}) {
  const { method = 'GET', headers = {}, body } = init;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(at.url + path, {
      method,
      ca,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    });
    sent.once('response', resolve).once('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe('a center with a certificate', () => {
  it('answers by TLS, with a cookie that never travels without it', async () => {
    expect(at.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const login = await ask('/api/identity/login', { method: 'POST', body: at.admin });
    expect(login.status).toBe(200);
    expect(login.headers['set-cookie']?.[0]).toMatch(/; Secure(;|$)/);
    expect(login.headers['strict-transport-security']).toContain('max-age');
    const cookie = login.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await ask('/api/identity/me', { headers: { cookie } })).status).toBe(200);
  });

  it('takes changes from its own https pages and from no http ones', async () => {
    const tryFrom = async (origin: string) =>
      (await ask('/api/identity/login', { method: 'POST', headers: { origin }, body: at.admin })).status;
    expect(await tryFrom(at.url)).toBe(200);
    expect(await tryFrom(at.url.replace('https:', 'http:'))).toBe(403);
  });

  it('answers nothing in the clear', async () => {
    await expect(fetch(`${at.url.replace('https:', 'http:')}/healthz`)).rejects.toThrow();
  });

  it('lets a player’s socket in', async () => {
    const cookie = await at.login();
    const screen = await at.as(cookie)('POST', '/api/screens', { name: '屏', region: '410307' });
    const device = makeDevice();
    await device.claimTo(at, screen.body.id as ScreenId, cookie);
    const socket = io(`${at.url}${PLAYER_NAMESPACE}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ca: ca.toString(),
    });
    const { nonce } = await new Promise<{ nonce: string }>((resolve, reject) => {
      socket.once('challenge', resolve);
      socket.once('connect_error', reject);
    });
    const hello = device.signed(SignedKind.hello, {
      format: SignedKind.hello,
      device: device.device,
      boot: 'b'.repeat(32),
      nonce,
      center: at.center.services.enrolment.center.keyId,
      renderer: 'headless',
      version: 'test',
      osBoot: 'test',
      counter: 0,
      plan: null,
    });
    expect(await socket.emitWithAck('hello', hello)).toMatchObject({ ok: true });
    socket.close();
  });

  it('says which file is wrong instead of failing as a bug', async () => {
    const garbage = join(folder, 'garbage.pem');
    writeFileSync(garbage, 'not a certificate');
    for (const [cert, key] of [
      [join(folder, 'gone.pem'), keyFile],
      [garbage, keyFile],
      [certFile, garbage],
      [certFile, certFile],
    ] as const)
      await expect(startCenter({ config: { tls: tlsOf(cert, key) } })).rejects.toMatchObject({
        code: 'CONFIG_INVALID',
      });
  });
});

describe('plain HTTP', () => {
  it('is for loopback alone, unless allowed', () => {
    for (const host of ['0.0.0.0', '::', '192.168.1.9', 'center.example', '127.evil.example'])
      expect(() => parseConfig({ KEPU_HOST: host }), host).toThrow('KEPU_ALLOW_PLAIN_HTTP');
    for (const host of ['127.0.0.1', '127.0.1.7', 'localhost', '::1'])
      expect(parseConfig({ KEPU_HOST: host }).host).toBe(host);
  });

  it('has a cookie that is secure only where a proxy in front has TLS', async () => {
    const cookieOf = async (publicUrl: string | null) => {
      const plain = await startCenter({ config: { publicUrl } });
      const { headers } = await plain.as(null)('POST', '/api/identity/login', plain.admin);
      await plain.stop();
      return String(headers['set-cookie']);
    };
    expect(await cookieOf(null)).not.toContain('Secure');
    expect(await cookieOf('https://kepu.example')).toContain('Secure');
  });
});
