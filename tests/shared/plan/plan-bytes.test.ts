import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, sha256Hex } from '../../../shared/core/canonical.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { decodePlan, encodePlan } from '../../../shared/plan/plan-bytes.ts';
import { makePlan } from './make-plan.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'none';
}

describe('plan bytes', () => {
  it('read back what was written, under the same name', () => {
    const plan = makePlan();
    const { bytes, digest } = encodePlan(plan);
    const read = decodePlan(bytes, digest);
    expect(read).toEqual(plan);
    expect(encodePlan(read).digest).toBe(digest);
  });

  it('do not depend on the order in which a plan was put together', () => {
    const plan = makePlan();
    const shuffled = Object.fromEntries(Object.entries(plan).reverse()) as typeof plan;
    expect(encodePlan(shuffled).digest).toBe(encodePlan(plan).digest);
  });

  it('are refused when any byte differs, before they are parsed', () => {
    const { bytes, digest } = encodePlan(makePlan());
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(codeOf(() => decodePlan(changed, digest))).toBe('PLAN_BYTES_DIFFER');
      }),
    );
    expect(codeOf(() => decodePlan(bytes.subarray(0, bytes.length - 1), digest))).toBe('PLAN_BYTES_DIFFER');
  });

  it('of another rules version are refused by that name, even where their shape is unknown too', () => {
    const bytes = canonicalBytes({ ...makePlan(), rulesVersion: 2, somethingNew: true });
    expect(codeOf(() => decodePlan(bytes, sha256Hex(bytes)))).toBe('PLAN_RULES_UNKNOWN');
  });

  it('that are no plan are refused though their hash agrees', () => {
    for (const text of ['', 'no', 'null', '{}', '{"rulesVersion":1}']) {
      const bytes = new TextEncoder().encode(text);
      expect(codeOf(() => decodePlan(bytes, sha256Hex(bytes)))).toBe('PLAN_INVALID');
    }
  });
});
