import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../../player/engine/engine.ts';
import type { Engine } from '../../player/engine/engine.ts';
import { HeadlessStage } from '../../player/shells/headless/headless-stage.ts';
import type { Draft, DraftEdit } from '../../shared/schedule/draft.api.ts';
import { explanationSchema, whySchema } from '../../shared/plan/explain.api.ts';
import { feasibilitySchema } from '../../shared/plan/feasibility.api.ts';
import { publicationSchema } from '../../shared/plan/publication.api.ts';
import { startCenter } from '../helpers/center.ts';
import type { Answer, Caller, TestCenter } from '../helpers/center.ts';
import { makeCard, upload } from '../helpers/content.ts';
import { liveUntil, makeTime } from '../player/engine/fake-time.ts';

/**
 * A day in the life of four people — province, city, county and a third-party operator — through the
 * same API as the console, with a real center and a real player on one told clock. Each test goes on
 * where the one before ended.
 */
const folder = mkdtempSync(join(tmpdir(), 'kepu-four-'));
const time = makeTime('2026-11-20T07:00:00+08:00');
const undo: (() => Promise<void> | void)[] = [];

const PASSWORD = 'a long enough password';
const COUNTY = '411224';
const VILLAGE = '411224102203';
const SIBLING = '411221';
const news = makeCard('省级科学新闻');
const first = makeCard('卢氏县乡村科普');
const better = makeCard('卢氏县乡村科普（修订）');
const village = { rotation: 'lushi-rotation', playlist: 'lushi-list' };

let at: TestCenter;
let engine: Engine;
let screen: string;
let rotationDraft: Draft;

/** Calls as a person; every call logs in anew, because sessions end when idle and the day is long. */
const as = (login: string): Caller => {
  return async (method, path, body) => {
    const cookie = await at.login(login, login === at.admin.login ? at.admin.password : PASSWORD);
    return at.as(cookie)(method, path, body);
  };
};
const admin: Caller = (...call) => as(at.admin.login)(...call);
const province = as('lin');
const city = as('shi');
const county = as('xian');
const thirdParty = as('yunwei');

function done(answer: Answer, status = 200): Answer['body'] {
  expect(answer.body, JSON.stringify(answer.body)).toBeDefined();
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body;
}

function refused(answer: Answer, code: string): void {
  expect(answer.body.error?.code, JSON.stringify(answer.body)).toBe(code);
}

/** Nobody does anything until a time of that day. */
async function waitUntil(clock: string): Promise<void> {
  const until = Date.parse(`2026-11-20T${clock}+08:00`);
  await liveUntil(time, `it is ${clock}`, () => {
    const left = until - time.clock.nowMs();
    if (left > 120_000) time.run(60_000);
    return left <= 0;
  });
}

const isShowing = (sha256: string | null) => () => {
  const { showing } = engine.status();
  return sha256 === null ? showing.kind !== 'item' : showing.kind === 'item' && showing.asset === sha256;
};

const put = (kind: DraftEdit['kind'], body: { id?: string; region: string }, base: number | null = null) =>
  ({ kind, id: body.id ?? body.region, base, body }) as unknown as DraftEdit;

const rotationOver = (asset: string): DraftEdit[] => [
  put('playlist', {
    id: village.playlist,
    name: '卢氏县轮播单',
    region: COUNTY,
    items: [{ asset, durationS: 15 }],
  } as never),
  put('schedule', {
    id: village.rotation,
    name: '卢氏县轮播',
    class: 'rotation',
    region: COUNTY,
    playlist: village.playlist,
    windows: [{ start: '06:00', end: '22:00' }],
    validity: { from: '2026-11-20', to: null },
  } as never),
];

/** Looks at the report, then publishes what it is about. */
async function publish(who: Caller, draft: Draft): Promise<Draft> {
  const report = feasibilitySchema.parse(done(await who('GET', `/api/drafts/${draft.id}/feasibility`)));
  expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const act = { revision: draft.revision, basis: report.basis };
  return done(await who('POST', `/api/drafts/${draft.id}/publish`, act)) as Draft;
}

