import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MUTANTS } from '../../tests/shared/schedule/mutants/all.ts';
import type { Mutant } from '../../tests/shared/schedule/mutants/mutant.ts';
import { runJobs } from './law-crew.ts';
import type { LawEnd } from './law-job.ts';
import type { SoakOptions } from './schedule.ts';
import { table } from './table.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const PATIENCE_MS = 10 * 60_000;

/** How one broken copy of the rules fared. */
export interface MutantEnd {
  readonly mutant: Mutant;
  /** How often its text stands in the source; anything but once is stale, and nothing was run. */
  readonly places: number;
  readonly end: LawEnd | null;
}

/**
 * Breaks a copy of the rules at one place for each mutant, and puts it to the law that must notice.
 * The copies lie in a temporary folder, which is gone afterwards.
 */
export async function runMutants(
  mutants: readonly Mutant[],
  options: { readonly cases: number; readonly seed: number; readonly workers: number },
): Promise<MutantEnd[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kepu-mutants-'));
  try {
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    const made = mutants.map((mutant, index) => ({
      mutant,
      ...makeMutant(mutant, path.join(folder, `${index}`)),
    }));
    const live = made.filter(({ places }) => places === 1);
    const jobs = live.map(({ mutant, sharedFolder }) => ({
      law: mutant.law,
      cases: options.cases,
      seed: options.seed,
      sharedFolder,
      shrink: false,
    }));
    const ends = await runJobs(jobs, { workers: options.workers, patienceMs: PATIENCE_MS });
    return made.map((one) => ({
      mutant: one.mutant,
      places: one.places,
      end: ends[live.indexOf(one)] ?? null,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeMutant(
  { file, find, replace }: Mutant,
  folder: string,
): { places: number; sharedFolder: string } {
  const sharedFolder = path.join(folder, 'shared');
  const source = readFileSync(path.join(ROOT, 'shared', file), 'utf8');
  const places = source.split(find).length - 1;
  if (places === 1) {
    cpSync(path.join(ROOT, 'shared'), sharedFolder, { recursive: true });
    writeFileSync(
      path.join(sharedFolder, file),
      source.replace(find, () => replace),
    );
  }
  return { places, sharedFolder };
}

/** Puts every mutant to its law and says how it fared. @returns whether all were found. */
export async function soakMutants({ cases, seed, law, workers, say }: SoakOptions): Promise<boolean> {
  const chosen = MUTANTS.filter((one) => law === null || one.law.includes(law));
  const ends = await runMutants(chosen, { cases, seed, workers });
  const heads = ['law', 'found at case', 'broken rule', 'counterexample'];
  say(table(heads, ends.map(rowOf)));
  return ends.length > 0 && ends.every((one) => foundBy(one) !== null);
}

function rowOf(one: MutantEnd): string[] {
  const { mutant, places, end } = one;
  const stale = `stale: its text stands ${places} times in ${mutant.file}`;
  const why = foundBy(one) ?? (places === 1 ? 'not found' : stale);
  return [mutant.law, foundBy(one) === null ? '-' : String(end?.cases), mutant.breaks, why.slice(0, 160)];
}

/** What the law said of the broken rules; `null` where it noticed nothing. */
export function foundBy({ end }: MutantEnd): string | null {
  return end?.counterexample?.why ?? null;
}
