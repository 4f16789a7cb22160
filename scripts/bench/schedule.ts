import os from 'node:os';
import process from 'node:process';
import { measureFanOut } from './publishing.ts';
import type { Report, Result } from './report.ts';
import { measureBytes, measureExplain, measureLookup, measureResolve } from './resolving.ts';

/** Parts of `npm run bench -- schedule`, in the order they run. */
export const SCHEDULE_PARTS = ['resolve', 'lookup', 'explain', 'bytes', 'publish'] as const;
export type SchedulePart = (typeof SCHEDULE_PARTS)[number];

export interface ScheduleBenchOptions {
  /** Only this part; `null` for all. */
  readonly only: SchedulePart | null;
  readonly say: (line: string) => void;
}

/** The province that the goals are for, how cost grows towards it, and as many plans as screens. */
const PROVINCES = [
  { screens: 1_000, kinds: 60, connected: 200, target: false },
  { screens: 10_000, kinds: 600, connected: 1_000, target: false },
  { screens: 50_000, kinds: 3_000, connected: 5_000, target: true },
  { screens: 50_000, kinds: 50_000, connected: 1_000, target: false },
] as const;

/** `npm run bench -- schedule`: resolving, explaining, and a province-wide change, each beside a naive way. */
export async function benchSchedule({ only, say }: ScheduleBenchOptions): Promise<Report> {
  const results: Result[] = [];
  for (const part of SCHEDULE_PARTS) {
    if (only !== null && only !== part) continue;
    say(`${part}…`);
    results.push(...(await measure(part, say)));
  }
  return { name: 'schedule', facts: machineFacts(), results };
}

async function measure(part: SchedulePart, say: (line: string) => void): Promise<Result[]> {
  switch (part) {
    case 'resolve':
      return measureResolve();
    case 'lookup':
      return measureLookup();
    case 'explain':
      return measureExplain();
    case 'bytes':
      return measureBytes();
    case 'publish': {
      const results: Result[] = [];
      for (const province of PROVINCES) results.push(...(await measureFanOut(province, say)));
      return results;
    }
    default:
      return part satisfies never;
  }
}

/** What the figures were measured on, and how busy it was. */
function machineFacts(): string[] {
  const cpus = os.cpus();
  const [load = 0] = os.loadavg();
  return [
    `${cpus.length} × ${cpus[0]?.model ?? '?'}, ${Math.round(os.totalmem() / 1024 ** 3)} GiB`,
    `Node ${process.version}, ${os.type()} ${os.release()}`,
    `load before it ended: ${load.toFixed(1)}`,
  ];
}
