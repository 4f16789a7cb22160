import { beforeAll, describe, expect, it } from 'vitest';
import { foundBy, runMutants } from '../../../scripts/soak/mutants.ts';
import type { MutantEnd } from '../../../scripts/soak/mutants.ts';
import { LAWS } from './laws/all.ts';
import { MUTANTS } from './mutants/all.ts';

/** Every law has been seen to fail: copies of the rules, each broken at one place, are put to the laws. */
const CASES = 1_000;
const SEED = 20_261_123;

describe('rules broken on purpose', () => {
  let ends: readonly MutantEnd[] = [];
  beforeAll(async () => {
    ends = await runMutants(MUTANTS, { cases: CASES, seed: SEED, workers: 2 });
  }, 240_000);

  it('has at least one for every law, and none for a law that is not there', () => {
    expect(new Set(MUTANTS.map(({ law }) => law))).toEqual(new Set(LAWS.map(({ name }) => name)));
  });

  for (const [index, { law, breaks, file }] of MUTANTS.entries())
    it(`${law}: notices that ${breaks}`, () => {
      const end = ends[index];
      expect(end?.places, `the text that this mutant replaces in shared/${file} stands there once`).toBe(1);
      expect(
        end === undefined ? null : foundBy(end),
        `a counterexample within ${CASES} cases`,
      ).not.toBeNull();
    });
});
