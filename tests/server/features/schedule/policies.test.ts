import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Policies } from '../../../../shared/schedule/policy.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { done, drafting, makePerson, publishAtOnce, put } from '../../../helpers/schedulers.ts';

const COUNTY = '411224';
let at: TestCenter;
let call: Caller;
beforeAll(async () => {
  at = await startCenter();
  call = at.as(await at.login());
});
afterAll(() => at.stop());

const inForce = async (region: string) => done<Policies>(await call('GET', `/api/policies?region=${region}`));
const evening = { windows: [{ start: '19:00', end: '19:30' }], validity: { from: '2026-11-01', to: null } };

describe('what is in force for a region', () => {
  it('with no policy anywhere is the default, and no review', async () => {
    const { quota, review, reserved, own } = await inForce(COUNTY);
    expect(quota.from).toBeNull();
    expect(quota.tiers.map(({ tier, percent, share }) => [tier, percent, share])).toEqual([
      ['province', 40, 40],
      ['city', 20, 20],
      ['county', 20, 20],
      ['township', 10, 10],
      ['village', 10, 10],
    ]);
    expect(review).toMatchObject({ stages: 0, final: COUNTY, demands: [] });
    expect([reserved, own]).toEqual([[], { quota: null, review: null, reserved: [] }]);
  });

  it('names who sets which percent, who locks which minimum, who reserves and who demands', async () => {
    const who = drafting(at, call);
    await publishAtOnce(who, '41', [
      put('quota', { region: '41', percents: null, minimums: { province: 50 } }),
      put('reserved', { id: 'news', region: '41', ...evening }),
      put('review', { region: '41', stages: { county: 1 }, final: 'demander' }),
    ]);
    await publishAtOnce(who, '4112', [
      put('quota', {
        region: '4112',
        percents: { province: 20, city: 40, county: 20, township: 10, village: 10 },
        minimums: { county: 10 },
      }),
      put('review', { region: '4112', stages: { county: 3 } }),
      put('reserved', {
        id: 'city-noon',
        region: '4112',
        ...evening,
        windows: [{ start: '12:00', end: '12:30' }],
      }),
    ]);
    const county = await inForce(COUNTY);
    expect(county.quota.from).toEqual({ region: '4112', regionName: '三门峡市' });
    const [province, city] = county.quota.tiers;
    expect(province).toMatchObject({
      percent: 20,
      minimum: { percent: 50, region: '41', regionName: '河南省' },
      share: 50,
    });
    expect(city).toMatchObject({ percent: 40, minimum: null, share: 25 });
    expect(county.reserved.map(({ region, window }) => [region, window.id])).toEqual([
      ['41', 'news'],
      ['4112', 'city-noon'],
    ]);
    expect(county.review).toMatchObject({
      stages: 3,
      final: '41',
      finalName: '河南省',
      demands: [
        { region: '41', stages: 1, final: 'demander' },
        { region: '4112', stages: 3, final: 'issuer' },
      ],
    });
    const own = (await inForce('4112')).own;
    expect(own).toMatchObject({
      quota: { version: 1, body: { region: '4112' } },
      review: { version: 1 },
      reserved: [{ version: 1, body: { id: 'city-noon' } }],
    });
    expect((await inForce('4112')).reserved.map(({ window }) => window.id)).toEqual(['news']);
  });

  it('is told inside one’s own region alone, and there is no other way to change it', async () => {
    const other = await makePerson(at, 'lin', ['operator', '411221']);
    expect((await other('GET', `/api/policies?region=${COUNTY}`)).status).toBe(403);
    expect((await call('GET', '/api/policies?region=419999')).body.error.code).toBe('REGION_UNKNOWN');
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const)
      expect((await call(method, '/api/policies?region=41', {})).status).toBe(404);
  });
});
