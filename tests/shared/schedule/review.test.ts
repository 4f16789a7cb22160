import { describe, expect, it } from 'vitest';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { reviewDemand, reviewPolicySchema } from '../../../shared/schedule/review.schema.ts';

const policy = (region: string, stages: object, final: 'issuer' | 'demander' = 'issuer') =>
  reviewPolicySchema.parse({ region, stages, final });
const demandOf = (
  policies: ReturnType<typeof policy>[],
  region: string,
  issued?: Parameters<typeof reviewDemand>[2],
) => reviewDemand(policies, region as RegionCode, issued);

describe('the reviews that a draft has to pass', () => {
  it('are none without a policy, and the most that any region above asks of the tier', () => {
    expect(demandOf([], '411224')).toEqual({ stages: 0, final: '411224' });
    const policies = [policy('41', { county: 1 }), policy('4112', { county: 2, village: 3 })];
    expect(demandOf(policies, '411224')).toEqual({ stages: 2, final: '411224' });
    expect(demandOf(policies, '411221203001').stages).toBe(3);
    expect(demandOf(policies, '410122').stages).toBe(1);
  });

  it('end where the highest region that keeps the last stage to itself is', () => {
    const policies = [policy('41', { county: 1 }, 'demander'), policy('4112', { county: 3 }, 'demander')];
    expect(demandOf(policies, '411224')).toEqual({ stages: 3, final: '41' });
  });

  it('do not bind the region that demands them when it acts below itself', () => {
    expect(demandOf([policy('41', { county: 3 })], '41', ['province', 'county'])).toMatchObject({
      stages: 0,
    });
  });

  it('are not escaped in the name of a region between', () => {
    const policies = [policy('41', { county: 3 }, 'demander')];
    expect(demandOf(policies, '4112', ['city'])).toEqual({ stages: 0, final: '4112' });
    expect(demandOf(policies, '4112', ['county'])).toEqual({ stages: 3, final: '41' });
  });
});
