import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { Server } from 'socket.io';
import type { CenterConfig } from '../config.ts';
import { isOwnOrigin } from '../http/server.ts';

/** Largest message: a full journal batch is a quarter of it. */
const MESSAGE_MAX = 2 * 1024 * 1024;

/**
 * Socket.IO on the center's one port. WebSocket only and without compression: frames are small, and
 * fifty thousand compression windows are not.
 */
export function attachSockets(http: HttpServer, config: CenterConfig): Server {
  return new Server(http, {
    transports: ['websocket'],
    perMessageDeflate: false,
    serveClient: false,
    maxHttpBufferSize: MESSAGE_MAX,
    pingInterval: 20_000,
    pingTimeout: 15_000,
    connectTimeout: 10_000,
    // Players send no Origin; a page of another origin would ride on the session's cookie.
    allowRequest: (request, decide) => decide(null, isAllowed(request, config)),
  });
}

/** Closes every socket and leaves the HTTP server to its owner. */
export function detachSockets(io: Server): void {
  io.disconnectSockets(true);
  io.engine.close();
}

function isAllowed({ headers }: IncomingMessage, config: CenterConfig): boolean {
  if (headers.origin === undefined) return true;
  const forwarded = headers['x-forwarded-host'];
  const host = config.trustProxy && typeof forwarded === 'string' ? forwarded : (headers.host ?? '');
  return isOwnOrigin(headers.origin, host, config);
}
