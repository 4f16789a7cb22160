import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import { instantOfMs } from '../../../../shared/core/time.ts';
import type { DraftEdit, ScheduleDetail } from '../../../../shared/schedule/draft.api.ts';
import type { ScheduleRow } from '../../../../shared/schedule/apply.api.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import {
  done,
  drafting,
  makeKnownCard,
  makePerson,
  makeProgramme,
  publishAtOnce,
  remove,
} from '../../../helpers/schedulers.ts';
import type { Drafting } from '../../../helpers/schedulers.ts';

const COUNTY = '411224';
const clock = makeClock();
let at: TestCenter;
let card: Asset;
let call: Caller;
let county: Drafting;
beforeAll(async () => {
  at = await startCenter({ clock });
  card = await makeKnownCard(at, '防溺水');
  call = await makePerson(at, 'xian', ['operator', COUNTY]);
  county = drafting(at, call);
});
afterAll(() => at.stop());

/** Sessions end when the clock is moved far, or back. */
async function comeBack(): Promise<void> {
  call = at.as(await at.login('xian', 'a long enough password'));
  county = drafting(at, call);
}
const detail = async (id: string) => done<ScheduleDetail>(await call('GET', `/api/schedules/${id}`));
const withdraw = (id: string, version: number, who = call) =>
  who('POST', `/api/schedules/${id}/withdraw`, { version, reason: '换新节目' });
const list = async (query: string) =>
  done<{ rows: ScheduleRow[] }>(await call('GET', `/api/schedules?${query}`)).rows;
const renamed = (id: string, name: string, base: number): DraftEdit =>
  ({ ...makeProgramme(COUNTY, id, card, { name })[1], base }) as DraftEdit;

