import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ROOT, findProgram, runCommand } from '../setup/command.ts';
import { makeResult, percentile } from './report.ts';
import type { Result } from './report.ts';
import { readyOf } from './rig.ts';
import type { Rig } from './rig.ts';

const RESTARTS = 5;
/** DESIGN.md's promise for the demo's second run. */
const SECOND_RUN_S = 15;

/** Center cold start: from the process's start to its word that it is ready. The peer is a bare Node process that listens. */
export async function measureStarts(rig: Rig): Promise<Result[]> {
  const timed = async () => {
    const startedMs = performance.now();
    const center = await rig.startCenter();
    const tookMs = performance.now() - startedMs;
    await center.child.stop();
    return tookMs;
  };
  const first = await timed();
  const again: number[] = [];
  for (let run = 0; run < RESTARTS; run += 1) again.push(await timed());
  const peer = { name: 'bare Node process that listens', value: await bareStartMs(rig) };
  return [
    makeResult({ metric: 'center, empty folder → ready and logged in', value: first, unit: 'ms', peer }),
    makeResult({
      metric: `center, cold start → ready and logged in, p50 of ${RESTARTS}`,
      value: percentile(again, 0.5),
      unit: 'ms',
      peer,
    }),
  ];
}

async function bareStartMs(rig: Rig): Promise<number> {
  const samples: number[] = [];
  for (let run = 0; run < RESTARTS; run += 1) {
    const startedMs = performance.now();
    const child = rig.startScript('bench/bare-socket.ts');
    await readyOf(child);
    samples.push(performance.now() - startedMs);
    await child.stop();
  }
  return percentile(samples, 0.5);
}

/**
 * The demo on a fresh clone without node_modules, to the line that says where to look; then once more.
 * What is not committed is not measured.
 */
export async function measureDemo(): Promise<Result[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kepu-bench-demo-'));
  try {
    const clone = path.join(folder, 'clone');
    const { code, output } = await runCommand('git', ['clone', '--quiet', ROOT, clone]);
    if (code !== 0) throw new Error(output);
    const first = await timeDemo(clone);
    const second = await timeDemo(clone);
    return [
      makeResult({ metric: 'demo, first run on a fresh clone → on air', value: first, unit: 's' }),
      makeResult({
        metric: 'demo, second run → on air',
        value: second,
        unit: 's',
        goal: { atMost: SECOND_RUN_S },
        peer: { name: 'first run', value: first },
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Seconds to the address of the console; then Ctrl-C. Runs under the machine's own Node, as a newcomer would. */
function timeDemo(clone: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    let tookS: number | null = null;
    const child = spawn(machineNode(), ['scripts/bootstrap.mjs', 'demo'], {
      cwd: clone,
      env: { ...process.env, PATH: pathWithoutOurs(), KEPU_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const pieces: string[] = [];
    const onPiece = (piece: Buffer) => {
      pieces.push(piece.toString());
      if (tookS !== null || !pieces.join('').includes('控制台  ')) return;
      tookS = (performance.now() - startedMs) / 1_000;
      child.kill('SIGINT');
    };
    child.stdout.on('data', onPiece);
    child.stderr.on('data', onPiece);
    child.once('error', reject);
    child.once('exit', () => {
      if (tookS === null) reject(new Error(`the demo did not come up:\n${pieces.join('')}`));
      else resolve(tookS);
    });
  });
}

/** Node and npm as the machine has them, not the project's own. */
function pathWithoutOurs(): string {
  const parts = (process.env['PATH'] ?? '').split(path.delimiter);
  return parts.filter((part) => !part.includes(`${path.sep}node_modules${path.sep}`)).join(path.delimiter);
}

function machineNode(): string {
  const before = process.env['PATH'];
  process.env['PATH'] = pathWithoutOurs();
  try {
    return findProgram('node') ?? process.execPath;
  } finally {
    process.env['PATH'] = before;
  }
}
