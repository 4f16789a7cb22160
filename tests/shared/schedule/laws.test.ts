import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../shared/core/time.ts';
import { DAY_S } from '../../../shared/core/time.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import { instant, makePlan } from './make-plan.ts';
import { resolveByTheMinute } from './reference.ts';
import { denialsArb, FIRST_DAY, madePlanArb, scheduleArb } from './worlds.ts';

const START = instant(FIRST_DAY, '00:00');
const END = (START + 2 * DAY_S) as Instant;

describe('the laws of the timeline', () => {
  it('says what the fine print says, read minute by minute', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, (made, denials) => {
        const plan = makePlan(made);
        // The reference starts cold, so it is given two days to reach a midnight that nothing crosses.
        const cold = (START - 2 * DAY_S) as Instant;
        const resolver = createResolver(plan, denials);
        const expected = resolveByTheMinute(plan, denials, cold, END);
        const clean = resolver.timeline(START, END);
        for (const entry of clean)
          for (let at: number = Math.max(entry.start, START); at < Math.min(entry.end, END); at += 60)
            expect({ at, schedule: entry.schedule, item: entry.item, start: entry.start }).toEqual({
              at,
              ...expected[(at - cold) / 60],
            });
      }),
      { numRuns: 150 },
    );
  });
});
