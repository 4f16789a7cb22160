import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import type { Draft } from '../../../../shared/schedule/draft.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';
import {
  done,
  drafting,
  makeKnownCard,
  makePerson,
  publishAtOnce,
  put,
} from '../../../helpers/schedulers.ts';
import type { Drafting } from '../../../helpers/schedulers.ts';

const COUNTY = '411224';
const fresh = makeCard('还没说明的素材');
let at: TestCenter;
let card: Asset;
let county: Caller;
let reviewer: Drafting;
beforeAll(async () => {
  at = await startCenter();
  card = await makeKnownCard(at, '防溺水');
  await upload(at, await at.login(), fresh.asset.sha256, fresh.bytes);
  county = await makePerson(at, 'xian', ['operator', COUNTY]);
  reviewer = drafting(at, await makePerson(at, 'shen', ['reviewer', '4112']));
  const admin = drafting(at, at.as(await at.login()));
  await publishAtOnce(admin, '41', [put('review', { region: '41', stages: { county: 1 } })]);
});
afterAll(() => at.stop());

const documentOf = (asset: Asset, id: string) =>
  makeDocument(asset, {
    region: COUNTY,
    playlists: [{ id, name: id, region: COUNTY, items: [{ asset: asset.sha256, durationS: 15 }] }],
    schedules: [makeDaily({ id, region: COUNTY, playlist: id })],
  });
const apply = (document: object, query = '') => county('POST', `/api/schedules/apply${query}`, document);
const onAir = async () =>
  (await at.center.services.schedules.world()).schedules.map((schedule) => schedule.id as string);

