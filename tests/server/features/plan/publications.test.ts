import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Asset } from '../../../../shared/asset/asset.schema.ts';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import type { Publication } from '../../../../shared/plan/publication.api.ts';
import { CONSOLE_NAMESPACE } from '../../../../shared/screen/console-protocol.ts';
import type { PlanStateReport } from '../../../../shared/screen/protocol.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { makeClock } from '../../../helpers/clock.ts';
import type { FakeClock } from '../../../helpers/clock.ts';
import { makeCard, makeDaily, makeDocument, upload } from '../../../helpers/content.ts';
import { makeDevice } from '../../../helpers/device.ts';
import type { Connection } from '../../../helpers/device.ts';

const card = makeCard('防溺水');
const other = makeCard('防震减灾');
const city = makeCard('郑州自己的');

let at: TestCenter;
let clock: FakeClock;
let cookie: string;
let call: Caller;
let open: Connection[];

beforeAll(async () => {
  clock = makeClock();
  at = await startCenter({ clock, listen: true });
  cookie = await at.login();
  call = at.as(cookie);
  for (const one of [card, other, city]) await upload(at, cookie, one.asset.sha256, one.bytes);
});
beforeEach(async () => {
  open = [];
  await publish(card.asset);
});
afterEach(() => {
  for (const connection of open) connection.close();
});
afterAll(() => at.stop());

/** Publishes a document of the province, or of another region. @returns its draft, `null` where nothing changed. */
async function publish(asset: Asset, patch: object = {}): Promise<string | null> {
  // No two publishes in one instant, so that the latest is the first of a list.
  clock.advance(1_000);
  const answer = await call('POST', '/api/schedules/apply', makeDocument(asset, patch));
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  await at.center.services.plans.settled();
  return answer.body.draft;
}

async function claimed(region: string) {
  const answer = await call('POST', '/api/screens', { name: '科技馆门口', region });
  const screen = answer.body.id as ScreenId;
  const device = makeDevice();
  await device.claimTo(at, screen, cookie);
  await at.center.services.plans.settled();
  return { screen, device };
}

async function connect(device: ReturnType<typeof makeDevice>) {
  const connection = await device.connect(at);
  open.push(connection);
  await connection.nextAssignment();
  return connection;
}

function say(connection: Connection, said: PlanStateReport): Promise<{ ok: boolean }> {
  return new Promise((resolve) => {
    connection.socket.emit('planState', said, resolve);
  });
}

const publication = async (draft: string | null): Promise<Publication> =>
  (await call('GET', `/api/publications/${draft}`)).body;
const screensOf = async (draft: string | null, query = '') =>
  (await call('GET', `/api/publications/${draft}/screens${query}`)).body;

const cityDocument = (asset: Asset) => ({
  region: '4101',
  assets: [asset],
  playlists: [{ id: 'city', name: '郑州', region: '4101', items: [{ asset: asset.sha256, durationS: 15 }] }],
  schedules: [makeDaily({ id: 'city', region: '4101', playlist: 'city' })],
});

