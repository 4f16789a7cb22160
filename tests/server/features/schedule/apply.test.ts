import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '../../../../shared/core/canonical.ts';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import { instantOfMs } from '../../../../shared/core/time.ts';
import type { ScheduleDocument } from '../../../../shared/schedule/schedule-document.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import { makeCard, makeDaily, makeDocument, makeHls, upload } from '../../../helpers/content.ts';

const card = makeCard('防溺水');
const never = makeCard('从未上传');

const clock = makeClock();
let at: TestCenter;
let cookie: string;
let call: Caller;
beforeAll(async () => {
  at = await startCenter({ clock });
  cookie = await at.login();
  call = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
});
afterAll(() => at.stop());

const apply = (document: ScheduleDocument, query = '') =>
  call('POST', `/api/schedules/apply${query}`, document);
const onAir = async (region = '41') =>
  (await call('GET', `/api/schedules/document?region=${region}`)).body as ScheduleDocument;
const full = makeDocument(card.asset, {
  schedules: [
    makeDaily(),
    makeDaily({ id: 'zhengzhou', region: '4101', name: '郑州轮播', playlist: 'zhengzhou' }),
  ],
  playlists: [
    { id: 'daily', name: '日常', region: '41', items: [{ asset: card.asset.sha256, durationS: 15 }] },
    { id: 'zhengzhou', name: '郑州', region: '4101', items: [{ asset: card.asset.sha256, durationS: 20 }] },
  ],
  quotas: [{ region: '4101', percents: { province: 50, city: 50, county: 0, township: 0, village: 0 } }],
  reserved: [
    {
      id: 'evening',
      region: '41',
      windows: [{ start: '19:00', end: '19:30' }],
      validity: { from: '2026-11-01', to: null },
    },
  ],
});

