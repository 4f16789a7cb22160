import fc from 'fast-check';
import { describe, it } from 'vitest';
import { tierWeights } from '../../../shared/schedule/quota.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import { LAWS } from './laws/all.ts';

/** The short, seeded form; `npm run soak -- schedule` takes 10,000 cases of each law. */
const SEED = 20_261_123;

describe('the laws of the timeline', () => {
  for (const law of LAWS)
    it(`${law.name}: ${law.source}`, () => {
      const holds = fc.property(law.arbitrary, (one) => law.check({ createResolver, tierWeights }, one));
      fc.assert(holds, { seed: SEED, numRuns: law.shortRuns });
    });
});