describe('a document of a region whose tier demands review', () => {
  it('waits as a submitted draft; applied again it is the same draft; approved, it goes on air', async () => {
    const document = documentOf(card, 'waits');
    const first = (await apply(document)).body;
    expect(first).toMatchObject({ state: 'submitted', dry: false });
    expect(first.changes).toHaveLength(2);
    expect(await onAir()).toEqual([]);
    const again = (await apply(document)).body;
    expect(again).toMatchObject({ state: 'submitted', draft: first.draft });
    const draft = await reviewer.read(first.draft);
    expect(draft).toMatchObject({ state: 'submitted', stages: 1, count: 2, may: { review: true } });
    expect((await reviewer.approve(draft)).body.error.code).toBe('ASSET_UNREVIEWED');
    done(await reviewer.approve(draft, [card.sha256]));
    const published = (await apply(document)).body;
    expect(published).toMatchObject({ state: 'published', draft: first.draft });
    expect(await onAir()).toEqual(['waits']);
    expect((await apply(document)).body).toMatchObject({ state: 'unchanged', draft: null, changes: [] });
  });

  it('describes its assets with the draft, and changes nothing of them before', async () => {
    const renamed = { ...card, title: '改了名' };
    const { draft: id, state } = (await apply(documentOf(fresh.asset, 'brings'))).body;
    expect(state).toBe('submitted');
    const draft = await reviewer.read(id);
    expect(draft.assets).toMatchObject([{ asset: { title: '还没说明的素材' }, reviewed: false }]);
    expect(draft.problems).toEqual([]);
    const known = await at.center.services.assets.described([fresh.asset.sha256, card.sha256]);
    expect([...known.keys()]).toEqual([card.sha256]);
    done(await reviewer.sendBack(draft, '换素材'));
    expect((await apply(documentOf(renamed, 'brings'), '?dry=1')).body).toMatchObject({
      dry: true,
      draft: null,
      state: 'unchanged',
    });
  });

  it('says nothing of assets in the name of somebody who may not', async () => {
    const admin = at.as(await at.login());
    const company = done<{ id: string }>(
      await admin('POST', '/api/organisations', { name: '运营公司', region: COUNTY }),
    );
    const grant = { region: COUNTY, abilities: ['schedule.read', 'schedule.edit', 'schedule.publish'] };
    const expiresAtMs = Date.parse('2026-12-31T00:00:00+08:00');
    done(await admin('POST', `/api/organisations/${company.id}/grants`, { ...grant, expiresAtMs }));
    const account = { login: 'gongsi', name: '公司', password: 'a long enough password', grants: [] };
    done(await admin('POST', '/api/identity/accounts', { ...account, organisation: company.id }));
    const member = at.as(await at.login(account.login, account.password));
    const other = makeCard('公司的说法');
    await upload(at, await at.login(), other.asset.sha256, other.bytes);
    const answer = await member('POST', '/api/schedules/apply', documentOf(other.asset, 'company'));
    expect(answer.body.error).toMatchObject({ code: 'FORBIDDEN', params: { ability: 'asset.manage' } });
    expect((await member('POST', '/api/schedules/apply', documentOf(card, 'company'))).status).toBe(200);
  });

  it('is not written by who may only publish, who publishes what others wrote', async () => {
    const admin = at.as(await at.login());
    const region = COUNTY;
    const { id } = done<{ id: string }>(
      await admin('POST', '/api/organisations', { name: '只管发布', region }),
    );
    const abilities = ['schedule.read', 'schedule.publish', 'asset.manage'];
    const expiresAtMs = Date.parse('2026-12-31T00:00:00+08:00');
    done(await admin('POST', `/api/organisations/${id}/grants`, { region, abilities, expiresAtMs }));
    const account = { login: 'fabu', name: '发布', password: 'a long enough password', grants: [] };
    done(await admin('POST', '/api/identity/accounts', { ...account, organisation: id }));
    const member = at.as(await at.login(account.login, account.password));
    const document = documentOf(card, 'written');
    const answer = await member('POST', '/api/schedules/apply', document);
    expect(answer.body.error).toMatchObject({ code: 'FORBIDDEN', params: { ability: 'schedule.edit' } });
    const { draft } = done<{ draft: string }>(await apply(document));
    done(await reviewer.approve(await reviewer.read(draft), [card.sha256]));
    expect(done(await member('POST', '/api/schedules/apply', document))).toMatchObject({
      draft,
      state: 'published',
    });
  });

  it('is reviewed by nobody who applied it', async () => {
    const both = drafting(at, await makePerson(at, 'liang', ['operator', COUNTY], ['reviewer', COUNTY]));
    const call = await makePerson(at, 'liang2', ['operator', COUNTY], ['reviewer', COUNTY]);
    const answer = await call('POST', '/api/schedules/apply', documentOf(card, 'own'));
    const draft = await both.read(answer.body.draft);
    const own = drafting(at, call);
    expect((await own.approve(draft, [card.sha256])).body.error.code).toBe('REVIEW_OTHER_PERSON');
    expect(done<Draft>(await both.approve(draft, [card.sha256])).state).toBe('approved');
  });
});

describe('a document of a region that needs none', () => {
  it('is published at once, through a draft that says so', async () => {
    const admin = at.as(await at.login());
    const town = documentOf(card, 'town');
    const region = '411224102';
    const answer = await admin('POST', '/api/schedules/apply', {
      ...town,
      region,
      playlists: town.playlists.map((one) => ({ ...one, region })),
      schedules: town.schedules.map((one) => ({ ...one, region })),
    });
    expect(answer.body).toMatchObject({ state: 'published' });
    const draft = done<Draft>(await admin('GET', `/api/drafts/${answer.body.draft}`));
    expect(draft).toMatchObject({ state: 'published', region, stages: 0, count: 2 });
    expect(draft.changes.map(({ change, kind }) => `${change} ${kind}`)).toEqual([
      'created playlist',
      'created schedule',
    ]);
    const detail = (await admin('GET', '/api/schedules/town')).body;
    expect(detail.versions).toMatchObject([{ version: 1, draft: draft.id }]);
  });
});
