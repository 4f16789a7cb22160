import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { screenIdSchema } from '../../shared/core/ids.ts';

/** What the demo remembers between two runs, beside what the center and the players keep themselves. */
const demoFileSchema = z.strictObject({
  format: z.literal('kepu-demo/1'),
  login: z.string(),
  /** The generated password, which the center says only once. */
  password: z.string(),
  /** The fleet's screens by the number of the player that shows them: a player keeps its screen. */
  fleet: z.array(screenIdSchema),
});
export type DemoFile = z.infer<typeof demoFileSchema>;

/** @returns `null` where there is none, or none that can be read. */
export function readDemoFile(folder: string): DemoFile | null {
  const file = fileIn(folder);
  if (!existsSync(file)) return null;
  try {
    return demoFileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Half written or of another version: the caller says how to go on.
    return null;
  }
}

/** Changes what is given and keeps the rest. Readable by this user alone. */
export function updateDemoFile(folder: string, patch: Partial<Omit<DemoFile, 'format'>>): void {
  const file = fileIn(folder);
  const before = readDemoFile(folder) ?? { login: 'admin', password: '', fleet: [] };
  const content: DemoFile = { ...before, ...patch, format: 'kepu-demo/1' };
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function fileIn(folder: string): string {
  return path.join(folder, 'demo.json');
}