beforeAll(async () => {
  at = await startCenter({ clock: time.clock, folder: join(folder, 'center'), listen: true });
  undo.push(() => at.stop());
});
afterAll(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

describe('a day in the life of four people', () => {
  test('07:00 people are appointed, and a company is let in for a month', async () => {
    const organisation = done(
      await admin('POST', '/api/organisations', { name: '豫西传媒', region: COUNTY, contact: '13800000000' }),
      201,
    );
    const until = time.clock.nowMs() + 9 * 3_600_000;
    done(
      await admin('POST', `/api/organisations/${organisation.id}/grants`, {
        region: COUNTY,
        abilities: [
          'screen.read',
          'screen.manage',
          'asset.read',
          'asset.manage',
          'schedule.read',
          'schedule.edit',
        ],
        expiresAtMs: until,
      }),
      201,
    );
    const people = [
      { login: 'lin', name: '省 林', grants: [{ role: 'operator', region: '41' }] },
      {
        login: 'shi',
        name: '市 史',
        grants: [
          { role: 'operator', region: '4112' },
          { role: 'reviewer', region: '4112' },
        ],
      },
      { login: 'xian', name: '县 贤', grants: [{ role: 'operator', region: COUNTY }] },
      { login: 'yunwei', name: '运维 云', grants: [], organisation: organisation.id },
    ];
    for (const person of people)
      done(await admin('POST', '/api/identity/accounts', { ...person, password: PASSWORD }), 201);
  });

  test('07:10 the province demands reviews, sets quotas, reserves noon and orders its news', async () => {
    const cookie = await at.login('lin', PASSWORD);
    await upload(at, cookie, news.asset.sha256, news.bytes);
    done(await province('POST', '/api/assets', { region: '41', asset: news.asset }));
    const validity = { from: '2026-11-01', to: null };
    const draft = done(
      await province('POST', '/api/drafts', {
        region: '41',
        title: '全省规则和午间新闻',
        edits: [
          put('review', { region: '41', stages: { county: 1 }, final: 'issuer' } as never),
          put('quota', {
            region: '41',
            percents: { province: 40, city: 20, county: 20, township: 10, village: 10 },
            minimums: { county: 15 },
          } as never),
          put('reserved', {
            id: 'noon',
            region: '41',
            windows: [{ start: '12:00', end: '12:30' }],
            validity,
          } as never),
          put('playlist', {
            id: 'news',
            name: '科学新闻',
            region: '41',
            items: [{ asset: news.asset.sha256, durationS: 60 }],
          } as never),
          put('schedule', {
            id: 'news-noon',
            name: '午间科学新闻',
            class: 'mandatory',
            region: '41',
            playlist: 'news',
            windows: [{ start: '12:00', end: '12:30' }],
            validity,
          } as never),
        ],
      }),
      201,
    ) as Draft;
    const published = await publish(province, draft);
    expect(published.state).toBe('published');
    refused(
      await province('POST', `/api/drafts/${draft.id}/publish`, {
        revision: published.revision,
        basis: 'a'.repeat(64),
      }),
      'DRAFT_STATE',
    );
  });

  test('08:00 the company hangs a screen in the village, and nowhere else', async () => {
    const place = { name: '毛坪村口', commissionedOn: '2026-11-20' };
    refused(await thirdParty('POST', '/api/screens', { ...place, region: SIBLING }), 'FORBIDDEN');
    screen = done(await thirdParty('POST', '/api/screens', { ...place, region: VILLAGE }), 201).id;
    const stage = new HeadlessStage({ timers: time.timers });
    engine = await startEngine({
      centerUrl: at.url,
      dataFolder: join(folder, 'player'),
      renderer: 'headless',
      hardware: 'test',
      stage,
      ports: { clock: time.clock, timers: time.timers },
    });
    undo.push(() => engine.stop());
    undo.push(() => stage.stop());
    await liveUntil(time, 'a code', () => engine.status().pairingCode !== null);
    const { pairingCode: code } = engine.status();
    done(await thirdParty('POST', `/api/screens/${screen}/claim`, { code }));
    await liveUntil(time, 'online', () => engine.status().online);
  });

  test('08:30 its draft is judged: it may submit, not publish; others may not even look', async () => {
    const cookie = await at.login('yunwei', PASSWORD);
    for (const card of [first, better]) {
      await upload(at, cookie, card.asset.sha256, card.bytes);
      done(await thirdParty('POST', '/api/assets', { region: COUNTY, asset: card.asset }));
    }
    const creation = { region: COUNTY, title: '县轮播', edits: rotationOver(first.asset.sha256) };
    refused(await thirdParty('POST', '/api/drafts', { ...creation, region: SIBLING }), 'FORBIDDEN');
    const draft = done(await thirdParty('POST', '/api/drafts', creation), 201) as Draft;
    const submitted = done(
      await thirdParty('POST', `/api/drafts/${draft.id}/submit`, { revision: draft.revision }),
    ) as Draft;
    expect(submitted).toMatchObject({ state: 'submitted', stages: 1, passed: 0 });
    refused(
      await thirdParty('POST', `/api/drafts/${draft.id}/publish`, {
        revision: submitted.revision,
        basis: 'a'.repeat(64),
      }),
      'FORBIDDEN',
    );
    const early = { revision: submitted.revision, basis: 'a'.repeat(64) };
    expect((await county('POST', `/api/drafts/${draft.id}/publish`, early)).status).toBe(409);
    rotationDraft = submitted;
  });

  test('09:00 the city returns it with a comment, the company mends it, the city passes it', async () => {
    const { id } = rotationDraft;
    const verdictOn = (draft: Draft, verdict: string, more: object) => ({
      revision: draft.revision,
      hash: draft.hash,
      verdict,
      ...more,
    });
    const returned = done(
      await city(
        'POST',
        `/api/drafts/${id}/review`,
        verdictOn(rotationDraft, 'return', { comment: '换修订版' }),
      ),
    ) as Draft;
    expect(returned.state).toBe('returned');
    const mended = done(
      await thirdParty('PUT', `/api/drafts/${id}`, {
        revision: returned.revision,
        title: '县轮播（修订）',
        edits: rotationOver(better.asset.sha256),
      }),
    ) as Draft;
    refused(
      await county('PUT', `/api/drafts/${id}`, {
        revision: returned.revision,
        title: '我也改',
        edits: rotationOver(first.asset.sha256),
      }),
      'DRAFT_CHANGED',
    );
    const again = done(
      await thirdParty('POST', `/api/drafts/${id}/submit`, { revision: mended.revision }),
    ) as Draft;
    const waiting = done(await city('GET', '/api/drafts?waiting=true'));
    expect(waiting.rows.map((row: { id: string }) => row.id)).toContain(id);
    refused(
      await city('POST', `/api/drafts/${id}/review`, verdictOn(again, 'approve', { assets: [] })),
      'ASSET_UNREVIEWED',
    );
    const approved = done(
      await city(
        'POST',
        `/api/drafts/${id}/review`,
        verdictOn(again, 'approve', { assets: [better.asset.sha256] }),
      ),
    ) as Draft;
    expect(approved).toMatchObject({ state: 'approved', stages: 1, passed: 1 });
    expect(approved.reviews.map(({ verdict, byName }) => `${byName} ${verdict}`)).toEqual([
      '市 史 return',
      '市 史 approve',
    ]);
    rotationDraft = approved;
  });

  test('10:00 the county publishes it, and it is followed to the glass', async () => {
    await waitUntil('10:00:00');
    const published = await publish(county, rotationDraft);
    expect(published.state).toBe('published');
    await liveUntil(time, 'it is on the glass', isShowing(better.asset.sha256));
    const publicationNow = async () =>
      publicationSchema.parse(done(await county('GET', `/api/publications/${rotationDraft.id}`)));
    await liveUntil(time, 'the center knows', async () => (await publicationNow()).counts.onAir === 1);
    expect(await publicationNow()).toMatchObject({
      state: 'done',
      counts: { screens: 1, told: 1, fetched: 1, verified: 1, onAir: 1, refused: 0, overtaken: 0 },
    });
  });

  test('12:05 "why is mine not on?" and "why is this on?" have one answer', async () => {
    await waitUntil('12:05:00');
    expect(isShowing(news.asset.sha256)()).toBe(true);
    const instant = Math.floor(time.clock.nowMs() / 1000);
    const explanation = explanationSchema.parse(
      done(await county('GET', `/api/screens/${screen}/explain?at=${instant}`)),
    );
    expect(explanation.entry).toMatchObject({ schedule: 'news-noon', tier: 'province', class: 'mandatory' });
    const standing = [...explanation.displaced, ...explanation.others].find(
      (row) => row.schedule === village.rotation,
    );
    expect(standing).toMatchObject({ standing: 'reserved', by: 'noon' });
    const why = whySchema.parse(
      done(await county('GET', `/api/schedules/${village.rotation}/why?screen=${screen}&day=2026-11-20`)),
    );
    const noon = why.stretches.find(({ from, to }) => from <= instant && instant < to);
    expect(noon).toMatchObject({ standing: 'reserved', by: 'noon' });
    expect(why.airtimeS).toBeGreaterThan(0);
    expect(noon?.words.zh).toMatch(/[一-鿿]/);
  });

  test('13:00 the county takes its programme down at once; two people lift it', async () => {
    await waitUntil('13:00:00');
    await liveUntil(time, 'the rotation is on', isShowing(better.asset.sha256));
    const denial = done(
      await county('POST', '/api/denials', {
        kind: 'asset',
        subject: better.asset.sha256,
        region: COUNTY,
        reason: '画面有误，先停',
      }),
      201,
    );
    await liveUntil(time, 'it is off the glass', isShowing(null));
    refused(await thirdParty('POST', `/api/denials/${denial.id}/lift`, { reason: '已更正' }), 'FORBIDDEN');
    done(await county('POST', `/api/denials/${denial.id}/lift`, { reason: '核对无误' }));
    refused(
      await county('POST', `/api/denials/${denial.id}/lift`, { reason: '核对无误' }),
      'SECOND_PERSON_NEEDED',
    );
    expect(isShowing(null)()).toBe(true);
    done(await city('POST', `/api/denials/${denial.id}/lift`, { reason: '市里复核无误' }));
    await liveUntil(time, 'it is back', isShowing(better.asset.sha256));
  });

  test('14:00 the city suspends the county; what is on air stays, nothing new goes on', async () => {
    const suspension = done(
      await city('POST', '/api/suspensions', { region: COUNTY, reason: '核查第三方内容' }),
      201,
    );
    const draft = done(
      await county('POST', '/api/drafts', {
        region: COUNTY,
        title: '再发一条',
        edits: [
          put('schedule', {
            id: 'lushi-evening',
            name: '卢氏县晚间',
            class: 'mandatory',
            region: COUNTY,
            playlist: village.playlist,
            windows: [{ start: '18:00', end: '18:10' }],
            validity: { from: '2026-11-20', to: null },
          } as never),
        ],
      }),
      201,
    ) as Draft;
    refused(
      await county('POST', `/api/drafts/${draft.id}/submit`, { revision: draft.revision }),
      'REGION_SUSPENDED',
    );
    expect(isShowing(better.asset.sha256)()).toBe(true);
    done(await city('POST', `/api/suspensions/${suspension.id}/lift`, {}));
    done(await county('POST', `/api/drafts/${draft.id}/submit`, { revision: draft.revision }));
  });

  test('16:05 the grant has run out, and the company is outside', async () => {
    await waitUntil('16:05:00');
    refused(await thirdParty('GET', `/api/screens/${screen}`), 'FORBIDDEN');
    refused(
      await thirdParty('POST', '/api/drafts', { region: COUNTY, title: '晚了', edits: [] }),
      'FORBIDDEN',
    );
  });

  test('17:00 the county withdraws its rotation; yesterday can still be told', async () => {
    await waitUntil('17:00:00');
    const detail = done(await county('GET', `/api/schedules/${village.rotation}`));
    expect(detail).toMatchObject({ state: 'on-air', screens: 1 });
    expect(detail.versions[0]).toMatchObject({ version: 1, draft: rotationDraft.id });
    done(
      await county('POST', `/api/schedules/${village.rotation}/withdraw`, { version: 1, reason: '换新节目' }),
    );
    await liveUntil(time, 'it is off the glass', isShowing(null));
    expect(done(await county('GET', `/api/schedules/${village.rotation}`)).state).toBe('withdrawn');
    const noon = Date.parse('2026-11-20T11:59:00+08:00') / 1000;
    const then = done(await county('GET', `/api/schedules/document?region=${COUNTY}&at=${noon}`));
    expect(then.schedules.map((one: { id: string }) => one.id)).toEqual([village.rotation]);
    const explanation = explanationSchema.parse(
      done(await county('GET', `/api/screens/${screen}/explain?at=${noon}`)),
    );
    expect(explanation.entry.schedule).toBe(village.rotation);
    expect(explanation.reviews.map(({ byName }) => byName)).toContain('市 史');
  });

  test('every act of the day is in the log, and the log is whole', async () => {
    const verdict = await at.center.services.audit.verify();
    expect(verdict).toMatchObject({ ok: true });
    const { rows } = await at.center.services.audit.page({ limit: 500, offset: 0 });
    const actions = new Set(rows.map(({ action }) => action.split('.')[0]));
    for (const kind of ['login', 'account', 'organisation', 'draft', 'denial', 'suspension', 'schedule'])
      expect([...actions], kind).toContain(kind);
  });
});
