import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { feasibilitySchema } from '../../../../shared/plan/feasibility.api.ts';
import type { Feasibility } from '../../../../shared/plan/feasibility.api.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';

// The clock stands still on Friday 2026-11-20.
const card = makeCard('防溺水');
const unsent = makeCard('没传上来');
const items = (durationS: number, asset = card.asset.sha256) => [{ asset, durationS, fit: 'contain' }];
const news = (patch: object = {}) =>
  makeDaily({
    id: 'city-news',
    name: '郑州新闻',
    region: '4101',
    class: 'mandatory',
    windows: [{ start: '12:00', end: '12:30' }],
    ...patch,
  });

let at: TestCenter;
let call: ReturnType<TestCenter['as']>;

beforeAll(async () => {
  at = await startCenter();
  const cookie = await at.login();
  call = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
  for (const region of ['410122', '410122', '4102'])
    await call('POST', '/api/screens', { name: `大屏 ${region}`, region });
  const document = makeDocument(card.asset, {
    schedules: [
      makeDaily(),
      makeDaily({
        id: 'county-news',
        name: '中牟新闻',
        region: '410122',
        class: 'mandatory',
        windows: [{ start: '12:00', end: '13:00' }],
      }),
    ],
  });
  const applied = await call('POST', '/api/schedules/apply', document);
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
});
afterAll(() => at.stop());

const edit = (body: object & { id?: string }, kind = 'schedule') => ({ kind, id: body.id, base: null, body });
async function draftOf(edits: readonly object[], region = '4101'): Promise<{ id: string; revision: number }> {
  const made = await call('POST', '/api/drafts', { region, title: '试一试', edits });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body;
}
async function reportOn(draft: { id: string }, query = ''): Promise<Feasibility> {
  const answer = await call('GET', `/api/drafts/${draft.id}/feasibility${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return feasibilitySchema.parse(answer.body);
}

describe('the report on a draft', () => {
  it('says whom it reaches, what it displaces and what everybody gets, tomorrow unless asked otherwise', async () => {
    const told = await reportOn(await draftOf([edit(news())]));
    expect(told.day).toBe('2026-11-21');
    expect(told.reached).toMatchObject({
      changed: 2,
      inRegion: 2,
      byRegion: [{ region: '410122', name: '中牟县', changed: 2, screens: 2 }],
    });
    const [kind] = told.kinds;
    expect(kind).toMatchObject({ screens: 2, region: '410122', regionName: '中牟县' });
    expect(Object.values(kind?.classes ?? {}).reduce((sum, one) => sum + one, 0)).toBe(86_400);
    expect(kind?.schedules).toMatchObject([
      { schedule: 'city-news', beforeS: 0, afterS: 1_800, drafted: true },
      { schedule: 'county-news', beforeS: 3_600, afterS: 1_800, drafted: false },
      { schedule: 'daily', beforeS: 82_800, afterS: 82_800, drafted: false },
    ]);
    expect(told.findings).toMatchObject([
      { kind: 'displaced', schedule: 'county-news', by: 'city-news', lostS: 1_800, screens: 2 },
    ]);
    expect((await reportOn(await draftOf([edit(news())]), '?day=2026-11-23')).day).toBe('2026-11-23');
  });

  it('names its basis, which another publish makes old', async () => {
    const draft = await draftOf([edit(news({ id: 'basis-news' }))]);
    const [told, again] = await Promise.all([reportOn(draft), reportOn(draft)]);
    expect(again).toEqual(told);
    const act = { revision: draft.revision, basis: told.basis };
    const other = await draftOf([
      edit(news({ id: 'quick-news', windows: [{ start: '06:00', end: '06:10' }] })),
    ]);
    const published = await call('POST', `/api/drafts/${other.id}/publish`, {
      revision: other.revision,
      basis: (await reportOn(other)).basis,
    });
    expect(published.status, JSON.stringify(published.body)).toBe(200);
    const late = await call('POST', `/api/drafts/${draft.id}/publish`, act);
    expect(late.body.error?.code).toBe('FEASIBILITY_STALE');
    expect((await reportOn(draft)).basis).not.toBe(told.basis);
  });

  it('keeps from publishing mandatories that only together tie more than seven days', async () => {
    const night = (id: string, weekdays: number[]) =>
      news({ id, name: id, windows: [{ start: '23:30', end: '00:30' }], days: { weekdays } });
    const draft = await draftOf([edit(night('odd', [1, 3, 5, 7])), edit(night('even', [2, 4, 6]))]);
    const told = await reportOn(draft);
    expect(told.findings[0]).toMatchObject({
      kind: 'chain',
      severity: 'error',
      subject: 'even odd',
      screens: 2,
    });
    const refused = await call('POST', `/api/drafts/${draft.id}/publish`, {
      revision: draft.revision,
      basis: told.basis,
    });
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'FEASIBILITY_REFUSED', params: { count: 1 } });
  });

  it('is refused for a day gone by, an unknown draft, and to whoever may not read there', async () => {
    const draft = await draftOf([edit(news())]);
    const status = async (path: string, caller = call) => (await caller('GET', path)).status;
    expect(await status(`/api/drafts/${draft.id}/feasibility?day=2026-11-19`)).toBe(400);
    expect(await status(`/api/drafts/${draft.id}/feasibility?day=2030-01-01`)).toBe(400);
    expect(await status('/api/drafts/d-aaaaaaaaaaaaaaaa/feasibility')).toBe(404);
    expect(await status(`/api/drafts/${draft.id}/feasibility`, at.as(null))).toBe(401);
  });
});

describe('the report on a document', () => {
  it('is that of applying it whole: what is missing goes off air, and bytes that were never sent are named', async () => {
    const document = makeDocument(unsent.asset, {
      region: '410122',
      playlists: [{ id: 'own', name: '本县', region: '410122', items: items(15, unsent.asset.sha256) }],
      schedules: [makeDaily({ id: 'own', name: '本县', region: '410122', playlist: 'own' })],
    });
    const answer = await call('POST', '/api/schedules/feasibility', document);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const told = feasibilitySchema.parse(answer.body);
    expect(told.reached).toMatchObject({ changed: 2, inRegion: 2 });
    expect(told.findings[0]).toMatchObject({ kind: 'asset-missing', asset: unsent.asset.sha256, screens: 2 });
    const gone = told.kinds[0]?.schedules.find((one) => one.schedule === 'county-news');
    expect(gone).toMatchObject({ afterS: 0, drafted: true });
    expect(gone?.beforeS).toBeGreaterThan(0);
  });

  it('of what is on air changes nothing; one that contradicts itself gets none', async () => {
    const onAir = (await call('GET', '/api/schedules/document?region=41')).body;
    const same = await call('POST', '/api/schedules/feasibility', onAir);
    expect(same.body).toMatchObject({ kinds: [], findings: [], reached: { changed: 0 } });
    const foreign = makeDocument(card.asset, {
      region: '4101',
      playlists: [],
      schedules: [makeDaily({ region: '4102' })],
    });
    const refused = await call('POST', '/api/schedules/feasibility', foreign);
    expect(refused.body.error?.code).toBe('SCHEDULE_REFUSED');
    const taken = makeDocument(card.asset, {
      region: '4102',
      playlists: [],
      schedules: [makeDaily({ region: '4102', playlist: 'daily' })],
    });
    expect((await call('POST', '/api/schedules/feasibility', taken)).body.error?.code).toBe('CONFLICT');
  });
});
