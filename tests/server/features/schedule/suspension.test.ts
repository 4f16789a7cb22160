import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeDocument } from '../../../helpers/content.ts';
import {
  done,
  drafting,
  makeKnownCard,
  makePerson,
  makeProgramme,
  publishAtOnce,
} from '../../../helpers/schedulers.ts';

const COUNTY = '411224';
const TOWN = '411224102';
let at: TestCenter;
let card: Asset;
let county: Caller;
let town: Caller;
let city: Caller;
let province: Caller;
beforeAll(async () => {
  at = await startCenter();
  card = await makeKnownCard(at, '防溺水');
  county = await makePerson(at, 'xian', ['operator', COUNTY]);
  town = await makePerson(at, 'xiang', ['operator', TOWN]);
  city = await makePerson(at, 'shi', ['operator', '4112']);
  province = await makePerson(at, 'sheng', ['operator', '41']);
});
afterAll(() => at.stop());

const suspend = (who: Caller, region: string) =>
  who('POST', '/api/suspensions', { region, reason: '内容核查' });
const lift = (who: Caller, id: string) => who('POST', `/api/suspensions/${id}/lift`);

describe('a region whose publishing is suspended', () => {
  it('submits, publishes and applies nothing, nor does what lies below it; what is on air stays', async () => {
    await publishAtOnce(drafting(at, county), COUNTY, makeProgramme(COUNTY, 'before', card));
    const draft = done(await drafting(at, county).create(COUNTY, makeProgramme(COUNTY, 'after', card)));
    const below = done(await drafting(at, town).create(TOWN, makeProgramme(TOWN, 'below', card)));
    const { id } = done<{ id: string }>(await suspend(city, COUNTY));
    const codes = [
      (await drafting(at, county).submit(draft)).body,
      (await drafting(at, county).publish(draft)).body,
      (await drafting(at, town).submit(below)).body,
      (
        await county(
          'POST',
          '/api/schedules/apply',
          makeDocument(card, { region: COUNTY, playlists: [], schedules: [] }),
        )
      ).body,
    ].map((body) => body.error?.code);
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'REGION_SUSPENDED'));
    const { schedules } = await at.center.services.schedules.world();
    expect(schedules.map((one) => one.id)).toEqual(['before']);
    done(await lift(city, id));
    expect((await drafting(at, county).publish(draft)).status).toBe(200);
  });

  it('may still be acted for by the tier that suspended, not by a lower one through another name', async () => {
    const { id } = done<{ id: string }>(await suspend(province, COUNTY));
    const own = makeProgramme(COUNTY, 'by-province', card);
    await publishAtOnce(drafting(at, province), COUNTY, own);
    const around = done(await drafting(at, city).create('4112', makeProgramme(COUNTY, 'by-city', card)));
    expect((await drafting(at, city).publish(around)).body.error.code).toBe('REGION_SUSPENDED');
    const ofCity = makeProgramme('4112', 'of-city', card);
    expect((await publishAtOnce(drafting(at, city), '4112', ofCity)).state).toBe('published');
    done(await lift(province, id));
  });

  it('is suspended and set free only from above', async () => {
    expect((await suspend(county, COUNTY)).body.error.code).toBe('HIGHER_TIER_NEEDED');
    expect((await suspend(county, '4112')).body.error.code).toBe('FORBIDDEN');
    expect((await suspend(province, '41')).body.error.code).toBe('HIGHER_TIER_NEEDED');
    expect((await suspend(province, '419999')).body.error.code).toBe('REGION_UNKNOWN');
    const { id } = done<{ id: string }>(await suspend(province, COUNTY));
    expect((await suspend(province, COUNTY)).body.error.code).toBe('CONFLICT');
    expect((await lift(county, id)).body.error.code).toBe('FORBIDDEN');
    expect((await lift(city, id)).body.error.code).toBe('FORBIDDEN');
    const seen = (await county('GET', '/api/suspensions')).body.rows;
    expect(seen[0]).toMatchObject({ id, region: COUNTY, issuer: '41', byName: 'sheng', mayLift: false });
    done(await lift(province, id));
    expect((await lift(province, id)).body.error.code).toBe('CONFLICT');
    expect((await lift(province, 'p-aaaaaaaaaaaaaaaa')).status).toBe(404);
    const { rows } = await at.center.services.audit.page({ limit: 2, offset: 0 });
    expect(rows.map((row) => row.action)).toEqual(['suspension.lift', 'suspension.create']);
  });

  it('suspended twice at once is suspended once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => suspend(city, TOWN)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });
});
