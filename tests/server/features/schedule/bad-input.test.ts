import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import type { DraftEdit } from '../../../../shared/schedule/draft.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeCard } from '../../../helpers/content.ts';
import {
  done,
  drafting,
  makeKnownCard,
  makePerson,
  makeProgramme,
  publishAtOnce,
  put,
  remove,
} from '../../../helpers/schedulers.ts';
import type { Drafting } from '../../../helpers/schedulers.ts';

const CITY = '4112';
let at: TestCenter;
let card: Asset;
let call: Caller;
let city: Drafting;
beforeAll(async () => {
  at = await startCenter();
  card = await makeKnownCard(at, '防溺水');
  call = await makePerson(at, 'shi', ['operator', CITY]);
  city = drafting(at, call);
  await publishAtOnce(city, CITY, [
    ...makeProgramme(CITY, 'city', card),
    put('reserved', {
      id: 'noon',
      region: CITY,
      windows: [{ start: '12:00', end: '12:30' }],
      validity: { from: '2026-11-01', to: null },
    }),
  ]);
  const admin = drafting(at, at.as(await at.login()));
  await publishAtOnce(admin, '41', [
    ...makeProgramme('41', 'province', card),
    put('quota', { region: '41', percents: null, minimums: { province: 40, county: 30 } }),
  ]);
});
afterAll(() => at.stop());

const schedule = (patch: object): DraftEdit[] => [
  put('schedule', {
    ...(makeProgramme(CITY, 'mine', card)[1]?.body as object),
    region: CITY,
    ...patch,
    playlist: 'city',
    ...patch,
  }),
];
const never = makeCard('从未上传').asset;
const days = (from: string, to: string | null) => ({ validity: { from, to } });
const policy = (patch: object) => [put('quota', { region: CITY, percents: null, ...patch })];

/** A problem is told when it is saved, and forbids submitting and publishing. */
const PROBLEMS: readonly (readonly [string, string, () => DraftEdit[]])[] = [
  [
    'REGION_UNKNOWN',
    'an audience in a region that is none',
    () => schedule({ audience: { regions: ['411299'] } }),
  ],
  [
    'OUTSIDE_AUTHORITY',
    'an audience outside the issuer',
    () => schedule({ audience: { regions: ['4101'] } }),
  ],
  [
    'AUDIENCE_EMPTY',
    'an audience that excludes what it names',
    () => schedule({ audience: { regions: ['411224'], exclude: { regions: [CITY] } } }),
  ],
  [
    'AUDIENCE_EMPTY',
    'an audience whose every tag is excluded',
    () => schedule({ audience: { tags: ['学校'], exclude: { tags: ['学校'] } } }),
  ],
  ['PLAYLIST_UNKNOWN', 'a playlist that is not there', () => schedule({ playlist: 'gone' })],
  [
    'PLAYLIST_EMPTY',
    'a playlist without items',
    () => [put('playlist', { id: 'empty', name: '空', region: CITY, items: [] })],
  ],
  ['ASSET_UNKNOWN', 'an asset that nobody described', () => makeProgramme(CITY, 'unknown', never)],
  [
    'WINDOWS_OVERLAP',
    'windows that overlap',
    () =>
      schedule({
        windows: [
          { start: '08:00', end: '10:00' },
          { start: '09:00', end: '11:00' },
        ],
      }),
  ],
  [
    'ITEM_NEVER_FITS',
    'an item longer than its window',
    () => schedule({ windows: [{ start: '08:00:00', end: '08:00:10' }] }),
  ],
  [
    'RESERVED_OVERLAP',
    'a reservation over one on air',
    () => [
      put('reserved', {
        id: 'another',
        region: CITY,
        windows: [{ start: '12:15', end: '13:00' }],
        ...days('2026-11-01', null),
      }),
    ],
  ],
  ['ALREADY_ENDED', 'a new schedule whose days are over', () => schedule(days('2026-11-01', '2026-11-10'))],
  [
    'DAYS_NONE',
    'a new schedule with no day left',
    () => schedule({ days: { dates: ['2026-12-01'] }, ...days('2026-11-01', '2026-11-30') }),
  ],
  ['MINIMUMS_OVER', 'minimums that with those above are over 100', () => policy({ minimums: { city: 31 } })],
  [
    'PLAYLIST_UNKNOWN',
    'taking away a playlist that a schedule on air names',
    () => [remove('playlist', 'city', 1)],
  ],
];

describe('a draft with a problem', () => {
  it.each(PROBLEMS)('%s is saved with words, and goes no further: %s', async (problem, _what, edits) => {
    const draft = done(await city.create(CITY, edits()));
    expect(draft.problems.map((one) => one.code)).toContain(problem);
    expect(draft.problems.find((one) => one.code === problem)).toMatchObject({ severity: 'error' });
    for (const act of [city.submit, city.publish])
      expect((await act(draft)).body.error).toMatchObject({
        code: 'SCHEDULE_REFUSED',
        params: { problem },
      });
    expect((await city.read(draft.id)).state).toBe('draft');
    const { schedules, reserved, playlists } = await at.center.services.schedules.world();
    expect(schedules.map((one) => one.id).sort()).toEqual(['city', 'province']);
    expect([reserved.length, playlists.size]).toEqual([1, 2]);
  });

  it('may end or keep what is on air already, though its days are over', async () => {
    await publishAtOnce(city, CITY, makeProgramme(CITY, 'short', card));
    const [, shorter] = makeProgramme(CITY, 'short', card, days('2026-11-01', '2026-11-10'));
    const draft = await publishAtOnce(city, CITY, [{ ...shorter, base: 1 } as DraftEdit]);
    expect(draft.state).toBe('published');
    await publishAtOnce(city, CITY, [remove('schedule', 'short', 2), remove('playlist', 'short', 1)]);
  });

  it('is not held against what was there before and is not its own', async () => {
    const fine = done(await city.create(CITY, makeProgramme(CITY, 'fine', card)));
    expect(fine.problems).toEqual([]);
  });
});

