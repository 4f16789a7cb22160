import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import { contentOnAirSchema, draftPageSchema } from '../../../../shared/schedule/draft.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import type { Drafting } from '../../../helpers/schedulers.ts';
import {
  drafting,
  makeKnownCard,
  makePerson,
  makeProgramme,
  publishAtOnce,
  put,
} from '../../../helpers/schedulers.ts';

let at: TestCenter;
let province: Caller;
let county: Caller;
let desk: Drafting;
let card: Asset;

beforeAll(async () => {
  at = await startCenter();
  province = await makePerson(at, 'sheng', ['operator', '41']);
  county = await makePerson(at, 'xian', ['operator', '411224']);
  desk = drafting(at, province);
  card = await makeKnownCard(at, '防溺水');
  await publishAtOnce(desk, '41', [
    ...makeProgramme('41', 'all', card),
    ...makeProgramme('4101', 'zhengzhou', card),
    put('quota', { region: '41', percents: null, minimums: { province: 20 } }),
  ]);
});
afterAll(() => at.stop());

describe('what is on air under a name', () => {
  it('comes with its version, and a playlist with its assets', async () => {
    const list = contentOnAirSchema.parse((await province('GET', '/api/content/playlist/all')).body);
    expect(list).toMatchObject({ version: 1, body: { id: 'all' }, assets: [{ sha256: card.sha256 }] });
    const quota = contentOnAirSchema.parse((await province('GET', '/api/content/quota/41')).body);
    expect(quota).toMatchObject({ version: 1, body: { region: '41' }, assets: [] });
  });

  it('is what an edit begins with: published on that version, it is the next', async () => {
    const { version, body } = contentOnAirSchema.parse(
      (await province('GET', '/api/content/schedule/all')).body,
    );
    await publishAtOnce(desk, '41', [put('schedule', { ...body, name: '改过的' } as never, version)]);
    const next = contentOnAirSchema.parse((await province('GET', '/api/content/schedule/all')).body);
    expect(next).toMatchObject({ version: version + 1, body: { name: '改过的' } });
  });

  it('is read by those below, whom it reaches, and not by siblings', async () => {
    expect((await county('GET', '/api/content/schedule/all')).status).toBe(200);
    const sibling = await county('GET', '/api/content/schedule/zhengzhou');
    expect([sibling.status, sibling.body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('answers what is not there, and what is no kind, with a code', async () => {
    expect((await province('GET', '/api/content/schedule/nothing')).body.error.code).toBe('NOT_FOUND');
    expect((await province('GET', '/api/content/asset/all')).status).toBe(400);
    expect((await at.as(null)('GET', '/api/content/schedule/all')).status).toBe(401);
  });
});

describe('drafts of one’s own', () => {
  it('are those one began, whoever changed them since', async () => {
    const other = await makePerson(at, 'tongshi', ['operator', '41']);
    const mine = (await desk.create('41', [], '我的')).body;
    await drafting(at, other).create('41', [], '同事的');
    await drafting(at, other).save(mine, { title: '我的，同事改过' });
    const listed = async (who: Caller) =>
      draftPageSchema
        .parse((await who('GET', '/api/drafts?mine=true&state=draft')).body)
        .rows.map(({ title }) => title);
    expect(await listed(province)).toEqual(['我的，同事改过']);
    expect(await listed(other)).toEqual(['同事的']);
  });
});
