import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import { verifyEnvelope } from '../../../../server/infra/signer.ts';
import { acceptAssignment } from '../../../../shared/plan/accept-assignment.ts';
import { decodePlan } from '../../../../shared/plan/plan-bytes.ts';
import { instantOfMs, localDayAt } from '../../../../shared/core/time.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import type { FakeClock } from '../../../helpers/clock.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';
import { makeDevice } from '../../../helpers/device.ts';
import type { Connection } from '../../../helpers/device.ts';

const DAY_MS = 86_400_000;
const card = makeCard('防溺水');
const other = makeCard('防震减灾');

let at: TestCenter;
let clock: FakeClock;
let cookie: string;
let call: Caller;
let open: Connection[];

beforeAll(async () => {
  clock = makeClock();
  at = await startCenter({ clock, listen: true });
  cookie = await at.login();
  for (const one of [card, other]) await upload(at, cookie, one.asset.sha256, one.bytes);
});
beforeEach(async () => {
  // Days may have gone by in the test before, and sessions end when idle.
  cookie = await at.login();
  call = at.as(cookie);
  open = [];
  await publish(card.asset);
});
afterEach(() => {
  for (const connection of open) connection.close();
});
afterAll(() => at.stop());

async function publish(asset: Asset, patch: object = {}): Promise<void> {
  const answer = await call('POST', '/api/schedules/apply', makeDocument(asset, patch));
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  await at.center.services.plans.settled();
}

async function makeScreen(region = '410122', tags: string[] = []): Promise<ScreenId> {
  const answer = await call('POST', '/api/screens', { name: '科技馆门口', region, tags });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body.id as ScreenId;
}

async function claimed(region?: string, tags?: string[]) {
  const screen = await makeScreen(region, tags);
  const device = makeDevice();
  await device.claimTo(at, screen, cookie);
  await at.center.services.plans.settled();
  return { screen, device };
}

async function connect(device: ReturnType<typeof makeDevice>, held = {}) {
  const connection = await device.connect(at, held);
  open.push(connection);
  expect(connection.answer.ok).toBe(true);
  return connection;
}

