import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalDay, midnightOfLocalDay } from '../../../../shared/core/time.ts';
import { type Caller, type TestCenter, startCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';

const HOUR = 3_600;
const COUNTY = '410122';
const clock = makeClock('2026-11-20T12:00:00+08:00');
const noon = midnightOfLocalDay('2026-11-20' as LocalDay) + 12 * HOUR;

let at: TestCenter;
beforeAll(async () => {
  at = await startCenter({ clock });
});
afterAll(() => at.stop());

/** Sessions end when idle, and these tests wait for days. */
const admin = async (): Promise<Caller> => at.as(await at.login());

async function addScreen(patch: object = {}): Promise<string> {
  const { body } = await (await admin())('POST', '/api/screens', { name: '屏', region: COUNTY, ...patch });
  return body.id;
}

async function person(role: string, region: string): Promise<Caller> {
  const login = `${role.replace('-', '')}${region}`;
  const password = 'a long enough password';
  await (await admin())('POST', '/api/identity/accounts', {
    login,
    name: login,
    password,
    grants: [{ role, region }],
  });
  return at.as(await at.login(login, password));
}

async function windowS(screen: string, day: string): Promise<number> {
  await at.center.services.assessment.settle();
  const { body } = await (await admin())('GET', `/api/assessment/screens/${screen}/days/${day}`);
  return body.sums.windowS;
}

describe('required hours', () => {
  it('are not changed for a day gone by, for today, nor without any day', async () => {
    const call = await admin();
    const change = { region: COUNTY, windows: [{ start: '00:00', end: '24:00' }] };
    for (const fromDay of ['2000-01-01', '2026-11-19', '2026-11-20'])
      expect(
        (await call('PUT', '/api/assessment/required-hours', { ...change, fromDay })).body.error.code,
      ).toBe('RULE_NOT_IN_FUTURE');
    for (const fromDay of [undefined, '2026-02-30', 'tomorrow'])
      expect((await call('PUT', '/api/assessment/required-hours', { ...change, fromDay })).status).toBe(400);
  });

  it('are cut by a second only from one tier up (rule 14)', async () => {
    const [county, city] = [await person('administrator', COUNTY), await person('administrator', '4101')];
    const cut = {
      region: COUNTY,
      fromDay: '2027-01-01',
      windows: [{ start: '08:00:01', end: '20:00' }],
    };
    const own = await county('PUT', '/api/assessment/required-hours', cut);
    expect(own.body.error.code).toBe('HIGHER_TIER_NEEDED');
    expect((await city('PUT', '/api/assessment/required-hours', cut)).status).toBe(200);
  });
});

describe('an exemption', () => {
  const filing = (screen: string, from: number) => ({
    kind: 'power-cut',
    screen,
    from,
    to: noon,
    reason: '线路检修',
  });

  it('reaches back 72 hours and not one second more (rule 17)', async () => {
    const call = await admin();
    const screen = await addScreen();
    const file = (from: number) => call('POST', '/api/assessment/exemptions', filing(screen, from));
    expect((await file(noon - 72 * HOUR - 1)).body.error.code).toBe('EXEMPTION_TOO_LATE');
    expect((await file(-1)).body.error.code).toBe('EXEMPTION_TOO_LATE');
    expect((await file(noon)).body.error.code).toBe('BAD_REQUEST');
    expect((await file(noon - 72 * HOUR)).status).toBe(200);
  });

  it('is approved once, by another person, however many try', async () => {
    const call = await admin();
    const screen = await addScreen();
    const { body } = await call('POST', '/api/assessment/exemptions', filing(screen, noon - HOUR));
    const approve = (by: Caller) => by('POST', `/api/assessment/exemptions/${body.id}/approve`);
    expect((await approve(call)).body.error.code).toBe('SECOND_PERSON_NEEDED');
    const second = await person('administrator', '41');
    const answers = await Promise.all([approve(second), approve(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('service (rule 15)', () => {
  it('of a screen commissioned today counts from tomorrow', async () => {
    const screen = await addScreen({ commissionedOn: '2026-11-20' });
    const later = await addScreen({ commissionedOn: '2026-11-22' });
    clock.setWall((noon + 4 * 24 * HOUR) * 1_000);
    expect(await windowS(screen, '2026-11-20')).toBe(0);
    expect(await windowS(screen, '2026-11-21')).toBe(12 * HOUR);
    expect(await windowS(later, '2026-11-22')).toBe(0);
    expect(await windowS(later, '2026-11-23')).toBe(12 * HOUR);
  });

  it('ends at 00:00 of the day of retirement, in the middle of a window too', async () => {
    const call = await admin();
    const windows = [{ start: '18:00', end: '02:00' }];
    const region = '410202';
    // 18:00 to 02:00 leaves out the morning: the province, which has nobody above, may say so.
    const change = { region, fromDay: '2026-11-25', windows };
    expect((await call('PUT', '/api/assessment/required-hours', change)).status).toBe(200);
    const screen = await addScreen({ region });
    expect((await call('POST', `/api/screens/${screen}/retire`, { on: '2026-11-27' })).status).toBe(200);
    clock.setWall((noon + 9 * 24 * HOUR) * 1_000);
    expect(await windowS(screen, '2026-11-25')).toBe(8 * HOUR);
    expect(await windowS(screen, '2026-11-26')).toBe(6 * HOUR);
    expect(await windowS(screen, '2026-11-27')).toBe(0);
  });
});