describe('a schedule over its versions', () => {
  it('keeps who put each on air, through which draft, and how it ended', async () => {
    const first = await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'told', card));
    clock.advance(60_000);
    const second = await publishAtOnce(county, COUNTY, [renamed('told', '二版', 1)]);
    clock.advance(60_000);
    expect((await withdraw('told', 1)).body.error).toMatchObject({
      code: 'DRAFT_OUTDATED',
      params: { version: 2 },
    });
    expect(done(await withdraw('told', 2))).toEqual({ id: 'told', state: 'withdrawn' });
    const told = await detail('told');
    expect(told).toMatchObject({ state: 'withdrawn', region: COUNTY, tier: 'county', screens: 0 });
    expect(told.versions).toMatchObject([
      { version: 2, draft: second.id, byName: 'xian', end: { kind: 'withdrawn', reason: '换新节目' } },
      { version: 1, draft: first.id, byName: 'xian', end: { kind: 'replaced', reason: null } },
    ]);
    expect(told.versions[0]?.fromMs).toBe(told.versions[1]?.toMs);
    expect((await withdraw('told', 2)).body.error.code).toBe('SCHEDULE_UNKNOWN');
    const { rows } = await at.center.services.audit.page({ limit: 1, offset: 0 });
    expect(rows[0]).toMatchObject({ action: 'schedule.withdraw', subject: 'told' });
  });

  it('that was withdrawn leaves its name, and what it showed, to its own region', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'named', card));
    done(await withdraw('named', 1));
    const sibling = await makePerson(at, 'linxian', ['operator', '411221']);
    const theirs = drafting(at, sibling);
    const edits = makeProgramme('411221', 'named', card).filter(({ kind }) => kind === 'schedule');
    const playlist = makeProgramme('411221', 'named-list', card).slice(0, 1);
    const [schedule] = edits.map((edit) => ({ ...edit, body: { ...edit.body, playlist: 'named-list' } }));
    const draft = done(await theirs.create('411221', [...playlist, schedule as DraftEdit]));
    expect((await theirs.submit(draft)).body.error).toMatchObject({ code: 'CONFLICT' });
    expect((await theirs.publish(draft)).body.error).toMatchObject({ code: 'CONFLICT' });
    expect((await sibling('GET', '/api/schedules/named')).status).toBe(403);
    expect(await detail('named')).toMatchObject({ region: COUNTY, state: 'withdrawn' });
  });

  it('that was withdrawn is put on air again as its next version', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'again', card));
    done(await withdraw('again', 1));
    await publishAtOnce(county, COUNTY, [makeProgramme(COUNTY, 'again', card)[1] as DraftEdit]);
    expect(await detail('again')).toMatchObject({
      state: 'on-air',
      versions: [{ version: 2 }, { version: 1 }],
    });
  });

  it('taken off by a draft is withdrawn too', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'dropped', card));
    await publishAtOnce(county, COUNTY, [remove('schedule', 'dropped', 1), remove('playlist', 'dropped', 1)]);
    expect((await detail('dropped')).versions[0]?.end).toMatchObject({ kind: 'withdrawn', reason: null });
  });

  it('is withdrawn at once, and the plans hear which region’s', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'heard', card));
    const heard: unknown[] = [];
    at.center.services.schedules.onPublished((published) => heard.push(published));
    done(await withdraw('heard', 1));
    expect(heard).toEqual([{ draft: null, regions: [COUNTY], atMs: clock.nowMs() }]);
  });

  it('withdrawn by two at once is withdrawn once', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'both', card));
    const answers = await Promise.all([withdraw('both', 1), withdraw('both', 1), withdraw('both', 1)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
  });

  it('is withdrawn by its issuer or above, not beside or below', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'guarded', card));
    const below = await makePerson(at, 'xiang', ['operator', '411224102']);
    const beside = await makePerson(at, 'lin', ['operator', '411221']);
    for (const who of [below, beside]) expect((await withdraw('guarded', 1, who)).status).toBe(403);
    expect((await below('GET', '/api/schedules/guarded')).status).toBe(200);
    expect((await beside('GET', '/api/schedules/guarded')).status).toBe(403);
    const above = await makePerson(at, 'shi', ['operator', '4112']);
    expect((await withdraw('guarded', 1, above)).status).toBe(200);
    expect((await withdraw('never-was', 1)).body.error.code).toBe('SCHEDULE_UNKNOWN');
  });

  it('is found in the list of its state', async () => {
    const on = (id: string, validity: object) => makeProgramme(COUNTY, id, card, { validity });
    await publishAtOnce(county, COUNTY, on('now', { from: '2026-11-01', to: '2026-11-30' }));
    await publishAtOnce(county, COUNTY, on('later', { from: '2026-12-01', to: null }));
    const ids = async (state: string) => (await list(`state=${state}&limit=500`)).map((row) => row.id);
    expect(await ids('on-air')).toContain('now');
    expect(await ids('upcoming')).toEqual(['later']);
    expect(await ids('withdrawn')).toContain('told');
    expect(await ids('withdrawn')).not.toContain('again');
    clock.advance(14 * 86_400_000);
    await comeBack();
    expect(await ids('ended')).toEqual(['now']);
    expect((await list('text=now'))[0]).toMatchObject({ id: 'now', state: 'ended' });
    expect(await list('text=told')).toEqual([]);
  });

  it('taken down by a denial says so, while it is on air', async () => {
    await publishAtOnce(county, COUNTY, makeProgramme(COUNTY, 'denied', card));
    done(
      await call('POST', '/api/denials', {
        kind: 'schedule',
        subject: 'denied',
        region: COUNTY,
        reason: '内容有误',
      }),
    );
    expect((await detail('denied')).state).toBe('taken-down');
    expect((await list('state=taken-down')).map((row) => row.id)).toEqual(['denied']);
  });

  it('of the past resolves as it was, also after the clock was set back between two changes', async () => {
    const past = async (ms: number) => {
      const answer = await call('GET', `/api/schedules/document?region=${COUNTY}&at=${instantOfMs(ms)}`);
      const { schedules } = done<{ schedules: { id: string; name: string }[] }>(answer);
      return schedules.filter((one) => one.id === 'clock').map((one) => one.name);
    };
    const start = clock.nowMs();
    await publishAtOnce(county, COUNTY, [...makeProgramme(COUNTY, 'clock', card, { name: '一版' })]);
    clock.setWall(start + 240_000);
    await comeBack();
    await publishAtOnce(county, COUNTY, [renamed('clock', '二版', 1)]);
    clock.setWall(start + 120_000);
    await comeBack();
    await publishAtOnce(county, COUNTY, [renamed('clock', '三版', 2)]);
    expect(await past(start + 60_000)).toEqual(['一版']);
    expect(await past(start + 180_000)).toEqual(['三版']);
    expect(await past(start + 300_000)).toEqual(['三版']);
  });
});

describe('an asset that is denied in a region', () => {
  it('is not published there, and is elsewhere', async () => {
    const bad = await makeKnownCard(at, '错误科普');
    const admin = at.as(await at.login());
    done(
      await admin('POST', '/api/denials', {
        kind: 'asset',
        subject: bad.sha256,
        region: COUNTY,
        reason: '内容有误',
      }),
    );
    const draft = done(await county.create(COUNTY, makeProgramme(COUNTY, 'bad', bad)));
    expect((await county.publish(draft)).body.error).toMatchObject({
      code: 'ASSET_DENIED',
      params: { title: '错误科普' },
    });
    const other = drafting(at, admin);
    expect((await publishAtOnce(other, '411221', makeProgramme('411221', 'fine', bad))).state).toBe(
      'published',
    );
  });
});
