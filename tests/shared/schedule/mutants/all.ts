import type { Mutant } from './mutant.ts';
import { MUTANTS_OF_DECISIONS } from './of-decisions.ts';
import { MUTANTS_OF_SHARES } from './of-shares.ts';
import { MUTANTS_OF_TIMES } from './of-times.ts';

/** Deliberately broken rules; every law has at least one that it finds. */
export const MUTANTS: readonly Mutant[] = [
  ...MUTANTS_OF_DECISIONS,
  ...MUTANTS_OF_SHARES,
  ...MUTANTS_OF_TIMES,
];