describe('from a published schedule to a device', () => {
  it('goes a signed assignment on hello, a plan and its assets by HTTP', async () => {
    const { screen, device } = await claimed();
    const connection = await connect(device);
    const { envelope, assignment } = await connection.nextAssignment();
    const enrolment = await device.enrol(at);
    expect(verifyEnvelope('kepu-assignment/1', envelope, enrolment.center.publicKey)).toBe(true);
    expect(
      acceptAssignment({
        text: envelope.text,
        verified: true,
        device: device.device,
        acceptedCounter: 0,
        acceptedText: null,
        now: instantOfMs(clock.nowMs()),
      }),
    ).toMatchObject({ ok: true });
    expect(assignment).toMatchObject({
      screen,
      device: device.device,
      region: '410122',
      regionNames: ['河南省', '郑州市', '中牟县'],
      counter: 1,
      denyListVersion: 0,
    });
    expect(assignment.expiresAt - assignment.issuedAt).toBe(30 * 86_400);

    const as = { authorization: connection.bearer };
    const plan = await fetch(`${at.url}/api/plans/${assignment.plan}`, { headers: as });
    expect(plan.headers.get('content-type')).toContain('application/json');
    expect(plan.headers.get('etag')).toBe(`"${assignment.plan}"`);
    expect(plan.headers.get('cache-control')).toContain('immutable');
    const bytes = new Uint8Array(await plan.arrayBuffer());
    const decoded = decodePlan(bytes, assignment.plan);
    expect(decoded.schedules.map((one) => one.id)).toEqual(['daily']);
    const again = await fetch(`${at.url}/api/plans/${assignment.plan}`, {
      headers: { ...as, 'if-none-match': `"${assignment.plan}"` },
    });
    expect(again.status).toBe(304);
    const rest = await fetch(`${at.url}/api/plans/${assignment.plan}`, {
      headers: { ...as, range: 'bytes=100-' },
    });
    expect(rest.status).toBe(206);
    expect(rest.headers.get('content-range')).toBe(`bytes 100-${bytes.length - 1}/${bytes.length}`);
    expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(100))).toBe(true);
    const asset = await fetch(`${at.url}/api/assets/${card.asset.sha256}.json`, {
      headers: { ...as, range: 'bytes=0-9' },
    });
    expect(asset.status).toBe(206);
    expect(Buffer.from(await asset.arrayBuffer()).equals(card.bytes.subarray(0, 10))).toBe(true);
    expect((await at.as(connection.bearer)('GET', '/api/assignment')).body).toEqual(envelope);
  });

  it('goes a new assignment at once when something else is published, and none when nothing changed', async () => {
    const { device } = await claimed();
    const connection = await connect(device);
    const first = (await connection.nextAssignment()).assignment;
    await publish(card.asset);
    await publish(other.asset);
    const second = (await connection.nextAssignment()).assignment;
    expect(second.counter).toBe(first.counter + 1);
    expect(second.plan).not.toBe(first.plan);
    expect(connection.assignments).toHaveLength(2);
  });

  it('goes nothing that the device has on air already, and everything it is behind with', async () => {
    const { device } = await claimed();
    const before = await connect(device);
    const { envelope, assignment } = await before.nextAssignment();
    const same = await connect(device, { counter: assignment.counter, plan: assignment.plan });
    const behind = await connect(device, { counter: 0, plan: assignment.plan });
    expect((await behind.nextAssignment()).envelope).toEqual(envelope);
    const fetching = await connect(device, { counter: assignment.counter, plan: null });
    expect((await fetching.nextAssignment()).envelope).toEqual(envelope);
    expect(same.assignments).toHaveLength(0);
  });

  it('goes a counter above what the device knows, also when the center forgot', async () => {
    const { device } = await claimed();
    const connection = await connect(device, { counter: 41, plan: null });
    expect((await connection.nextAssignment()).assignment.counter).toBe(42);
  });

  it('goes a counter above the last when a device moves to another screen', async () => {
    const { screen, device } = await claimed();
    await publish(other.asset);
    const moved = await makeScreen('410202');
    await call('POST', `/api/screens/${screen}/unbind`);
    await device.claimTo(at, moved, cookie);
    await at.center.services.plans.settled();
    const { assignment } = await (await connect(device)).nextAssignment();
    expect(assignment).toMatchObject({ screen: moved, counter: 3 });
  });

  it('is one plan for all who resolve alike, and another where an audience parts them', async () => {
    const one = await claimed('410122');
    const two = await claimed('410202');
    const three = await claimed('410122', ['学校']);
    const states = async () => (await call('GET', '/api/plans/states?region=41&limit=500')).body.rows;
    const plansOf = async () =>
      new Map((await states()).map((row: { screen: string; plan: string }) => [row.screen, row.plan]));
    const alike = await plansOf();
    expect(new Set([one, two, three].map(({ screen }) => alike.get(screen))).size).toBe(1);
    await publish(card.asset, {
      schedules: [makeDaily(), makeDaily({ id: 'school', audience: { tags: ['学校'] } })],
    });
    const parted = await plansOf();
    expect(parted.get(one.screen)).toBe(parted.get(two.screen));
    expect(parted.get(three.screen)).not.toBe(parted.get(one.screen));
  });
});

