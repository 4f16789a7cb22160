import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import {
  type AssessedCenter,
  DAY,
  at,
  rates,
  startAssessedCenter,
} from '../../../helpers/assessed-center.ts';
import { makeSimDevice } from '../../../helpers/journal.ts';

const HOUR = 3_600;
const device = makeSimDevice('worked example');
let center: AssessedCenter;
let screen: ScreenId;

beforeAll(async () => {
  center = await startAssessedCenter();
  screen = await center.claim(device);
});
afterAll(() => center.test.stop());

describe('the worked example of DESIGN.md section 7 through the whole chain', () => {
  it('reports live from 07:50 to 10:00 and from 12 to 13, and 13 to 18 a day later', async () => {
    const start = at(7) + 50 * 60_000;
    const morning = device.boot({ startMs: start });
    await center.beats({ device, boot: morning, screen }, start, at(10));
    morning.onAir(start, at(10), center.plan);
    expect(await center.send(device, morning.envelope(), at(10))).toMatchObject({ ok: true, mark: 3 });

    const noon = device.boot({ startMs: at(12) });
    await center.beats({ device, boot: noon, screen }, at(12), at(13));
    noon.onAir(at(12), at(13), center.plan);
    expect(await center.send(device, noon.envelope(), at(13))).toMatchObject({ ok: true, mark: 3 });
    noon.onAir(at(13), at(18), center.plan);
    expect(await center.send(device, noon.envelope(4, 5), at(42))).toMatchObject({ ok: true, mark: 5 });
  });

  it('the outage from 10 to 12 does not count once another person approved it', async () => {
    const call = await center.admin();
    const filed = await call('POST', '/api/assessment/exemptions', {
      kind: 'power-cut',
      screen,
      from: at(10) / 1_000,
      to: at(12) / 1_000,
      reason: '线路检修停电',
    });
    expect(filed.status).toBe(200);
    expect((await center.county()).row.sums.requiredS).toBe(12 * HOUR);

    const own = await call('POST', `/api/assessment/exemptions/${filed.body.id}/approve`);
    expect(own.body.error.code).toBe('SECOND_PERSON_NEEDED');
    const second = await call('POST', '/api/identity/accounts', {
      login: 'second.person',
      name: '第二人',
      password: 'a long enough password',
      grants: [{ role: 'county-manager', region: '41' }],
    });
    expect(second.status).toBe(201);
    const other = center.test.as(await center.test.login('second.person', 'a long enough password'));
    const approved = await other('POST', `/api/assessment/exemptions/${filed.body.id}/approve`);
    expect(approved.status).toBe(200);
    expect((await call('GET', '/api/assessment/exemptions?approved=true')).body.total).toBe(1);
  });

  it('S = 10 h, P = 8 h, U = 6 h: 开机率 80 %, 使用率 60 %, 内容占用率 75 %', async () => {
    const { figures, row } = await center.county();
    expect(row).toMatchObject({ name: '中牟县', parentName: '郑州市' });
    expect(row.sums).toEqual({
      windowS: 12 * HOUR,
      exemptS: 2 * HOUR,
      requiredS: 10 * HOUR,
      onS: 8 * HOUR,
      offS: 0,
      unknownS: 2 * HOUR,
      usedS: 6 * HOUR,
      verifiedS: 3 * HOUR,
      gradeAS: 0,
    });
    expect(rates(row.sums)).toEqual(['80.00', '60.00', '75.00']);
    expect(figures).toMatchObject({ settled: false, metricVersion: 1 });
  });

  it('drills down to the screen, its day, and the signed records behind an interval', async () => {
    const call = await center.admin();
    const list = await call('GET', `/api/assessment/regions/410122/screens?day=${DAY}`);
    expect(list.body.rows).toMatchObject([{ screen, neverContacted: false, sums: { onS: 8 * HOUR } }]);
    const { intervals, sums } = await center.day(screen);
    expect(sums).toMatchObject({ onS: 8 * HOUR, usedS: 6 * HOUR, verifiedS: 3 * HOUR });
    expect(
      intervals.map(({ start, end, state, content, verified, exempt, cause }) => [
        (start - at(0) / 1_000) / HOUR,
        (end - at(0) / 1_000) / HOUR,
        state,
        ...(content ? ['content'] : []),
        ...(verified ? ['verified'] : []),
        ...(exempt ? ['exempt'] : []),
        ...(cause === null ? [] : [cause]),
      ]),
    ).toEqual([
      [0, 7 + 5 / 6, 'unknown', 'not-known'],
      [7 + 5 / 6, 8, 'on', 'content', 'verified'],
      [8, 10, 'on', 'content', 'verified'],
      [10, 12, 'off', 'exempt', 'mains'],
      [12, 13, 'on', 'content', 'verified'],
      [13, 16, 'on', 'content'],
      [16, 18, 'on'],
      [18, 20, 'unknown', 'not-known'],
      [20, 24, 'unknown', 'not-known'],
    ]);
    const late = intervals.find(({ start }) => start === at(13) / 1_000)?.records[0];
    const records = await call(
      'GET',
      `/api/assessment/screens/${screen}/days/${DAY}/records?boot=${late?.boot}&first=${late?.first}&last=${late?.last}`,
    );
    expect(records.body.records).toMatchObject([
      { record: { kind: 'power', seq: 4 }, fromMs: at(13), toMs: at(18), quarantine: null },
      { record: { kind: 'run', seq: 5 }, receiptMs: at(42) },
    ]);
  });

  it('exports the county table with Chinese headers for Excel', async () => {
    const call = await center.admin();
    const csv = await call('GET', `/api/assessment/regions.csv?parent=4101&tier=county&day=${DAY}`);
    const lines = String(csv.body).split('\r\n');
    expect(lines[0]?.startsWith('\uFEFF日期,区划代码,名称')).toBe(true);
    expect(lines.find((line) => line.includes('410122'))).toMatch(/中牟县,郑州市.*,80\.00,.*,60\.00,/);
  });
});

