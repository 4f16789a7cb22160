import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { z } from 'zod';
import { canonicalText } from '../../shared/core/canonical.ts';
import { SignedKind, signingInput } from '../../shared/core/signed.ts';
import type { CenterToPlayer, HelloAnswer, PlayerToCenter } from '../../shared/screen/protocol.ts';
import { PLAYER_NAMESPACE } from '../../shared/screen/protocol.ts';

/**
 * Claimed devices without a player behind them: `device-clients.ts URL FILE CENTER_KEY_ID`. They connect,
 * answer the challenge, take the assignment they are greeted with, and from then on say when each took
 * the next one.
 */
const [url = '', file = '', center = ''] = process.argv.slice(2);
const devices = z
  .array(z.object({ device: z.string(), privateKey: z.string() }))
  .parse(JSON.parse(readFileSync(file, 'utf8')));
/** How many connect at a time. */
const AT_ONCE = 50;

type Link = Socket<CenterToPlayer, PlayerToCenter>;
let taken = 0;
let wanted = 0;

for (let at = 0; at < devices.length; at += AT_ONCE)
  await Promise.all(devices.slice(at, at + AT_ONCE).map(connect));
process.send?.({ kind: 'ready', url });
process.on('message', () => {
  taken = 0;
  wanted = devices.length;
});
process.on('SIGTERM', () => process.exit(0));

async function connect({ device, privateKey }: (typeof devices)[number]): Promise<void> {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const socket: Link = io(`${url}${PLAYER_NAMESPACE}`, { transports: ['websocket'], forceNew: true });
  const { promise: greeted, resolve } = Promise.withResolvers<void>();
  socket.on('assignment', () => {
    resolve();
    taken += 1;
    if (taken === wanted) process.send?.({ kind: 'announced', atMs: Date.now() });
  });
  socket.on('challenge', ({ nonce }) => {
    const text = canonicalText({
      format: SignedKind.hello,
      device,
      boot: randomBytes(16).toString('hex'),
      nonce,
      center,
      renderer: 'headless',
      version: 'bench',
      osBoot: 'bench',
      counter: 0,
      plan: null,
      denyListVersion: 0,
    });
    const signature = sign(null, signingInput(SignedKind.hello, text), key).toString('base64url');
    socket.emit('hello', { text, keyId: device.slice(0, 16), signature }, (answer: HelloAnswer) => {
      if (!answer.ok) throw new Error(`hello was refused: ${answer.code} ${answer.detail}`);
    });
  });
  await greeted;
}
