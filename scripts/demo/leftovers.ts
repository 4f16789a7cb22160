import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/**
 * The demo's processes by id, so that the next run can end what a killed one left behind. An id alone
 * could be somebody else's by now: the kernel's start time must be the same too.
 */
const recordSchema = z.array(z.object({ pid: z.int().positive(), startedAt: z.string() }));
const GONE_WITHIN_MS = 5_000;

/** Notes which processes belong to the demo. */
export function noteProcesses(dataFolder: string, pids: readonly number[]): void {
  const record = pids
    .map((pid) => ({ pid, startedAt: startTimeOf(pid) }))
    .filter(({ startedAt }) => startedAt !== '');
  writeFileSync(fileIn(dataFolder), JSON.stringify(record));
}

/** Ends the groups of what an earlier demo left running. @returns how many there were. */
export async function endLeftovers(dataFolder: string): Promise<number> {
  const file = fileIn(dataFolder);
  if (!existsSync(file)) return 0;
  const left = readRecord(file).filter(({ pid, startedAt }) => startTimeOf(pid) === startedAt);
  for (const { pid } of left) signalGroup(pid, 'SIGTERM');
  for (
    let waitedMs = 0;
    waitedMs < GONE_WITHIN_MS && left.some(({ pid }) => startTimeOf(pid) !== '');
    waitedMs += 100
  )
    await sleep(100);
  for (const { pid } of left) signalGroup(pid, 'SIGKILL');
  rmSync(file, { force: true });
  return left.length;
}

/** Forgets them: all were stopped. */
export function forgetProcesses(dataFolder: string): void {
  rmSync(fileIn(dataFolder), { force: true });
}

function readRecord(file: string): z.infer<typeof recordSchema> {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Half written when the power went: nothing to go by.
    return [];
  }
}

/** Clock ticks since boot at which a process began (proc(5), field 22); empty where nobody can say. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold blanks and brackets itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

function fileIn(dataFolder: string): string {
  return path.join(dataFolder, 'processes.json');
}
