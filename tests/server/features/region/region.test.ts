import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { Tier } from '../../../../shared/region/tier.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';

let test: TestCenter;
beforeAll(async () => {
  test = await startCenter();
});
afterAll(() => test.stop());

const code = (digits: string) => digits as RegionCode;
const service = () => test.center.services.region;

describe('the regions of Henan', () => {
  it('are one province, 18 cities, 157 counties, 2,467 townships and 52,378 villages', () => {
    const all = [...service().all()];
    const real = (tier: Tier) => all.filter((region) => region.tier === tier && !region.statOnly).length;
    expect(real('province')).toBe(1);
    expect(service().cities()).toHaveLength(18);
    expect(service().counties()).toHaveLength(157);
    expect(real('township')).toBe(2_467);
    expect(all.filter((region) => region.tier === 'village')).toHaveLength(52_378);
  });

  it('all but the province have a parent in the tree whose code begins theirs', () => {
    const astray = [...service().all()].filter(
      ({ code, parent }) =>
        parent !== null && (service().find(parent) === undefined || !code.startsWith(parent)),
    );
    expect(astray).toEqual([]);
  });

  it('have 济源 directly under the province, a city among cities and a county among counties', () => {
    expect(service().find(code('419001'))).toMatchObject({ name: '济源市', tier: 'county', parent: '41' });
    expect(service().find(code('4190'))).toBeUndefined();
    expect(service().cities().at(-1)?.code ?? '').toBe('419001');
    expect(
      service()
        .counties()
        .map((region) => region.code),
    ).toContain('419001');
    expect(service().names(code('419001001'))).toEqual(['河南省', '济源市', '济源市沁园街道']);
  });

  it('answer to the codes and names that 偃师 and 孟津 had until 2021', () => {
    expect(service().find(code('410381'))).toMatchObject({ code: '410307', name: '偃师区' });
    expect(service().find(code('410322'))).toMatchObject({ code: '410308', name: '孟津区' });
    expect(service().search('偃师市', 5)[0]?.code).toBe('410307');
  });

  it('hold no screens in statistical pseudo-areas, nor anywhere below', () => {
    expect(service().find(code('410171'))?.statOnly).toBe(true);
    expect(service().holdsScreens(code('410171'))).toBe(false);
    const below = service().childrenOf(code('410171'));
    expect(below.length).toBeGreaterThan(0);
    for (const region of below) expect(service().holdsScreens(region.code)).toBe(false);
    expect(service().holdsScreens(code('410307'))).toBe(true);
    expect(service().holdsScreens(code('999999'))).toBe(false);
  });
});

describe('the region API', () => {
  it('starts at the province, and answers a region with its line and children', async () => {
    const api = test.as(await test.login());
    const top = await api('GET', '/api/regions');
    expect(top.body.rows.map((row: { name: string }) => row.name)).toEqual(['河南省']);
    const { body } = await api('GET', '/api/regions/4103');
    expect(body.lineage).toEqual([
      { code: '41', name: '河南省' },
      { code: '4103', name: '洛阳市' },
    ]);
    expect(body.children.find((row: { code: string }) => row.code === '410307')).toMatchObject({
      names: ['河南省', '洛阳市', '偃师区'],
      hasChildren: true,
      screens: 0,
    });
  });

  it('searches names and codes, higher tiers first', async () => {
    const api = test.as(await test.login());
    const { body } = await api('GET', `/api/regions?q=${encodeURIComponent('洛阳')}&limit=3`);
    expect(body.rows[0]).toMatchObject({ code: '4103', tier: 'city' });
    expect((await api('GET', '/api/regions?q=410307')).body.rows[0].name).toBe('偃师区');
  });

  it('counts screens within the caller’s scope only', async () => {
    const admin = test.as(await test.login());
    const township = service().childrenOf(code('410307'))[0]?.code ?? '';
    for (const region of ['410307', township, '410102'])
      expect((await admin('POST', '/api/screens', { name: region, region })).status).toBe(201);
    const grants = [
      { role: 'operator', region: township },
      { role: 'operator', region: '410307' },
    ];
    const made = await admin('POST', '/api/identity/accounts', { login: 'yanshi', name: '偃', grants });
    const local = test.as(await test.login('yanshi', made.body.password));
    expect((await admin('GET', '/api/regions/41')).body.screens).toBe(3);
    expect((await local('GET', '/api/regions/41')).body.screens).toBe(2);
    expect((await local('GET', `/api/regions/${township}`)).body.screens).toBe(1);
    expect((await local('GET', '/api/regions/410102')).body.screens).toBe(0);
  });
});
