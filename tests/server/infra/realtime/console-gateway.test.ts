import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RegionCode, ScreenId } from '../../../../shared/core/ids.ts';
import type { CenterToConsole, ConsoleToCenter } from '../../../../shared/screen/console-protocol.ts';
import { CONSOLE_NAMESPACE } from '../../../../shared/screen/console-protocol.ts';
import type { LiveScreen } from '../../../../shared/telemetry/live-screen.schema.ts';
import type { TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import { makeDevice } from '../../../helpers/device.ts';

type Page = Socket<CenterToConsole, ConsoleToCenter>;

let test: TestCenter;
let cookie: string;
beforeAll(async () => {
  test = await startCenter({ listen: true });
  cookie = await test.login();
});
afterAll(() => test.stop());

function open(credential: string): Page {
  return io(`${test.url}${CONSOLE_NAMESPACE}`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: credential === '' ? {} : { cookie: credential },
  });
}
const connected = (page: Page) =>
  new Promise<void>((resolve) => {
    if (page.connected) resolve();
    else page.once('connect', () => resolve());
  });

/** A screen in `region` whose device beats once. */
async function beat(region: string): Promise<ScreenId> {
  const { body } = await test.as(cookie)('POST', '/api/screens', { name: region, region });
  const device = makeDevice();
  await device.claimTo(test, body.id, cookie);
  const connection = await device.connect(test);
  const answer = await connection.socket.emitWithAck('beat', {
    boot: connection.boot,
    mono: 1_000,
    wall: 0,
    plan: null,
    showing: { kind: 'filler' },
    painted: 25,
    panel: 'unreadable',
    pending: 0,
  });
  connection.close();
  expect(answer).toEqual({ ok: true });
  return body.id;
}

describe('an open page', () => {
  it('is let in by a session only', async () => {
    const page = open('');
    const refusal = await new Promise<Error>((resolve) => page.once('connect_error', resolve));
    expect(refusal.message).toBe('NOT_LOGGED_IN');
  });

  it('hears of screens that it watches, inside its own scope', async () => {
    const grants = [{ role: 'operator', region: '4103' }];
    const wanted = { login: 'luoyang', name: '洛', grants };
    const made = await test.as(cookie)('POST', '/api/identity/accounts', wanted);
    const all = open(cookie);
    const luoyang = open(await test.login('luoyang', made.body.password));
    const watching = open(cookie);
    await Promise.all([all, luoyang, watching].map(connected));
    watching.emit('watch', { region: '4101' as RegionCode });
    const heard = { all: new Set<ScreenId>(), luoyang: new Set<ScreenId>(), watching: new Set<ScreenId>() };
    const note = (set: Set<ScreenId>) => (changed: readonly LiveScreen[]) => {
      for (const { screen } of changed) set.add(screen);
    };
    luoyang.on('live', note(heard.luoyang));
    watching.on('live', note(heard.watching));
    all.on('live', note(heard.all));
    const [yanshi, zhongyuan] = [await beat('410307'), await beat('410102')];
    await vi.waitFor(
      () => {
        expect(heard.all).toEqual(new Set([yanshi, zhongyuan]));
        expect(heard.luoyang).toEqual(new Set([yanshi]));
        expect(heard.watching).toEqual(new Set([zhongyuan]));
      },
      { timeout: 20_000 },
    );
    for (const page of [all, luoyang, watching]) page.close();
  });
});