describe('applying a schedule document', () => {
  beforeEach(async () => {
    await apply(makeDocument(card.asset, { schedules: [], playlists: [], assets: [] }));
  });

  it('only says the difference when asked for that alone', async () => {
    const answer = await apply(full, '?dry=1');
    expect(answer.status).toBe(200);
    expect(answer.body.dry).toBe(true);
    expect(answer.body.changes.map((one: { kind: string }) => one.kind)).toContain('reserved');
    expect((await onAir()).schedules).toEqual([]);
  });

  it('makes the center hold exactly it, and changes nothing the second time', async () => {
    const first = await apply(full);
    expect(first.body.changes).toContainEqual({
      kind: 'schedule',
      id: 'zhengzhou',
      name: '郑州轮播',
      region: '4101',
      change: 'created',
    });
    const second = await apply(full);
    expect(second.body.changes).toEqual([]);
    expect(second.body.unchanged).toBe(7);
    expect((await apply(await onAir())).body.changes).toEqual([]);
    expect(await onAir()).toEqual(full);
  });

  it('takes off air what is missing, in its own subtree alone', async () => {
    await apply(full);
    const answer = await apply(
      makeDocument(card.asset, { region: '4101', schedules: [], playlists: [], assets: [] }),
    );
    expect(
      answer.body.changes.map(({ kind, id, change }: Record<string, string>) => [kind, id, change]),
    ).toEqual([
      ['playlist', 'zhengzhou', 'removed'],
      ['quota', '4101', 'removed'],
      ['schedule', 'zhengzhou', 'removed'],
    ]);
    expect((await onAir()).schedules.map((one) => one.id)).toEqual(['daily']);
  });

  it('keeps every version with the time it was on air', async () => {
    await apply(full);
    const then = instantOfMs(clock.nowMs());
    clock.advance(60_000);
    await apply({ ...full, schedules: full.schedules.map((one) => ({ ...one, name: `${one.name}（新）` })) });
    const { body } = await call('GET', '/api/schedules?text=郑州');
    expect(body.rows).toHaveLength(1);
    expect(body.rows[0]).toMatchObject({
      id: 'zhengzhou',
      name: '郑州轮播（新）',
      tier: 'city',
      regionName: '郑州市',
    });
    expect(body.rows[0].version).toBeGreaterThan(1);
    const past = await call('GET', `/api/schedules/document?region=41&at=${then}`);
    expect(past.body).toEqual(full);
  });

  const item = { asset: card.asset.sha256, durationS: 15 };
  const mandatory = (patch: object) => ({ schedules: [makeDaily({ class: 'mandatory', ...patch })] });
  const evening = { windows: [{ start: '19:00', end: '19:30' }], validity: { from: '2026-11-01', to: null } };
  const percents = { province: 50, city: 50, county: 0, township: 0, village: 0 };
  it.each([
    [
      'REGION_UNKNOWN',
      'a region that is none',
      { schedules: [makeDaily({ audience: { regions: ['419999'] } })] },
    ],
    [
      'REGION_UNKNOWN',
      'a code no longer used',
      { schedules: [makeDaily({ audience: { regions: ['410381'] } })] },
    ],
    ['OUTSIDE_SCOPE', 'a schedule of a region outside', { region: '4101' }],
    [
      'OUTSIDE_AUTHORITY',
      'an audience outside the issuer',
      { schedules: [makeDaily({ region: '4101', audience: { regions: ['4102'] } })] },
    ],
    [
      'PLAYLIST_FOREIGN',
      'a playlist that a lower region owns',
      { playlists: [{ id: 'daily', name: '下级', region: '4101', items: [item] }] },
    ],
    ['PLAYLIST_UNKNOWN', 'a playlist that is not there', { schedules: [makeDaily({ playlist: 'gone' })] }],
    [
      'ASSET_UNKNOWN',
      'an asset that nobody described',
      {
        assets: [],
        playlists: [
          { id: 'daily', name: '日常', region: '41', items: [{ ...item, asset: never.asset.sha256 }] },
        ],
      },
    ],
    [
      'CHAIN_TOO_LONG',
      'a mandatory that runs over every midnight',
      mandatory({ windows: [{ start: '22:00', end: '06:00' }] }),
    ],
    [
      'CHAIN_TOO_LONG',
      'a mandatory that ties eight days together',
      mandatory({
        days: { dates: ['01', '02', '03', '04', '05', '06', '07'].map((day) => `2026-12-${day}`) },
        windows: [{ start: '22:00', end: '06:00' }],
      }),
    ],
    [
      'ITEM_NEVER_FITS',
      'an item longer than its window',
      { schedules: [makeDaily({ windows: [{ start: '08:00:00', end: '08:00:10' }] })] },
    ],
    [
      'ITEM_NEVER_FITS',
      'a rotation item longer than what midnight leaves of its window',
      { schedules: [makeDaily({ windows: [{ start: '23:59:50', end: '00:00:10' }] })] },
    ],
    [
      'WINDOWS_OVERLAP',
      'windows that overlap',
      mandatory({
        windows: [
          { start: '08:00', end: '10:00' },
          { start: '09:00', end: '11:00' },
        ],
      }),
    ],
    [
      'RESERVED_OVERLAP',
      'reserved windows that overlap',
      {
        reserved: [
          { id: 'a', region: '41', ...evening },
          { id: 'b', region: '41', ...evening },
        ],
      },
    ],
    [
      'QUOTA_TWICE',
      'two quota policies of one region',
      {
        quotas: [
          { region: '41', percents },
          { region: '41', percents },
        ],
      },
    ],
  ])('refuses, as %s, %s, just as files are refused', async (problem, _what, patch) => {
    await apply(full);
    const before = await onAir();
    const answer = await apply(makeDocument(card.asset, patch));
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'SCHEDULE_REFUSED', params: { problem } } },
    });
    expect(answer.body.error.zh).toContain(answer.body.error.params.subject);
    expect(await onAir()).toEqual(before);
  });

  it.each([
    ['ASSET_UNKNOWN', 'an asset whose bytes never came', { assets: [never.asset] }],
    ['ASSET_DESCRIBED_WRONG', 'an asset of another size', { assets: [{ ...card.asset, sizeBytes: 1 }] }],
    ['ASSET_TYPE_REFUSED', 'an asset of another kind', { assets: [{ ...card.asset, kind: 'video' }] }],
    ['CONFLICT', 'a name given twice', { schedules: [makeDaily(), makeDaily()] }],
  ])('refuses with %s %s, and leaves everything as it was', async (code, _what, patch) => {
    await apply(full);
    const before = await onAir();
    const answer = await apply(makeDocument(card.asset, patch));
    expect(answer.body).toMatchObject({ error: { code } });
    expect(await onAir()).toEqual(before);
  });

  it('takes a playlist of the region above, an asset described before, and what only deserves a warning', async () => {
    await apply(full);
    const county = makeDocument(card.asset, {
      region: '410102',
      assets: [],
      playlists: [],
      schedules: [makeDaily({ id: 'zhongyuan', region: '410102', playlist: 'zhengzhou' })],
    });
    expect((await apply(county, '?dry=1')).status).toBe(200);
  });

  it('takes an HLS asset only when its playlist names its listed parts and nothing else', async () => {
    const segment = Buffer.alloc(188 * 2);
    segment[0] = segment[188] = 0x47;
    const sha256 = sha256Hex(segment);
    const stream = makeHls([`${sha256}.ts`]);
    const astray = makeHls([`${sha256}.ts`, 'https://elsewhere.example/1.ts']);
    const text = makeHls([`${card.asset.sha256}.ts`]);
    for (const one of [stream, astray, text]) await upload(at, cookie, one.sha256, one.bytes);
    await upload(at, cookie, sha256, segment);
    const part = { sha256, sizeBytes: segment.length, mime: 'video/mp2t' };
    const hls = (one: ReturnType<typeof makeHls>, parts: object[]) =>
      apply(makeDocument({ ...one.asset, parts: parts as Asset['parts'] }), '?dry=1');
    expect((await hls(stream, [part])).status).toBe(200);
    expect((await hls(stream, [])).body).toMatchObject({ error: { code: 'ASSET_DESCRIBED_WRONG' } });
    expect((await hls(astray, [part])).body).toMatchObject({ error: { code: 'ASSET_DESCRIBED_WRONG' } });
    const notVideo = { ...part, sha256: card.asset.sha256, sizeBytes: card.bytes.length };
    expect((await hls(text, [notVideo])).body).toMatchObject({ error: { code: 'ASSET_DESCRIBED_WRONG' } });
    expect((await hls(stream, [{ ...part, sizeBytes: 1 }])).body).toMatchObject({
      error: { code: 'ASSET_DESCRIBED_WRONG' },
    });
  });

  it('refuses to take a name that a region outside the document holds', async () => {
    await apply(full);
    const taken = makeDocument(card.asset, {
      region: '4102',
      playlists: [],
      schedules: [makeDaily({ id: 'zhengzhou', region: '4102' })],
    });
    expect((await apply(taken)).body).toMatchObject({ error: { code: 'CONFLICT' } });
  });

  it('gives an asset the title of the highest region that described it', async () => {
    await apply(full);
    const renamed = makeDocument(
      { ...card.asset, title: '我的标题' },
      {
        region: '4101',
        playlists: [
          {
            id: 'zhengzhou',
            name: '郑州',
            region: '4101',
            items: [{ asset: card.asset.sha256, durationS: 20 }],
          },
        ],
        schedules: [],
      },
    );
    expect((await apply(renamed)).status).toBe(200);
    expect((await onAir()).assets.map((asset) => asset.title)).toEqual(['防溺水']);
  });

  it('done twice at once ends with one of them, never with a mixture', async () => {
    const other = { ...full, schedules: full.schedules.map((one) => ({ ...one, name: '另一个' })) };
    const answers = await Promise.all([apply(full), apply(other)]);
    const [first] = answers.filter((answer) => answer.status === 200);
    expect(first).toBeDefined();
    for (const { status, body } of answers) if (status !== 200) expect(body.error.code).toBe('CONFLICT');
    expect([full.schedules, other.schedules]).toContainEqual((await onAir()).schedules);
  });

  it('is in the audit log, and for those alone who may publish there', async () => {
    await apply(full);
    expect((await at.as(null)('POST', '/api/schedules/apply', full)).status).toBe(401);
    const entries = await at.center.services.audit.page({ limit: 1, offset: 0, action: 'schedule.apply' });
    expect(entries.rows[0]).toMatchObject({ subject: '41' });
  });
});