const item = { asset: 'a'.repeat(64), durationS: 15 };
/** Refused at the edge: nothing is kept. */
const REFUSED: readonly (readonly [string, string, (card: Asset) => unknown[]])[] = [
  ['BAD_REQUEST', 'a day that is none', () => schedule(days('2026-02-30', null))],
  ['BAD_REQUEST', 'a validity that ends before it begins', () => schedule(days('2026-12-01', '2026-11-01'))],
  ['BAD_REQUEST', 'a time that is none', () => schedule({ windows: [{ start: '25:00', end: '26:00' }] })],
  [
    'BAD_REQUEST',
    'percents that do not sum to 100',
    () => policy({ percents: { province: 50, city: 40, county: 0, township: 0, village: 0 } }),
  ],
  ['BAD_REQUEST', 'minimums over 100', () => policy({ minimums: { province: 60, city: 50 } })],
  [
    'BAD_REQUEST',
    '10,000 items',
    () => [
      put('playlist', {
        id: 'long',
        name: '长',
        region: CITY,
        items: Array.from({ length: 10_000 }, () => item),
      }),
    ],
  ],
  [
    'BAD_REQUEST',
    '2,001 edits',
    () => Array.from({ length: 2_001 }, (_, n) => remove('schedule', `s-${n}`, 1)),
  ],
  ['BAD_REQUEST', 'a thing twice', () => [...schedule({}), ...schedule({})]],
  ['BAD_REQUEST', 'a body under another id', () => [{ ...schedule({})[0], id: 'else' }]],
  ['BAD_REQUEST', 'a policy under another region', () => [{ ...policy({})[0], id: '411224' }]],
  ['BAD_REQUEST', 'four stages of review', () => [put('review', { region: CITY, stages: { county: 4 } })]],
  ['SCHEDULE_REFUSED', 'an issuer that is no region', () => makeProgramme('411299', 'nowhere', card)],
  ['SCHEDULE_REFUSED', 'an issuer outside', () => makeProgramme('4101', 'outside', card)],
  ['CONFLICT', 'an id that another region holds', () => makeProgramme(CITY, 'province', card)],
  ['CONFLICT', 'taking off what another region holds', () => [remove('schedule', 'province', 1)]],
];

describe('a draft that is none', () => {
  it.each(REFUSED)('is refused with %s: %s', async (code, _what, edits) => {
    const before = (await call('GET', '/api/drafts')).body.total;
    const answer = await call('POST', '/api/drafts', { region: CITY, title: '试', edits: edits(card) });
    expect(answer.body.error).toMatchObject({ code });
    expect(answer.body.error.zh).not.toBe('');
    expect((await call('GET', '/api/drafts')).body.total).toBe(before);
  });

  it('of a region that is none, or another’s', async () => {
    const admin = at.as(await at.login());
    const none = await admin('POST', '/api/drafts', { region: '419999', title: '试', edits: [] });
    expect(none.body.error.code).toBe('REGION_UNKNOWN');
    const others = await call('POST', '/api/drafts', { region: '4101', title: '试', edits: [] });
    expect(others.body.error.code).toBe('FORBIDDEN');
    expect((await call('GET', '/api/drafts/d-aaaaaaaaaaaaaaaa')).status).toBe(404);
    expect((await call('GET', '/api/drafts/nonsense')).status).toBe(400);
  });

  it('of policies, by somebody who does not manage them', async () => {
    const edits = policy({ minimums: { city: 5 } });
    const draft = done(await city.create(CITY, edits));
    const organisation = done<{ id: string }>(
      await at.as(await at.login())('POST', '/api/organisations', { name: '豫西传媒', region: CITY }),
    );
    const admin = at.as(await at.login());
    done(
      await admin('POST', `/api/organisations/${organisation.id}/grants`, {
        region: CITY,
        abilities: ['schedule.read', 'schedule.edit', 'schedule.publish'],
        expiresAtMs: Date.parse('2026-12-20T08:00:00+08:00'),
      }),
    );
    done(
      await admin('POST', '/api/identity/accounts', {
        login: 'yunwei',
        name: '运维',
        password: 'a long enough password',
        grants: [],
        organisation: organisation.id,
      }),
    );
    const company = drafting(at, at.as(await at.login('yunwei', 'a long enough password')));
    expect((await company.create(CITY, edits)).body.error).toMatchObject({
      code: 'FORBIDDEN',
      params: { ability: 'policy.manage' },
    });
    for (const act of [company.submit, company.publish, company.discard])
      expect((await act(draft)).body.error.code).toBe('FORBIDDEN');
    expect((await company.create(CITY, schedule({}))).status).toBe(201);
  });
});
