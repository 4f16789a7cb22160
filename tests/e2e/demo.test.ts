import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../player/shells/kiosk/find-chromium.ts';
import { ROOT } from '../helpers/source-files.ts';

/** `npm run demo` as a newcomer runs it, with a smaller fleet, on a data folder of its own. */
interface Run {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

let folder = '';

function startDemo(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, 'scripts', 'demo.ts'), '--screens', '6', '--headless', ...args],
    {
      cwd: ROOT,
      env: { ...process.env, KEPU_DATA: folder, KEPU_PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const pieces: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => pieces.push(piece.toString()));
  return {
    process: child,
    output: () => pieces.join(''),
    ended: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
  };
}

async function waitFor(run: Run, pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(run.output());
    if (found !== null) return found;
    if (run.process.exitCode !== null) throw new Error(`the demo ended:\n${run.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Processes whose command line names the demo's folder. */
function processesOf(name: string): string[] {
  return spawnOutput('ps', ['-eo', 'pid,args']).filter(
    (line) => line.includes(name) && !line.includes('ps -eo'),
  );
}

function spawnOutput(program: string, args: readonly string[]): string[] {
  return execFileSync(program, [...args], { encoding: 'utf8', maxBuffer: 1e7 }).split('\n');
}

describe.runIf(findChromium(process.env['PATH'] ?? '') !== null)('npm run demo', () => {
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'kepu-demo-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('--check sees the scheduled item painted and the county figure computed, stops, and ends with 0', async () => {
    const run = startDemo(['--check']);
    const code = await run.ended;
    expect(run.output()).toMatch(/画出来了：「.+」，排期「.+」/);
    expect(run.output()).toMatch(/算出来了：卢氏县 今日开机率 [\d.]+–[\d.]+ %（未结算）/);
    expect(run.output()).toContain('检查通过');
    expect(code).toBe(0);
    expect(processesOf(folder)).toEqual([]);
    // It builds, applies a province and waits for a journal to close: a minute idle, several on a busy machine.
  }, 400_000);

  it('continues where it was, takes another port where its own is busy, and leaves nothing running after Ctrl-C', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const startedMs = Date.now();
      const run = startDemo([], { KEPU_PORT: String(port) });
      const [, url = ''] = await waitFor(run, /控制台\s+(http:\S+)/);
      expect(Date.now() - startedMs).toBeLessThan(15_000);
      expect(run.output()).toContain('接着上次的演示');
      expect(run.output()).toMatch(new RegExp(`端口 ${port} 被占用，改用 \\d+`));
      expect(run.output()).toMatch(/排期 schedules\/henan：\d+ 项都没变/);
      const [, password = ''] = await waitFor(run, /密码\s+(\S+)/);
      const login = await fetch(`${url}/api/identity/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login: 'admin', password }),
      });
      expect(login.status).toBe(200);
      expect((await fetch(`${url}/`)).headers.get('content-type')).toContain('text/html');
      run.process.kill('SIGINT');
      expect(await run.ended).toBe(0);
      expect(processesOf(folder)).toEqual([]);
    } finally {
      taken.close();
    }
  });

  it('keeps the password where only this user reads it, and out of every log', () => {
    const file = path.join(folder, 'demo.json');
    expect(statSync(file).mode & 0o077).toBe(0);
    const { password } = JSON.parse(readFileSync(file, 'utf8')) as { password: string };
    for (const name of ['center', 'player', 'fleet']) {
      const log = path.join(folder, 'logs', `${name}.log`);
      expect(existsSync(log)).toBe(true);
      expect(readFileSync(log, 'utf8')).not.toContain(password);
    }
  });

  it('cleans up after a demo that was killed', async () => {
    const killed = startDemo([]);
    await waitFor(killed, /控制台\s+http/);
    killed.process.kill('SIGKILL');
    await killed.ended;
    const run = startDemo([]);
    await waitFor(run, /控制台\s+http/);
    expect(run.output()).toMatch(/停下了留着的 \d+ 个进程/);
    run.process.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect(processesOf(folder)).toEqual([]);
  });

  it('says what is wrong with an argument, and how to call it', async () => {
    const run = startDemo(['--screens', 'many']);
    expect(await run.ended).toBe(2);
    expect(run.output()).toContain('--screens 填 0–5000 的整数');
  });
});
