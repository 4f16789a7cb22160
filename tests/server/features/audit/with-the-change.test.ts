import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DraftId, ScreenId } from '../../../../shared/core/ids.ts';
import { DATABASE_FILE } from '../../../../server/infra/database/database.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Answer, Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import { makeCard, makeDocument, upload } from '../../../helpers/content.ts';
import { makeDevice } from '../../../helpers/device.ts';

const card = makeCard('防溺水');
const PASSWORD = 'a long enough password';
const clock = makeClock();
const at8 = Math.floor(clock.nowMs() / 1000);

let at: TestCenter;
let call: Caller;
let cookie: string;
let approver: Caller;
let bound: ScreenId;
let free: ScreenId;
let exemption: string;
let code: string;
let draft: DraftId;

beforeAll(async () => {
  at = await startCenter({ clock });
  cookie = await at.login();
  call = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const grants = [{ role: 'administrator', region: '41' }];
  await call('POST', '/api/identity/accounts', { login: 'second', name: '二', password: PASSWORD, grants });
  approver = at.as(await at.login('second', PASSWORD));
  bound = await addScreen('一号');
  free = await addScreen('二号');
  await makeDevice().claimTo(at, bound, cookie);
  const shown = await makeDevice().enrol(at);
  code = shown.state === 'waiting' ? shown.code : '';
  const filing = { kind: 'power-cut', screen: bound, from: at8, to: at8 + 3_600, reason: '停电' };
  exemption = (await call('POST', '/api/assessment/exemptions', filing)).body.id;
  const reserved = {
    id: 'noon',
    region: '41',
    windows: [{ start: '12:00', end: '12:30' }],
    validity: { from: '2026-11-01', to: null },
  };
  const edits = [{ kind: 'reserved', id: 'noon', base: null, body: reserved }];
  draft = (await call('POST', '/api/drafts', { region: '41', title: '午间', edits })).body.id;
});
afterAll(() => at.stop());

async function addScreen(name: string): Promise<ScreenId> {
  const answer = await call('POST', '/api/screens', { name, region: '411224102203' });
  return answer.body.id as ScreenId;
}

/** Runs `work` while the log takes no entry: a full disk between a change and its entry. */
async function withoutLog<Result>(work: () => Promise<Result>): Promise<Result> {
  const sqlite = new SQLite(join(at.folder, DATABASE_FILE));
  const run = (sql: string) => sqlite.prepare(sql).run();
  run("CREATE TRIGGER no_log BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  try {
    return await work();
  } finally {
    run('DROP TRIGGER no_log');
    sqlite.close();
  }
}

/** Every row that a person can change, but for the log. */
function everything(): unknown {
  const sqlite = new SQLite(join(at.folder, DATABASE_FILE), { readonly: true });
  const tables = [
    'accounts',
    'account_grants',
    'sessions',
    'screens',
    'devices',
    'bindings',
    'content_versions',
    'drafts',
    'draft_reviews',
    'asset_reviews',
    'suspensions',
    'assets',
    'required_rules',
    'exemptions',
  ];
  const rows = tables.map((table) => [table, sqlite.prepare(`SELECT * FROM ${table}`).all()]);
  sqlite.close();
  return rows;
}

describe('a change whose audit entry cannot be kept', () => {
  const changes: readonly (readonly [string, string, () => Promise<Answer>])[] = [
    [
      'schedule.apply',
      'putting a document on air',
      () => call('POST', '/api/schedules/apply', makeDocument(card.asset)),
    ],
    [
      'draft.submit',
      'submitting a draft',
      () => call('POST', `/api/drafts/${draft}/submit`, { revision: 1 }),
    ],
    [
      'draft.publish',
      'publishing a draft',
      async () =>
        call('POST', `/api/drafts/${draft}/publish`, {
          revision: 1,
          basis: await at.center.services.schedules.basisFor(draft),
        }),
    ],
    [
      'schedule.withdraw',
      'withdrawing a schedule',
      () => call('POST', '/api/schedules/daily/withdraw', { version: 1, reason: '换新节目' }),
    ],
    [
      'suspension.create',
      'suspending a region',
      () => call('POST', '/api/suspensions', { region: '4101', reason: '内容核查' }),
    ],
    [
      'screen.create',
      'adding a screen',
      () => call('POST', '/api/screens', { name: '三号', region: '411224102203' }),
    ],
    ['screen.change', 'renaming a screen', () => call('PATCH', `/api/screens/${free}`, { name: '改' })],
    ['screen.claim', 'claiming a box', () => call('POST', `/api/screens/${free}/claim`, { code })],
    ['screen.unbind', 'taking a box away', () => call('POST', `/api/screens/${bound}/unbind`)],
    ['screen.retire', 'retiring a screen', () => call('POST', `/api/screens/${bound}/retire`, {})],
    [
      'exemption.file',
      'filing an exemption',
      () =>
        call('POST', '/api/assessment/exemptions', {
          kind: 'repair',
          screen: bound,
          from: at8,
          to: at8 + 60,
          reason: '维修',
        }),
    ],
    [
      'exemption.approve',
      'approving an exemption',
      () => approver('POST', `/api/assessment/exemptions/${exemption}/approve`),
    ],
    [
      'required-hours.change',
      'changing required hours',
      () =>
        call('PUT', '/api/assessment/required-hours', {
          region: '41',
          fromDay: '2026-12-01',
          windows: [{ start: '06:00', end: '23:00' }],
        }),
    ],
    [
      'account.create',
      'adding an account',
      () =>
        call('POST', '/api/identity/accounts', {
          login: 'third',
          name: '三',
          password: PASSWORD,
          grants: [{ role: 'auditor', region: '41' }],
        }),
    ],
    [
      'login',
      'logging in',
      () => at.as(null)('POST', '/api/identity/login', { login: 'second', password: PASSWORD }),
    ],
    [
      'account.password',
      'changing a password',
      () => approver('POST', '/api/identity/password', { current: PASSWORD, next: `${PASSWORD} 2` }),
    ],
  ];

  it.each(changes)('is not made either, and is once it can: %s, %s', async (action, _what, change) => {
    const before = everything();
    const refused = await withoutLog(change);
    expect(refused).toMatchObject({ status: 500, body: { error: { code: 'INTERNAL' } } });
    expect(everything()).toEqual(before);
    expect((await change()).status).toBeLessThan(300);
    const { rows } = await at.center.services.audit.page({ limit: 1, offset: 0 });
    expect(rows[0]?.action).toBe(action);
    expect(everything()).not.toEqual(before);
  });

  it('leaves the chain whole', async () => {
    expect(await at.center.services.audit.verify()).toMatchObject({ ok: true });
  });
});
