import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { BlobCache } from '../../../player/engine/cache/blob-cache.ts';
import { StageServer } from '../../../player/engine/stage/stage-server.ts';
import { silentLog, systemRandom } from '../../../player/engine/system-ports.ts';
import { sha256Hex } from '../../../shared/core/canonical.ts';
import { STAGE_SOCKET_PATH } from '../../../shared/screen/stage-protocol.ts';
import type { Painted, Scene } from '../../../shared/screen/stage-protocol.ts';
import { makeFolder, until } from './fixtures.ts';

const SCENE: Scene = {
  mode: 'notice',
  title: '正在启动',
  text: '',
  progress: null,
  device: 'd',
  version: '1',
};
const servers: StageServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function makeServer() {
  const page = makeFolder();
  writeFileSync(join(page, 'index.html'), '<!doctype html><title>stage</title>');
  const folder = makeFolder();
  const cache = new BlobCache(folder);
  const bytes = Buffer.from('0123456789');
  const blob = { sha256: sha256Hex(bytes), sizeBytes: bytes.length };
  writeFileSync(join(folder, blob.sha256), bytes);
  const server = new StageServer({ cache, pageFolder: page, random: systemRandom, log: silentLog });
  servers.push(server);
  const painted: Painted[] = [];
  server.listen({
    nowMs: () => 1_234,
    ready: () => {},
    painted: (one) => painted.push(one),
    progress: () => {},
    failed: () => {},
    gone: () => {},
  });
  const url = new URL(await server.start());
  const enter = await fetch(url, { redirect: 'manual' });
  const cookie = enter.headers.get('set-cookie')?.split(';')[0] ?? '';
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, url), { headers: { cookie, ...headers }, redirect: 'manual' });
  return { server, url, enter, cookie, get, cache, blob, painted };
}

describe('the stage origin', () => {
  it('turns the token in the address into a cookie and serves the page to who holds it', async () => {
    const { url, enter, get } = await makeServer();
    expect(enter.status).toBe(302);
    expect(enter.headers.get('location')).toBe('/');
    expect(enter.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await fetch(new URL('/', url))).status).toBe(403);
    expect((await fetch(new URL('/?token=wrong', url), { redirect: 'manual' })).status).toBe(403);
  });

  it('serves media by hash and range only once this process has checked it', async () => {
    const { get, cache, blob } = await makeServer();
    const path = `/media/${blob.sha256}.mp4`;
    expect((await get(path)).status).toBe(404);
    await cache.verify(blob);
    const whole = await get(path);
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    expect(whole.headers.get('content-type')).toBe('video/mp4');
    for (const [range, status, text] of [
      ['bytes=2-4', 206, '234'],
      ['bytes=7-', 206, '789'],
      ['bytes=-3', 206, '789'],
      ['bytes=5-999', 206, '56789'],
      ['bytes=10-', 416, ''],
    ] as const) {
      const part = await get(path, { range });
      expect([range, part.status, await part.text()]).toEqual([range, status, text]);
    }
  });

  it('gives nothing outside the page, to another name or another method', async () => {
    const { url, get, cookie } = await makeServer();
    expect((await get('/..%2f..%2fetc/passwd')).status).toBe(404);
    expect((await get('/media/../device.key')).status).toBe(404);
    expect((await get('/%ff')).status).toBe(404);
    const posted = await fetch(url, { method: 'POST', headers: { cookie } });
    expect(posted.status).toBe(405);
  });

  it('shows the last scene to a stage that comes, and takes only what the protocol says', async () => {
    const { server, url, cookie, painted } = await makeServer();
    server.show(SCENE);
    const socket = io(url.origin, {
      path: STAGE_SOCKET_PATH,
      transports: ['websocket'],
      extraHeaders: { cookie, origin: url.origin },
      reconnection: false,
    });
    const scenes: Scene[] = [];
    socket.on('scene', (scene: Scene) => scenes.push(scene));
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    expect(await socket.timeout(2_000).emitWithAck('clock')).toBe(1_234);
    socket.emit('ready', { userAgent: 'test', width: 1920, height: 1080 });
    await until('the scene', () => scenes.length === 1);
    expect(scenes[0]).toEqual(SCENE);
    socket.emit('painted', { key: 1 });
    socket.emit('painted', { key: 'k', atMs: 5 });
    await until('painted', () => painted.length > 0);
    expect(painted).toEqual([{ key: 'k', atMs: 5 }]);
    socket.disconnect();
  });

  it('lets no other page of this machine be the stage', async () => {
    const { url, cookie } = await makeServer();
    for (const extraHeaders of [
      { origin: url.origin },
      { cookie, origin: 'http://127.0.0.1:1' },
      { cookie: cookie.replace(/=.*/, '=0123'), origin: url.origin },
    ]) {
      const socket = io(url.origin, {
        path: STAGE_SOCKET_PATH,
        transports: ['websocket'],
        extraHeaders,
        reconnection: false,
        forceNew: true,
      });
      const outcome = await new Promise((resolve) => {
        socket.once('connect', () => resolve('connected'));
        socket.once('connect_error', () => resolve('refused'));
      });
      socket.disconnect();
      expect(outcome).toBe('refused');
    }
  });
});