describe('an assignment', () => {
  it('is signed anew before it expires, with the same plan', async () => {
    const { device } = await claimed();
    const connection = await connect(device);
    const first = (await connection.nextAssignment()).assignment;
    clock.advance(19 * DAY_MS);
    await at.center.services.plans.recompute('test');
    expect(connection.assignments).toHaveLength(1);
    clock.advance(2 * DAY_MS);
    await at.center.services.plans.recompute('test');
    const renewed = (await connection.nextAssignment()).assignment;
    expect(renewed.plan).toBe(first.plan);
    expect(renewed.counter).toBe(first.counter + 1);
  });

  it('follows the screen: renamed, retagged', async () => {
    const { screen, device } = await claimed();
    const connection = await connect(device);
    await connection.nextAssignment();
    await call('PATCH', `/api/screens/${screen}`, { name: '新名字' });
    expect((await connection.nextAssignment()).assignment.screenName).toBe('新名字');
  });

  it('drops at midnight what ended the day before', async () => {
    const { device } = await claimed();
    const connection = await connect(device);
    await connection.nextAssignment();
    await publish(card.asset, {
      schedules: [
        makeDaily({ validity: { from: '2026-11-01', to: localDayAt(instantOfMs(clock.nowMs())) } }),
      ],
    });
    const lasting = (await connection.nextAssignment()).assignment;
    clock.advance(2 * DAY_MS);
    await at.center.services.plans.recompute('midnight');
    const { assignment } = await connection.nextAssignment();
    const plan = await at.center.services.plans.plan(assignment.plan);
    expect(plan?.schedules).toEqual([]);
    expect(await at.center.services.plans.plan(lasting.plan)).not.toBeNull();
  });
});

describe('who is not bound', () => {
  it('is told nothing and fetches nothing', async () => {
    const { device } = await claimed();
    const { assignment } = await (await connect(device)).nextAssignment();
    const stranger = makeDevice();
    await stranger.enrol(at);
    const refused = await stranger.connect(at);
    open.push(refused);
    expect(refused.answer).toMatchObject({ ok: false, code: 'DEVICE_UNCLAIMED' });
    for (const credential of [null, 'Bearer x'])
      for (const path of [
        `/api/plans/${assignment.plan}`,
        `/api/assets/${card.asset.sha256}`,
        '/api/assignment',
      ])
        expect((await at.as(credential)('GET', path)).status).toBeGreaterThanOrEqual(401);
  });
});

describe('a bound device', () => {
  it('fetches the plans and assets of its own screen, past ones too, and finds no others', async () => {
    const cityCard = makeCard('只给郑州');
    await upload(at, cookie, cityCard.asset.sha256, cityCard.bytes);
    const items = (asset: Asset) => [{ asset: asset.sha256, durationS: 15 }];
    const away = await claimed('410202');
    const home = await claimed('410122');
    const awayLine = await connect(away.device);
    const first = (await awayLine.nextAssignment()).assignment.plan;
    await publish(other.asset, {
      assets: [other.asset, cityCard.asset],
      playlists: [
        { id: 'daily', name: '日常', region: '41', items: items(other.asset) },
        { id: 'city', name: '郑州', region: '4101', items: items(cityCard.asset) },
      ],
      schedules: [makeDaily(), makeDaily({ id: 'city', region: '4101', playlist: 'city' })],
    });
    const homePlan = (await (await connect(home.device)).nextAssignment()).assignment.plan;
    const awayPlan = (await awayLine.nextAssignment()).assignment.plan;
    const status = async (path: string) => (await at.as(awayLine.bearer)('GET', path)).status;
    expect(await status(`/api/plans/${awayPlan}`)).toBe(200);
    expect(await status(`/api/plans/${first}`)).toBe(200);
    expect(await status(`/api/assets/${other.asset.sha256}`)).toBe(200);
    expect(await status(`/api/assets/${card.asset.sha256}`)).toBe(200);
    expect(homePlan).not.toBe(awayPlan);
    expect(await status(`/api/plans/${homePlan}`)).toBe(404);
    expect(await status(`/api/assets/${cityCard.asset.sha256}`)).toBe(404);
    expect(await status(`/api/assets/${cityCard.asset.sha256}.json`)).toBe(404);
    expect((await call('GET', `/api/assets/${cityCard.asset.sha256}`)).status).toBe(200);
  });

  it('that moved to another screen leaves the plans of the former behind', async () => {
    const { screen, device } = await claimed('410122');
    const { assignment } = await (await connect(device)).nextAssignment();
    await call('POST', `/api/screens/${screen}/unbind`);
    await publish(other.asset);
    await device.claimTo(at, await makeScreen('410202'), cookie);
    await at.center.services.plans.settled();
    const { bearer } = await connect(device);
    expect((await at.as(bearer)('GET', `/api/plans/${assignment.plan}`)).status).toBe(404);
  });
});