describe('a publish', () => {
  it('is followed screen by screen: told, fetched, verified, on air', async () => {
    const { screen, device } = await claimed('410122');
    const connection = await connect(device);
    const draft = await publish(other.asset);
    const { plan } = (await connection.nextAssignment()).assignment;
    await at.center.services.plans.settled();
    const first = await publication(draft);
    expect(first).toMatchObject({ draft, region: '41', regionName: '河南省', state: 'delivering' });
    expect(first.counts.screens).toBeGreaterThanOrEqual(1);
    expect(first.counts).toMatchObject({ told: 1, fetched: 0, verified: 0, onAir: 0 });
    const startedMs = clock.nowMs();
    for (const state of ['fetched', 'verified', 'on-air'] as const) {
      clock.advance(1_000);
      await say(connection, { plan, state, code: null });
    }
    expect((await publication(draft)).counts).toMatchObject({ told: 1, fetched: 1, verified: 1, onAir: 1 });
    const { rows } = await screensOf(draft, '?step=on-air');
    expect(rows).toMatchObject([
      {
        screen,
        region: '410122',
        regionName: '中牟县',
        fetchedAtMs: startedMs + 1_000,
        onAirAtMs: startedMs + 3_000,
        refusedCode: null,
        overtaken: false,
      },
    ]);
  });

  it('lists the screens that a step has not reached, page by page', async () => {
    const here = await claimed('410122');
    await claimed('410202');
    const connection = await connect(here.device);
    const draft = await publish(other.asset);
    await connection.nextAssignment();
    await at.center.services.plans.settled();
    const { counts } = await publication(draft);
    const waiting = await screensOf(draft, '?step=told&reached=false&limit=1');
    expect(waiting.total).toBe(counts.screens - counts.told);
    expect(waiting.rows).toHaveLength(1);
    const all = await screensOf(draft, '?limit=500');
    const paged = [];
    for (let offset = 0; offset < all.total; offset += 2)
      paged.push(...(await screensOf(draft, `?limit=2&offset=${offset}`)).rows);
    expect(paged).toEqual(all.rows);
    expect((await screensOf(draft, '?region=410122&step=told')).rows[0].screen).toBe(here.screen);
  });

  it('concerns only the screens inside its regions, and of those only the ones whose plan changes', async () => {
    const inside = await claimed('410122');
    const outside = await claimed('410202');
    const near = await connect(inside.device);
    const far = await connect(outside.device);
    const draft = await publish(city.asset, cityDocument(city.asset));
    await near.nextAssignment();
    await at.center.services.plans.settled();
    expect(far.assignments).toHaveLength(1);
    const { rows } = await screensOf(draft, '?limit=500');
    expect(rows.map((row: { screen: string }) => row.screen)).toContain(inside.screen);
    expect(rows.every((row: { region: string }) => row.region.startsWith('4101'))).toBe(true);
    expect(await publish(city.asset, cityDocument(city.asset))).toBeNull();
    expect(near.assignments).toHaveLength(2);
  });

  it('is overtaken on a screen that gets another plan before it was on air, and its steps stay', async () => {
    const { screen, device } = await claimed('410122');
    const connection = await connect(device);
    const first = await publish(other.asset);
    const { plan } = (await connection.nextAssignment()).assignment;
    await say(connection, { plan, state: 'fetched', code: null });
    const second = await publish(city.asset);
    await at.center.services.plans.settled();
    const over = await publication(first);
    expect(over.state).toBe('done');
    expect(over.counts.overtaken).toBe(over.counts.screens);
    const { rows } = await screensOf(first, '?step=overtaken&limit=500');
    const row = rows.find((one: { screen: string }) => one.screen === screen);
    expect(row).toMatchObject({ overtaken: true, onAirAtMs: null });
    expect(row.fetchedAtMs).not.toBeNull();
    // A word that comes late is of a plan that is not the screen's any more.
    await say(connection, { plan, state: 'on-air', code: null });
    expect((await publication(first)).counts.onAir).toBe(0);
    expect((await publication(second)).counts.overtaken).toBe(0);
  });

  it('that brings back an earlier plan is told and on air anew', async () => {
    const { screen, device } = await claimed('410122');
    const connection = await connect(device);
    const before = (await call('GET', '/api/plans/states?region=410122&limit=500')).body.rows.find(
      (row: { screen: string }) => row.screen === screen,
    );
    await say(connection, { plan: before.plan, state: 'on-air', code: null });
    await publish(other.asset);
    const back = await publish(card.asset);
    await at.center.services.plans.settled();
    const state = (await call('GET', '/api/plans/states?region=410122&limit=500')).body.rows.find(
      (row: { screen: string }) => row.screen === screen,
    );
    expect(state.plan).toBe(before.plan);
    expect(state.onAirAtMs).toBeNull();
    expect((await publication(back)).counts.onAir).toBe(0);
    await say(connection, { plan: before.plan, state: 'on-air', code: null });
    expect((await publication(back)).counts.onAir).toBe(1);
  });

  it('that a device refuses says so with the code', async () => {
    const { screen, device } = await claimed('410122');
    const connection = await connect(device);
    const draft = await publish(other.asset);
    const { plan } = (await connection.nextAssignment()).assignment;
    await say(connection, { plan, state: 'refused', code: 'PLAN_BYTES_DIFFER' });
    expect((await screensOf(draft, '?step=refused')).rows).toMatchObject([
      { screen, refusedCode: 'PLAN_BYTES_DIFFER' },
    ]);
    expect((await publication(draft)).counts.refused).toBe(1);
    await say(connection, { plan, state: 'on-air', code: null });
    expect((await publication(draft)).counts).toMatchObject({ refused: 0, onAir: 1 });
  });

  it('is listed, the latest first, and unknown ones are not found', async () => {
    const draft = await publish(other.asset);
    const { rows, total } = (await call('GET', '/api/publications?limit=1')).body;
    expect(rows[0].draft).toBe(draft);
    expect(total).toBeGreaterThan(1);
    expect((await call('GET', '/api/publications?region=4102')).body.total).toBe(0);
    expect((await call('GET', '/api/publications/d-aaaaaaaaaaaaaaaa')).status).toBe(404);
    expect((await call('GET', '/api/publications/d-aaaaaaaaaaaaaaaa/screens')).status).toBe(404);
  });
});

