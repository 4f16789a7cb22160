import { io } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ScreenId } from '../../../../shared/core/ids.ts';
import type { Refusal } from '../../../../shared/screen/protocol.ts';
import { PLAYER_NAMESPACE } from '../../../../shared/screen/protocol.ts';
import type { Caller, TestCenter } from '../../../helpers/center.ts';
import { startCenter } from '../../../helpers/center.ts';
import type { Connection } from '../../../helpers/device.ts';
import { makeDevice } from '../../../helpers/device.ts';

let test: TestCenter;
let cookie: string;
let admin: Caller;
const open: Connection[] = [];
beforeAll(async () => {
  test = await startCenter({ listen: true });
  cookie = await test.login();
  admin = test.as(cookie);
});
afterEach(() => {
  for (const connection of open.splice(0)) connection.close();
});
afterAll(() => test.stop());

async function claimed() {
  const device = makeDevice();
  const { body } = await admin('POST', '/api/screens', { name: '屏', region: '410307' });
  await device.claimTo(test, body.id as ScreenId, cookie);
  return { device, screen: body.id as ScreenId };
}
async function connect(device: ReturnType<typeof makeDevice>): Promise<Connection> {
  const connection = await device.connect(test);
  open.push(connection);
  return connection;
}
const cut = ({ socket }: Connection) =>
  new Promise<void>((resolve) => {
    if (socket.disconnected) resolve();
    else socket.once('disconnect', () => resolve());
  });

/** Says anything at all, as something that is no player of ours would. */
function say(connection: Connection, event: string, ...said: unknown[]): Promise<unknown> {
  const socket: { emitWithAck(event: string, ...said: unknown[]): Promise<unknown> } = connection.socket;
  return socket.emitWithAck(event, ...said);
}

describe('a claimed device', () => {
  it('is let in by signing the challenge, and its token opens what is for devices', async () => {
    const { device } = await claimed();
    const { answer, bearer } = await connect(device);
    expect(answer.ok).toBe(true);
    const { status } = await test.as(bearer)('GET', '/api/assignment');
    expect([200, 404]).toContain(status);
    expect((await test.as(bearer)('GET', '/api/screens')).status).toBe(401);
  });

  it('gets the center’s time', async () => {
    const { device } = await claimed();
    const connection = await connect(device);
    const { t1, t2 } = (await say(connection, 'time')) as { t1: number; t2: number };
    expect(t2).toBeGreaterThanOrEqual(t1);
  });

  it('has one live socket: a newer one takes over and the older hears so', async () => {
    const { device } = await claimed();
    const older = await connect(device);
    const dismissed = new Promise<Refusal>((resolve) => older.socket.once('dismissed', resolve));
    const newer = await connect(device);
    expect(await dismissed).toMatchObject({ ok: false, code: 'CONFLICT' });
    await cut(older);
    expect(newer.socket.connected).toBe(true);
  });

  it('is cut off when unbound, and its token is worth nothing from then on', async () => {
    const { device, screen } = await claimed();
    const connection = await connect(device);
    const dismissed = new Promise<Refusal>((resolve) => connection.socket.once('dismissed', resolve));
    await admin('POST', `/api/screens/${screen}/unbind`);
    expect(await dismissed).toMatchObject({ code: 'DEVICE_UNCLAIMED' });
    await cut(connection);
    expect((await test.as(connection.bearer)('GET', '/api/assignment')).status).toBe(403);
  });

  it('hears what was wrong with what it said, and stays connected', async () => {
    const { device } = await claimed();
    const connection = await connect(device);
    expect(await say(connection, 'beat', { boot: 1 })).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    expect(await say(connection, 'journal', 'nonsense')).toMatchObject({ ok: false, mark: null });
    expect(await say(connection, 'planState')).toMatchObject({ ok: false });
    connection.socket.emit('beat', null as never, 'no function' as never);
    expect(await say(connection, 'time')).toMatchObject({ t1: expect.any(Number) });
  });
});

describe('anybody else', () => {
  it('that is enrolled but unclaimed is refused and cut', async () => {
    const device = makeDevice();
    await device.enrol(test);
    const connection = await connect(device);
    expect(connection.answer).toMatchObject({ ok: false, code: 'DEVICE_UNCLAIMED' });
    await cut(connection);
  });

  it('that never enrolled is refused', async () => {
    const connection = await connect(makeDevice());
    expect(connection.answer).toMatchObject({ ok: false, code: 'DEVICE_UNKNOWN' });
  });

  it('gets no answer before the hello, and is cut when it is malformed', async () => {
    const socket = io(`${test.url}${PLAYER_NAMESPACE}`, { transports: ['websocket'], forceNew: true });
    await new Promise((resolve) => socket.once('challenge', resolve));
    await expect(socket.timeout(300).emitWithAck('time')).rejects.toThrow();
    const disconnected = new Promise((resolve) => socket.once('disconnect', resolve));
    expect(await socket.emitWithAck('hello', { text: 1 })).toMatchObject({ ok: false, code: 'BAD_REQUEST' });
    await disconnected;
    socket.close();
  });

  it('cannot use a hello that was signed for another challenge', async () => {
    const { device } = await claimed();
    const socket = io(`${test.url}${PLAYER_NAMESPACE}`, { transports: ['websocket'], forceNew: true });
    await new Promise((resolve) => socket.once('challenge', resolve));
    const replayed = device.signed('kepu-hello/1', {
      format: 'kepu-hello/1',
      device: device.device,
      boot: 'b'.repeat(32),
      nonce: 'of another socket',
      center: test.center.services.enrolment.center.keyId,
      renderer: 'headless',
      version: '1',
      osBoot: 'x',
      counter: 0,
      plan: null,
    });
    expect(await socket.emitWithAck('hello', replayed)).toMatchObject({ code: 'SIGNATURE_INVALID' });
    socket.close();
  });

  it('is not let in from a page of another origin', async () => {
    const socket = io(`${test.url}${PLAYER_NAMESPACE}`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { origin: 'http://evil.test' },
    });
    await new Promise((resolve) => socket.once('connect_error', resolve));
    socket.close();
  });
});
