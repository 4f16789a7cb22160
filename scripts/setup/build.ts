import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './command.ts';

/** A page that Vite builds: what it is made of, and where it goes. */
interface Page {
  readonly name: string;
  readonly config: string;
  readonly sources: readonly string[];
  readonly out: string;
}

const PAGES: readonly Page[] = [
  {
    name: '控制台',
    config: 'vite.console.config.ts',
    sources: ['server/console', 'shared'],
    out: 'dist/console',
  },
  {
    name: '大屏页面',
    config: 'vite.stage.config.ts',
    sources: ['player/stage', 'shared'],
    out: 'dist/stage',
  },
];
const STAMP = '.built-from';

/**
 * Builds the console and the stage where their sources, their configuration or the lockfile changed
 * since the last build.
 * @throws what Vite throws, with its own message.
 */
export async function buildPages(
  say: (line: string) => void,
  options: { force?: boolean } = {},
): Promise<void> {
  for (const page of PAGES) {
    const wanted = fingerprintOf(page);
    const stamp = path.join(ROOT, page.out, STAMP);
    const isFresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
    if (isFresh && options.force !== true) continue;
    const started = Date.now();
    say(`生成${page.name}…`);
    await buildPage(page, wanted);
    say(`生成${page.name}，用时 ${((Date.now() - started) / 1000).toFixed(1)} 秒`);
  }
}

/** Builds beside the old files and then changes over, so that whoever serves them meets no half. */
async function buildPage({ sources, config, out }: Page, stamp: string): Promise<void> {
  const target = path.join(ROOT, out);
  const fresh = `${target}.${process.pid}.new`;
  const old = `${target}.${process.pid}.old`;
  try {
    const { build } = await import('vite');
    await build({
      root: path.join(ROOT, sources[0] ?? ''),
      configFile: path.join(ROOT, config),
      logLevel: 'error',
      build: { outDir: fresh, emptyOutDir: true },
    });
    writeFileSync(path.join(fresh, STAMP), stamp);
    if (existsSync(target)) renameSync(target, old);
    renameSync(fresh, target);
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}

/** SHA-256 over the names and bytes of all that a page is made of. */
function fingerprintOf(page: Page): string {
  const hash = createHash('sha256');
  const files = page.sources.flatMap((folder) => filesIn(folder)).toSorted();
  for (const file of [page.config, 'package-lock.json', ...files]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
}
