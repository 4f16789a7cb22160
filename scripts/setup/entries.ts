import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runCommand } from './command.ts';

/**
 * Everything that plain Node starts. Each is started with `--help`, which must load all its imports,
 * print, and end with 0: what the type stripper can't run, and vitest can, is found here.
 */
export const ENTRIES = [
  'server/main.ts',
  'player/shells/kiosk/main.ts',
  'player/shells/headless/main.ts',
  'player/shells/page/main.ts',
  'scripts/demo.ts',
  'scripts/bench.ts',
  'scripts/soak.ts',
  'scripts/player.ts',
  'scripts/schedules.ts',
  'scripts/audit.ts',
] as const;

/** Loading all imports takes a second or two; a program that runs on instead has not understood `--help`. */
const WITHIN_MS = 30_000;

/** Starts each entry with `--help`. @returns what went wrong, or `null`. */
export async function bootEntries(): Promise<string | null> {
  const wrong: string[] = [];
  for (const entry of ENTRIES) {
    if (!existsSync(path.join(ROOT, entry))) {
      wrong.push(`${entry}: 没有这个文件`);
      continue;
    }
    const { code, output } = await runCommand(process.execPath, [path.join(ROOT, entry), '--help'], {
      withinMs: WITHIN_MS,
    });
    if (code !== 0) wrong.push(`${entry} --help: ${code}\n${output.trim()}`);
    else if (output.trim() === '') wrong.push(`${entry} --help 什么也没说`);
  }
  return wrong.length === 0 ? null : wrong.join('\n');
}
