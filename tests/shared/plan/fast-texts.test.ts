import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText, sha256Hex } from '../../../shared/core/canonical.ts';
import { assignmentText, contentText } from '../../../shared/plan/assignment-text.ts';
import { assignmentSchema } from '../../../shared/plan/assignment.schema.ts';
import { encodePlan, planWriter } from '../../../shared/plan/plan-bytes.ts';
import { makeAsset, makeAssignment, makePlan } from './make-plan.ts';
import { makePlan as planOf } from '../schedule/make-plan.ts';
import { madePlanArb } from '../schedule/worlds.ts';

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the quickly written bytes of a plan', () => {
  it('are its canonical text, for any plan and whatever was written before', () => {
    const write = planWriter();
    fc.assert(
      fc.property(madePlanArb, (made) => {
        const plan = planOf(made);
        expect(textOf(write(plan))).toBe(canonicalText(plan));
        expect(textOf(write(plan))).toBe(canonicalText(plan));
      }),
      { numRuns: 200 },
    );
  });

  it('name the plan, names and titles in any script', () => {
    const asset = makeAsset({ title: '“引号”\\ \u2028 \u0007 é 😀' });
    const plan = makePlan({
      assets: { [asset.sha256]: { ...asset, approvals: [] } },
      holidays: { off: ['2026-10-01'], work: ['2026-10-10'] },
    });
    expect(sha256Hex(planWriter()(plan))).toBe(encodePlan(plan).digest);
  });
});

describe('the quick text of an assignment', () => {
  it('is its canonical text, and parses to the same', () => {
    fc.assert(
      fc.property(
        fc.record({
          screenName: fc.string({ unit: 'grapheme' }),
          regionNames: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
          demo: fc.boolean(),
          counter: fc.integer({ min: 1, max: 2 ** 50 }),
          denyListVersion: fc.nat(),
        }),
        (patch) => {
          const said = makeAssignment(patch);
          expect(assignmentText(said)).toBe(canonicalText(said));
          expect(assignmentSchema.parse(JSON.parse(assignmentText(said)))).toEqual(said);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('of what it says leaves out counter and times, and nothing else', () => {
    const said = makeAssignment();
    expect(contentText(makeAssignment({ counter: 9, issuedAt: 1_900_000_000 }))).toBe(contentText(said));
    for (const patch of [
      { screenName: '别处' },
      { denyListVersion: 1 },
      { demo: true },
      { region: '410202' },
      { settings: { ...said.settings, volume: 61 } },
    ])
      expect(contentText(makeAssignment(patch))).not.toBe(contentText(said));
  });
});
