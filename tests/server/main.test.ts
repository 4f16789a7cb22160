import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CenterMessage } from '../../server/main.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const NODE = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kepu-main-'));
const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly messages: CenterMessage[];
  readonly ready: Promise<string>;
  readonly exit: Promise<number | null>;
  output(): { readonly out: string; readonly err: string };
}

function run(env: Record<string, string> = {}): Run {
  const child = fork(MAIN, [], {
    execPath: NODE,
    execArgv: [],
    silent: true,
    env: { PATH: '/usr/bin:/bin', KEPU_DATA: folder, KEPU_PORT: '0', ...env },
  });
  running.add(child);
  const messages: CenterMessage[] = [];
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => (out += String(data)));
  child.stderr?.on('data', (data) => (err += String(data)));
  const ready = new Promise<string>((resolve) => {
    child.on('message', (message: CenterMessage) => {
      messages.push(message);
      if (message.kind === 'ready') resolve(message.url);
    });
  });
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  return { child, messages, ready, exit, output: () => ({ out, err }) };
}

const login = (url: string, password: string) =>
  fetch(`${url}/api/identity/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: 'admin', password }),
  });

describe('server/main.ts under plain node', () => {
  let password = '';

  beforeAll(async () => {
    const center = run();
    const url = await center.ready;
    const first = center.messages.find((message) => message.kind === 'first-login');
    password = first?.password ?? '';
    expect((await login(url, password)).status).toBe(200);
    const { out, err } = center.output();
    expect(err).toContain(password);
    expect(out).not.toContain(password);
    for (const line of out.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    center.child.kill('SIGKILL');
    await center.exit;
  });

  it('starts again after kill -9, with the same password and without showing one', async () => {
    const center = run();
    const url = await center.ready;
    expect(center.messages.map(({ kind }) => kind)).toEqual(['ready']);
    expect((await login(url, password)).status).toBe(200);
    const second = run();
    expect(await second.exit).toBe(2);
    expect(second.output().err).toMatch(/正被另一个进程使用/);
    center.child.kill('SIGTERM');
    expect(await center.exit).toBe(0);
  });

  it('takes the same Ctrl-C arriving twice for one, and still stops as asked', async () => {
    const center = run();
    await center.ready;
    center.child.kill('SIGINT');
    center.child.kill('SIGTERM');
    center.child.kill('SIGINT');
    expect(await center.exit).toBe(0);
  });

  it('makes and shows no password where its port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const fresh = join(folder, 'port-taken');
    const center = run({ KEPU_DATA: fresh, KEPU_PORT: String(port) });
    expect(await center.exit).toBe(2);
    holder.close();
    expect(center.output().err).toContain('KEPU_PORT');
    expect(center.messages).toEqual([]);
    expect(existsSync(fresh)).toBe(false);
  });

  it('says in one line per variable what is wrong, and exits 2', async () => {
    const center = run({ KEPU_PORT: 'eighty', KEPU_COLOR: 'blue' });
    expect(await center.exit).toBe(2);
    const lines = center.output().err.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('KEPU_PORT=eighty');
  });
});
