import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * The Electron binary that is on this machine, or `null`. It reads what the `electron` package's
 * installer left behind and never asks the package's entry, which downloads a missing binary.
 * @param packageFolder where the `electron` package lies; found by itself where not given.
 */
export function findElectron(packageFolder: string | null = electronFolder()): string | null {
  if (packageFolder === null) return null;
  const note = join(packageFolder, 'path.txt');
  if (!existsSync(note)) return null;
  const binary = join(packageFolder, 'dist', readFileSync(note, 'utf8').trim());
  return existsSync(binary) ? binary : null;
}

/** An optional package: `null` where it was not installed. */
function electronFolder(): string | null {
  try {
    return dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}