describe('a screen never heard from', () => {
  it('is unknown for all it owes, marked 未联系, and pulls the county down', async () => {
    // A clock set back ends sessions, so one logs in after it.
    center.clock.setWall(at(-14));
    const call = await center.admin();
    const silent = await call('POST', '/api/screens', { name: '从未联系', region: '410122' });
    center.clock.setWall(at(42));
    const { row } = await center.county();
    expect(row.counts).toMatchObject({ inService: 2, neverContacted: 1 });
    expect(row.sums).toMatchObject({ requiredS: 22 * HOUR, onS: 8 * HOUR, unknownS: 14 * HOUR });
    const day = await center.day(silent.body.id as ScreenId);
    expect(day).toMatchObject({ neverContacted: true, sums: { onS: 0, unknownS: 12 * HOUR } });
  });
});

describe('required hours', () => {
  it('change no earlier than tomorrow and never what today requires (rule 14)', async () => {
    center.clock.setWall(at(12));
    const call = await center.admin();
    const change = (fromDay: string) =>
      call('PUT', '/api/assessment/required-hours', {
        region: '410122',
        windows: [{ start: '00:00', end: '24:00' }],
        fromDay,
      });
    expect((await change(DAY)).body.error.code).toBe('RULE_NOT_IN_FUTURE');
    expect((await change('2026-11-22')).status).toBe(200);
    center.clock.setWall(at(80));
    expect((await center.county()).row.sums.windowS).toBe(24 * HOUR);
    const next = await (await center.admin())(
      'GET',
      '/api/assessment/required-hours?region=410122&day=2026-11-22',
    );
    expect(next.body).toMatchObject({ from: '410122', windows: [{ start: '00:00', end: '24:00' }] });
  });
});

describe('济源', () => {
  it('is one row in the list of cities and one in the list of counties (rule 16)', async () => {
    const call = await center.admin();
    for (const tier of ['city', 'county']) {
      const { body } = await call('GET', `/api/assessment/regions?parent=41&tier=${tier}&day=${DAY}`);
      expect(body.rows.filter((row: { region: string }) => row.region === '419001')).toHaveLength(1);
      expect(body.rows).toHaveLength(tier === 'city' ? 18 : 157);
    }
  });
});
