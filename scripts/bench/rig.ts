import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../setup/command.ts';
import { startCenter } from '../demo/center.ts';
import type { RunningCenter } from '../demo/center.ts';
import { Child } from '../demo/child.ts';
import { freePort } from '../demo/free-port.ts';
import { readOptions } from '../demo/options.ts';

/** A scratch folder and all processes that a benchmark started; `stop()` undoes everything. */
export class Rig {
  readonly folder: string;
  readonly #children: Child[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<Rig> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kepu-bench-'));
    await mkdir(path.join(folder, 'logs'));
    return new Rig(folder);
  }

  /** Starts a center on this rig's folder, the same one each time. */
  async startCenter(): Promise<RunningCenter> {
    const options = readOptions([], { KEPU_DATA: this.folder });
    return startCenter(options, await freePort(0), (child) => this.#children.push(child));
  }

  /** Starts a script of ours. */
  startScript(name: string, args: readonly string[] = []): Child {
    const entry = path.join(ROOT, 'scripts', name);
    const logFile = path.join(this.folder, 'logs', `${path.basename(name)}.log`);
    const child = Child.start({ name, entry, args, logFile });
    this.#children.push(child);
    return child;
  }

  async stop(): Promise<void> {
    for (const child of this.#children.toReversed()) await child.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const readySchema = z.object({ kind: z.literal('ready'), url: z.string() });

/** Waits for a script's word that it is ready. @returns the address it named. */
export function readyOf(child: Child): Promise<string> {
  return Promise.race([
    new Promise<string>((resolve) => {
      child.onMessage((raw) => {
        const message = readySchema.safeParse(raw);
        if (message.success) resolve(message.data.url);
      });
    }),
    child.ended.then((code) => {
      throw new Error(`${child.name} ended with ${code}: ${child.lastErrors.join('\n')}`);
    }),
  ]);
}

/** Resident memory of a process in bytes (proc(5)); Linux only. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (found === null) throw new Error(`no VmRSS for ${pid}`);
  return Number(found[1]) * 1024;
}