describe('an open page', () => {
  it('hears of a publish as it goes on, and at most twice a second', async () => {
    const { device } = await claimed('410122');
    const connection = await connect(device);
    const page: Socket = io(`${at.url}${CONSOLE_NAMESPACE}`, {
      transports: ['websocket'],
      forceNew: true,
      extraHeaders: { cookie },
    });
    try {
      await new Promise<void>((resolve, reject) => {
        page.once('connect', () => resolve());
        page.once('connect_error', reject);
      });
      const heard: { readonly atMs: number; readonly said: Publication }[] = [];
      page.on('publication', (said: Publication) => void heard.push({ atMs: performance.now(), said }));
      const draft = await publish(other.asset);
      const { plan } = (await connection.nextAssignment()).assignment;
      for (const state of ['fetched', 'verified', 'on-air'] as const)
        await say(connection, { plan, state, code: null });
      await vi.waitFor(() =>
        expect(heard.filter(({ said }) => said.draft === draft).at(-1)?.said.counts.onAir).toBe(1),
      );
      const own = heard.filter(({ said }) => said.draft === draft);
      const gaps = own.slice(1).map(({ atMs }, index) => atMs - (own[index]?.atMs ?? 0));
      expect(gaps.every((gapMs) => gapMs >= 450)).toBe(true);
    } finally {
      page.close();
    }
  });
});

describe('a center that died', () => {
  it('between publish and plans finishes that publish at its next start, and counts its screens to it', async () => {
    const here = await claimed('410122');
    const before = await connect(here.device);
    // Stopped before the run that the publish asks for begins: as if killed right after the commit.
    const answer = await call('POST', '/api/schedules/apply', makeDocument(other.asset));
    const stopped = at.center.stop();
    const { draft } = answer.body;
    await stopped;
    before.close();
    const { folder, stop } = at;
    at = await startCenter({ clock, listen: true, folder });
    call = at.as(cookie);
    await at.center.services.plans.settled();
    const { counts, state } = await publication(draft);
    expect(state).toBe('delivering');
    const { rows } = await screensOf(draft, '?limit=500');
    expect(counts.screens).toBe(rows.length);
    expect(rows.map((row: { screen: string }) => row.screen)).toContain(here.screen);
    await at.center.stop();
    // Stopped already; what is left to do is to remove the folder.
    at = { ...at, stop };
  });
});
