import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyEnvelope } from '../../../../server/infra/signer.ts';
import type { Envelope } from '../../../../shared/core/signed.ts';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import { instantOfMs } from '../../../../shared/core/time.ts';
import { denyListSchema } from '../../../../shared/schedule/denial.schema.ts';
import type { DenialRow } from '../../../../shared/schedule/denial.schema.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';
import { makeDevice } from '../../../helpers/device.ts';
import type { Connection } from '../../../helpers/device.ts';
import { done, makePerson } from '../../../helpers/schedulers.ts';

const card = makeCard('防溺水');
const clock = makeClock();
const folder = mkdtempSync(join(tmpdir(), 'kepu-denials-'));
let at: TestCenter;
let admin: Caller;
let province: Caller;
let second: Caller;
let county: Caller;
let reviewer: Caller;
const open: Connection[] = [];

beforeAll(async () => {
  at = await startCenter({ clock, listen: true, folder });
  await fill();
});
afterEach(async () => {
  for (const connection of open.splice(0)) connection.close();
  // Nothing of one test holds in the next.
  const { rows } = done<{ rows: DenialRow[] }>(await province('GET', '/api/denials?limit=500'));
  for (const { id, state } of rows.filter((one) => one.state !== 'lifted')) {
    if (state === 'in-force') await province('POST', `/api/denials/${id}/lift`, { reason: '测试' });
    done(await second('POST', `/api/denials/${id}/lift`, { reason: '测试' }));
  }
});
afterAll(async () => {
  await at.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function fill(): Promise<void> {
  const cookie = await at.login();
  admin = at.as(cookie);
  await upload(at, cookie, card.asset.sha256, card.bytes);
  const schedules = [makeDaily({ windows: [{ start: '00:00', end: '24:00' }] })];
  done(await admin('POST', '/api/schedules/apply', makeDocument(card.asset, { schedules })));
  province = await makePerson(at, 'province', ['operator', '41']);
  second = await makePerson(at, 'second', ['operator', '41']);
  county = await makePerson(at, 'county', ['operator', '410122']);
  reviewer = await makePerson(at, 'reviewer', ['reviewer', '410122']);
}

const TAKEDOWN = { kind: 'schedule', subject: 'daily', region: '41', reason: '内容有误' };
const STOP = { kind: 'stop-all', subject: '', region: '410122', reason: '设备检修' };
const issue = async (who: Caller, creation: object) =>
  done<DenialRow>(await who('POST', '/api/denials', creation));
const lift = (who: Caller, { id }: DenialRow) =>
  who('POST', `/api/denials/${id}/lift`, { reason: '已经更正' });
const liftByTwo = async (row: DenialRow) => {
  done(await lift(province, row));
  return done<DenialRow>(await lift(second, row));
};

async function placed(region = '410122') {
  const screen = done<{ id: ScreenId }>(
    await admin('POST', '/api/screens', { name: '科技馆门口', region, tags: [] }),
  ).id;
  const device = makeDevice();
  await device.claimTo(at, screen, await at.login());
  await at.center.services.plans.settled();
  return { screen, device };
}
async function connect(device: ReturnType<typeof makeDevice>, held = {}) {
  const connection = await device.connect(at, held);
  open.push(connection);
  expect(connection.answer.ok).toBe(true);
  return connection;
}
const audited = async (action: string) =>
  (await at.center.services.audit.page({ limit: 100, offset: 0, action })).rows;

describe('a denial', () => {
  it('reaches the connected players it concerns at once, signed, and counts who holds it', async () => {
    const here = await placed();
    const away = await placed('411224');
    const connection = await connect(here.device);
    const elsewhere = await connect(away.device);
    const before = elsewhere.denyLists.length;
    const row = await issue(province, STOP);
    expect(row).toMatchObject({ state: 'in-force', region: '410122', name: '一键停播', mayLift: true });
    await expect.poll(() => connection.denyLists.at(-1)?.version).toBe(row.version);
    expect(connection.denyLists.at(-1)).toMatchObject({
      region: '410122',
      issuedAt: instantOfMs(clock.nowMs()),
    });
    expect(connection.denyLists.at(-1)?.denials.map(({ id }) => id)).toContain(row.id);
    expect(elsewhere.denyLists).toHaveLength(before);
    const envelope = done<Envelope>(await at.as(connection.bearer)('GET', '/api/denials/list'));
    const { center } = await here.device.enrol(at);
    expect(verifyEnvelope('kepu-denials/1', envelope, center.publicKey)).toBe(true);
    expect(denyListSchema.parse(JSON.parse(envelope.text))).toEqual(connection.denyLists.at(-1));
    const screens = `/api/denials/${row.id}/screens`;
    await expect
      .poll(async () => (await province('GET', `${screens}?held=yes`)).body.rows)
      .toMatchObject([
        {
          screen: here.screen,
          device: here.device.device,
          held: true,
          version: row.version,
          connected: true,
        },
      ]);
    const [listed] = done<{ rows: DenialRow[] }>(await province('GET', '/api/denials?state=in-force')).rows;
    expect(listed).toMatchObject({ id: row.id, held: 1 });
    const missing = done<{ total: number }>(await province('GET', `${screens}?held=no`)).total;
    expect(missing).toBe((listed?.screens ?? 0) - 1);
    expect(await audited('denial.issue')).toMatchObject([
      { subject: row.id, detail: { version: row.version } },
    ]);
  });

  it('goes out before the assignment to who comes back without it, and not to who holds it', async () => {
    const { device, screen } = await placed();
    const { version } = await issue(province, TAKEDOWN);
    await at.center.services.plans.settled();
    const connection = await connect(device);
    const { assignment } = await connection.nextAssignment();
    expect(connection.heard.slice(0, 2)).toEqual(['denials', 'assignment']);
    expect(assignment).toMatchObject({ screen, denyListVersion: version });
    connection.close();
    const again = await connect(device, { denyListVersion: version });
    await again.nextAssignment();
    expect(again.heard).not.toContain('denials');
  });

  it('is lifted by two people of its tier or above; one may ask and anybody of them may say no', async () => {
    const row = await issue(county, { ...TAKEDOWN, region: '410122' });
    expect(done<DenialRow>(await lift(county, row))).toMatchObject({
      state: 'lifting',
      liftAskedByName: 'county',
      liftReason: '已经更正',
      mayLift: false,
    });
    expect((await lift(county, row)).body.error.code).toBe('SECOND_PERSON_NEEDED');
    expect(done(await reviewer('POST', `/api/denials/${row.id}/keep`))).toMatchObject({ state: 'in-force' });
    expect((await reviewer('POST', `/api/denials/${row.id}/keep`)).status).toBe(409);
    done(await lift(county, row));
    const answers = await Promise.all([lift(province, row), lift(second, row), lift(reviewer, row)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
    const [lifted] = done<{ rows: DenialRow[] }>(await province('GET', '/api/denials?state=lifted')).rows;
    expect(lifted).toMatchObject({ id: row.id, to: instantOfMs(clock.nowMs()), mayLift: false });
    expect(lifted?.liftVersion).toBeGreaterThan(row.version);
    expect((await lift(province, row)).body.error.code).toBe('DENIAL_LIFTED');
    expect((await audited('denial.lift')).filter(({ subject }) => subject === row.id)).toHaveLength(1);
  });

  it('of a higher tier is not a lower one’s to lift or to issue, but to see', async () => {
    const row = await issue(province, TAKEDOWN);
    expect((await lift(county, row)).status).toBe(403);
    expect((await county('POST', `/api/denials/${row.id}/keep`)).status).toBe(403);
    expect((await county('POST', '/api/denials', { ...STOP, region: '4101' })).status).toBe(403);
    expect((await county('GET', '/api/denials/preview?kind=stop-all&region=4101')).status).toBe(403);
    const seen = done<{ rows: DenialRow[] }>(await county('GET', '/api/denials?state=in-force')).rows;
    expect(seen).toMatchObject([{ id: row.id, mayLift: false }]);
  });

  it('that a higher tier issues in a lower one is the higher tier’s to lift, and holds beside the lower one’s own', async () => {
    const own = await issue(county, STOP);
    const above = await issue(province, STOP);
    expect(above).toMatchObject({ region: '410122', issuer: '41', issuerName: '河南省' });
    expect(own).toMatchObject({ issuer: '410122', mayLift: true });
    for (const who of [county, reviewer]) {
      expect((await lift(who, above)).status).toBe(403);
      expect((await who('POST', `/api/denials/${above.id}/keep`)).status).toBe(403);
    }
    done(await lift(county, own));
    done(await lift(reviewer, own));
    const left = at.center.services.denials.affecting('410122' as never, 0, 2 ** 40);
    expect(left.filter(({ kind, to }) => kind === 'stop-all' && to === null)).toHaveLength(1);
    expect(await liftByTwo(above)).toMatchObject({ state: 'lifted' });
  });

  it('of higher content is reported upward, and shown there', async () => {
    const row = await issue(county, { ...TAKEDOWN, region: '410122' });
    expect(row.upward).toBe(true);
    const [entry] = await audited('denial.upward');
    expect(entry).toMatchObject({ subject: '41', detail: { denial: row.id, region: '410122' } });
    const above = done<{ rows: DenialRow[] }>(await province('GET', '/api/denials?region=41&state=in-force'));
    expect(above.rows.map(({ id }) => id)).toEqual([row.id]);
    const other = done<{ total: number }>(await province('GET', '/api/denials?region=411224&state=in-force'));
    expect(other.total).toBe(0);
  });

  it('is one, however often it is asked for at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => province('POST', '/api/denials', STOP)),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('DENIAL_TWICE');
  });

  it('names what there is, and nothing else', async () => {
    const refused = async (patch: object) =>
      (await province('POST', '/api/denials', { ...TAKEDOWN, ...patch })).body.error.code;
    expect(await refused({ subject: 'never-on-air' })).toBe('SCHEDULE_UNKNOWN');
    expect(await refused({ kind: 'asset', subject: 'f'.repeat(64) })).toBe('ASSET_UNKNOWN');
    expect(await refused({ region: '419999' })).toBe('REGION_UNKNOWN');
    expect(await refused({ kind: 'stop-all' })).toBe('BAD_REQUEST');
    expect(await refused({ subject: '' })).toBe('BAD_REQUEST');
    expect(await refused({ reason: ' ' })).toBe('BAD_REQUEST');
    expect(
      (await province('POST', '/api/denials/x-aaaaaaaaaaaaaaaa/lift', { reason: '没有' })).body.error.code,
    ).toBe('DENIAL_UNKNOWN');
  });

  it('names nothing that a neighbour schedules', async () => {
    const elsewhere = await makePerson(at, 'lushi', ['operator', '411224']);
    const id = 'lushi-only';
    const playlist = { id, name: id, region: '411224', items: [{ asset: card.asset.sha256, durationS: 15 }] };
    const schedules = [
      makeDaily({ id, region: '411224', playlist: id, windows: [{ start: '01:00', end: '02:00' }] }),
    ];
    const document = makeDocument(card.asset, { region: '411224', playlists: [playlist], schedules });
    done(await elsewhere('POST', '/api/schedules/apply', document));
    const own = { ...TAKEDOWN, subject: id, region: '410122' };
    expect((await county('POST', '/api/denials', own)).body.error.code).toBe('SCHEDULE_UNKNOWN');
    const asked = await county('GET', `/api/denials/preview?kind=schedule&subject=${id}&region=410122`);
    expect(asked.body.error.code).toBe('SCHEDULE_UNKNOWN');
    expect(await issue(province, { ...own, region: '41' })).toMatchObject({ subject: id });
  });

  it('says before what it would do', async () => {
    const { device } = await placed('410122');
    await connect(device);
    const ask = async (query: string) => (await province('GET', `/api/denials/preview?${query}`)).body;
    const asset = await ask(`kind=asset&subject=${card.asset.sha256}&region=410122`);
    expect(asset).toMatchObject({ name: '防溺水', issuer: '41', upward: true, connected: 1 });
    expect(asset.reached).toBe(asset.screens);
    expect(await ask('kind=schedule&subject=daily&region=41')).toMatchObject({
      name: '全省轮播',
      issuer: '41',
      upward: false,
    });
    expect(await ask('kind=stop-all&region=411224')).toMatchObject({
      issuer: null,
      upward: true,
      connected: 0,
    });
  });
});

describe('deny lists', () => {
  it('are numbered by one counter, and a county’s list changes with what concerns it alone', async () => {
    const { denials } = at.center.services;
    const [zhongmu, lushi] = ['410122', '411224'] as never[];
    const before = denials.versionFor(lushi as never);
    const township = await issue(province, { ...STOP, region: '410122103' });
    expect(denials.versionFor(zhongmu as never)).toBe(township.version);
    expect(denials.versionFor('410122103001' as never)).toBe(township.version);
    expect(denials.versionFor(lushi as never)).toBe(before);
    const all = await issue(province, TAKEDOWN);
    expect(all.version).toBe(township.version + 1);
    expect(denials.versionFor(lushi as never)).toBe(all.version);
    // A screen above county tier goes by what is denied above and at it.
    expect(denials.listFor('4101' as never).denials.map(({ id }) => id)).toContain(all.id);
    expect(denials.listFor('4101' as never).denials.map(({ id }) => id)).not.toContain(township.id);
    const { liftVersion } = await liftByTwo(all);
    expect(liftVersion).toBe(all.version + 1);
    const atVersion = (version: number) => denials.listAt(lushi as never, version);
    expect(atVersion(all.version - 1).some(({ subject, to }) => subject === 'daily' && to === null)).toBe(
      false,
    );
    expect(atVersion(all.version)).toContainEqual({
      kind: 'schedule',
      subject: 'daily',
      from: all.from,
      to: null,
    });
    expect(atVersion(liftVersion ?? 0)).toContainEqual({
      kind: 'schedule',
      subject: 'daily',
      from: all.from,
      to: instantOfMs(clock.nowMs()),
    });
  });

  it('let the timeline answer under what is denied, and as before once it is lifted', async () => {
    const { screen } = await placed();
    const now = instantOfMs(clock.nowMs());
    const classes = async () => {
      const { stretches } = (
        await province('GET', `/api/screens/${screen}/timeline?from=${now}&to=${now + 120}`)
      ).body as { stretches: { entries: { start: number; end: number; schedule: string | null }[] }[] };
      return stretches.flatMap(({ entries }) => entries);
    };
    const before = await classes();
    expect(before.every(({ schedule }) => schedule === 'daily')).toBe(true);
    const row = await issue(province, { ...TAKEDOWN, region: '410122' });
    const during = await classes();
    expect(during.filter(({ end }) => end > now).every(({ schedule }) => schedule === null)).toBe(true);
    clock.advance(15_000);
    await liftByTwo(row);
    const after = await classes();
    expect(
      after.some(({ start, end, schedule }) => start <= now && end >= now + 15 && schedule === null),
    ).toBe(true);
    expect(after.filter(({ start }) => start >= now + 15).every(({ schedule }) => schedule === 'daily')).toBe(
      true,
    );
  });

  it('are the same bytes after the center was started anew, and reach who comes then', async () => {
    const { device } = await placed();
    const row = await issue(province, STOP);
    const connection = await connect(device);
    await expect.poll(() => connection.denyLists.at(-1)?.version).toBe(row.version);
    const envelope = done(await at.as(connection.bearer)('GET', '/api/denials/list'));
    connection.close();
    const { admin: login } = at;
    await at.stop();
    clock.advance(60_000);
    at = await startCenter({ clock, listen: true, folder });
    Object.assign(at.admin, login);
    province = at.as(await at.login('province', 'a long enough password'));
    second = at.as(await at.login('second', 'a long enough password'));
    admin = at.as(await at.login());
    const again = await connect(device);
    await expect.poll(() => again.denyLists.at(-1)?.version).toBe(row.version);
    expect(done(await at.as(again.bearer)('GET', '/api/denials/list'))).toEqual(envelope);
  });

  it('are numbered above what any device was given before the center came back from a backup', async () => {
    const { device } = await placed();
    const ahead = (await issue(province, STOP)).version + 100;
    const connection = await connect(device, { denyListVersion: ahead });
    await expect.poll(() => connection.denyLists.at(-1)?.version).toBe(2 * ahead);
    const next = await issue(province, TAKEDOWN);
    expect(next.version).toBe(2 * ahead + 1);
    await expect.poll(() => connection.denyLists.at(-1)?.version).toBe(2 * ahead + 1);
    expect(await audited('denial.raised')).toMatchObject([{ subject: '410122', detail: { above: ahead } }]);
  });
});