describe('the state of a plan', () => {
  it('is told, fetched, verified and on air, each at its first time', async () => {
    const { screen, device } = await claimed('410223');
    const state = async () => (await call('GET', '/api/plans/states?region=410223')).body;
    expect((await state()).rows[0]).toMatchObject({ screen, toldAtMs: null });
    const connection = await connect(device);
    const { assignment } = await connection.nextAssignment();
    await at.center.services.plans.settled();
    const say = (step: 'fetched' | 'verified' | 'on-air' | 'refused', code: string | null = null) =>
      new Promise<{ ok: boolean }>((resolve) => {
        connection.socket.emit('planState', { plan: assignment.plan, state: step, code }, resolve);
      });
    const started = clock.nowMs();
    for (const step of ['fetched', 'verified', 'on-air'] as const) {
      clock.advance(1_000);
      expect(await say(step)).toEqual({ ok: true });
    }
    clock.advance(1_000);
    await say('on-air');
    const reached = await state();
    expect(reached.rows[0]).toMatchObject({
      regionName: '尉氏县',
      fetchedAtMs: started + 1_000,
      verifiedAtMs: started + 2_000,
      onAirAtMs: started + 3_000,
      refusedCode: null,
    });
    expect(reached.rows[0].toldAtMs).not.toBeNull();
    expect(reached.counts).toEqual({ assigned: 1, told: 1, fetched: 1, verified: 1, onAir: 1, refused: 0 });
    await say('refused', 'PLAN_BYTES_DIFFER');
    expect((await state()).rows[0]).toMatchObject({ refusedCode: 'PLAN_BYTES_DIFFER' });
  });

  it('is not noted for a plan that the screen was never given', async () => {
    const { device } = await claimed();
    const connection = await connect(device);
    const answer = await new Promise<{ ok: boolean }>((resolve) => {
      connection.socket.emit('planState', { plan: card.asset.sha256, state: 'on-air', code: null }, resolve);
    });
    expect(answer).toEqual({ ok: false });
  });
});

describe('the timeline of a screen', () => {
  it('says in words what the plans in force then say, past and to come', async () => {
    const { screen } = await claimed();
    const issued = instantOfMs(clock.nowMs());
    clock.advance(1_200_000);
    await publish(other.asset);
    const changed = instantOfMs(clock.nowMs());
    const path = `/api/screens/${screen}/timeline?from=${issued - 600}&to=${changed + 600}`;
    const { body } = await call('GET', path);
    expect(body.stretches.map((one: { from: number; to: number }) => [one.from, one.to])).toEqual([
      [issued, changed],
      [changed, changed + 600],
    ]);
    expect(body.stretches[0].entries[0]).toMatchObject({
      title: '防溺水',
      scheduleName: '全省轮播',
      playlistName: '日常',
      tier: 'province',
      regionName: '河南省',
      class: 'rotation',
      reason: 'fair-share',
    });
    expect(body.stretches[1].entries[0].title).toBe('防震减灾');
  });

  it('of a screen without a device says what it would show', async () => {
    const screen = await makeScreen();
    const now = instantOfMs(clock.nowMs());
    const { body } = await call('GET', `/api/screens/${screen}/timeline?from=${now}&to=${now + 60}`);
    expect(body.stretches).toHaveLength(1);
    expect(body.stretches[0]).toMatchObject({ assigned: false });
  });
});

describe('a center that stops and starts', () => {
  it('keeps plans, assignments and counters', async () => {
    const { device } = await claimed();
    const first = (await (await connect(device)).nextAssignment()).assignment;
    for (const connection of open) connection.close();
    await at.center.stop();
    const { folder, stop } = at;
    at = await startCenter({ clock, listen: true, folder });
    await at.center.services.plans.settled();
    const { assignment } = await (await connect(device)).nextAssignment();
    expect(assignment).toEqual(first);
    expect(await at.center.services.plans.shelf.bytes(first.plan)).not.toBeNull();
    await at.center.stop();
    // Stopped already; what is left to do is to remove the folder.
    at = { ...at, stop };
  });
});
