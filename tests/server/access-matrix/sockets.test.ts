import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demandDeclared, hearingScope } from '../../../server/infra/realtime/declared-events.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { CONSOLE_EVENTS } from '../../../shared/identity/socket-access.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { CenterToConsole, ConsoleToCenter } from '../../../shared/screen/console-protocol.ts';
import { CONSOLE_NAMESPACE } from '../../../shared/screen/console-protocol.ts';
import type { TestCenter } from '../../helpers/center.ts';
import { startCenter } from '../../helpers/center.ts';
import { makeClock } from '../../helpers/clock.ts';
import { makeDaily, makeDocument } from '../../helpers/content.ts';
import { makeDevice } from '../../helpers/device.ts';
import type { Asker, Target } from './world.ts';
import { makeAskers, makeTargets, PASSWORD, REGIONS } from './world.ts';

/** Event × asker × region: an open page hears of a region only what its person may hear of it. */

type Page = Socket<CenterToConsole, ConsoleToCenter>;
type Where = keyof typeof REGIONS;
const EVENTS = ['live', 'publication', 'denial'] as const;
/** What it takes to hear each, written down apart from what the gateway declares. */
const WANTED = { live: 'screen.read', publication: 'schedule.read', denial: 'schedule.read' } as const;

const clock = makeClock();
let at: TestCenter;
let targets: Record<Where, Target>;
let askers: Asker[];

beforeAll(async () => {
  at = await startCenter({ clock, listen: true });
  targets = await makeTargets(at, clock);
  askers = (await makeAskers(at, clock)).filter(({ login }) => login !== null);
}, 120_000);
afterAll(() => at.stop());

/** A page of somebody logged in, and everything it hears. */
async function open(login: string) {
  const cookie = await at.login(login, PASSWORD);
  const page: Page = io(`${at.url}${CONSOLE_NAMESPACE}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie },
  });
  const heard = new Set<string>();
  page.on('live', (changed) => {
    for (const { screen } of changed) heard.add(`live ${whereOf('screen', screen)}`);
  });
  page.on('publication', ({ region }) => void heard.add(`publication ${whereOf('region', region)}`));
  page.on('denial', (id) => void heard.add(`denial ${whereOf('denial', id)}`));
  await new Promise<void>((resolve) => page.once('connect', () => resolve()));
  return { page, heard, cookie };
}

const whereOf = (key: 'screen' | 'region' | 'denial', id: string) =>
  Object.entries(targets).find(([, target]) => target[key] === id)?.[0] ?? 'elsewhere';

/** Something of each kind happens in every region. */
async function happen(chief: string): Promise<void> {
  const call = at.as(chief);
  for (const { region, screen, schedule, denial, asset } of Object.values(targets)) {
    const lifted = await call('POST', `/api/denials/${denial}/lift`, { reason: '演练结束' });
    expect(lifted.status).toBe(200);
    const name = '改名日常';
    const document = makeDocument(asset, {
      region,
      playlists: [{ id: schedule, name, region, items: [{ asset: asset.sha256, durationS: 20 }] }],
      schedules: [makeDaily({ id: schedule, region, playlist: schedule, name })],
    });
    expect((await call('POST', '/api/schedules/apply', document)).status).toBe(200);
    const device = makeDevice();
    await device.claimTo(at, screen, chief);
    const { socket, boot, close } = await device.connect(at);
    const beat = { boot, mono: 1_000, wall: 0, plan: null, showing: { kind: 'filler' } } as const;
    await socket.emitWithAck('beat', { ...beat, painted: 25, panel: 'unreadable', pending: 0 });
    close();
  }
}

describe('an open page', () => {
  it('hears of each region what its person may, and nothing else', async () => {
    const chief = await open('chief');
    const pages = new Map<string, Awaited<ReturnType<typeof open>>>();
    for (const { name, login } of askers) pages.set(name, await open(login ?? ''));
    await happen(chief.cookie);
    const everything = EVENTS.flatMap((event) => Object.keys(REGIONS).map((where) => `${event} ${where}`));
    await vi.waitFor(() => expect([...chief.heard]).toEqual(expect.arrayContaining(everything)), {
      timeout: 20_000,
    });
    // Whatever was sent to a page comes before the word that its session is over.
    for (const { page, cookie } of pages.values()) {
      const ended = new Promise<void>((resolve) => page.once('ended', () => resolve()));
      await at.as(cookie)('POST', '/api/identity/logout');
      await ended;
    }
    for (const { name, held } of askers) {
      const should = EVENTS.flatMap((event) =>
        Object.entries(REGIONS)
          .filter(([, region]) =>
            held.some((grant) => grant.abilities.includes(WANTED[event]) && isWithin(region, grant.region)),
          )
          .map(([where]) => `${event} ${where}`),
      );
      expect([name, [...(pages.get(name)?.heard ?? [])].sort()]).toEqual([name, should.sort()]);
    }
    chief.page.close();
  }, 120_000);

  it('is not listened to for what is not declared', async () => {
    const { page } = await open('operator');
    const anything = page as unknown as Socket;
    const answer = anything.timeout(300).emitWithAck('live', []);
    await expect(answer).rejects.toThrow(/timed out/);
    expect(page.connected).toBe(true);
    page.close();
  });
});

describe('a gateway', () => {
  it('does not start with an event that is not declared, or declared and not heard', () => {
    expect(() => demandDeclared('/console', Object.keys(CONSOLE_EVENTS.up), ['watch'])).not.toThrow();
    expect(() => demandDeclared('/console', ['watch'], ['watch', 'shout'])).toThrow(/no access for shout/);
    expect(() => demandDeclared('/console', ['watch', 'shout'], ['watch'])).toThrow(/hears none/);
  });

  it('sends nothing that is not declared', () => {
    const actor = { account: 'a', name: 'a', organisation: null, grants: [] } as never;
    expect(() => hearingScope(undefined, actor)).toThrow(TypeError);
    expect(hearingScope({ kind: 'ability', ability: 'screen.read' }, actor)).toEqual([]);
    expect(hearingScope({ kind: 'device' }, actor)).toEqual([]);
    const held = [{ region: '4103' as RegionCode, abilities: ['screen.read'] }];
    expect(
      hearingScope({ kind: 'ability', ability: 'screen.read' }, {
        ...(actor as object),
        grants: held,
      } as never),
    ).toEqual(['4103']);
  });
});
