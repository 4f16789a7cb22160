import process from 'node:process';
import { io } from 'socket.io-client';

/** Bare Socket.IO clients in one process: `bare-clients.ts <url> <count>`; says when all are connected. */
const [url = '', count = '0'] = process.argv.slice(2);
const sockets = Array.from({ length: Number(count) }, () =>
  io(url, { transports: ['websocket'], forceNew: true }),
);
await Promise.all(
  sockets.map((socket) => new Promise<void>((resolve) => socket.once('connect', () => resolve()))),
);
process.send?.({ kind: 'ready', url });
process.on('SIGTERM', () => process.exit(0));
