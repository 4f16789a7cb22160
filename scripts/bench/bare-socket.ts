import process from 'node:process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

/** A bare Socket.IO server that acknowledges: what a round trip costs before any of our own work. */
const http = createServer();
const sockets = new Server(http, { transports: ['websocket'], serveClient: false });
sockets.on('connection', (socket) => {
  socket.on('ping-pong', (answer: () => void) => answer());
});
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  process.send?.({ kind: 'ready', url: `http://127.0.0.1:${port}` });
});
process.on('SIGTERM', () => process.exit(0));
