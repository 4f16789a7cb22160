import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { Server as SocketServer } from 'socket.io';
import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { randomHex } from '../../../shared/core/ports.ts';
import type { Random } from '../../../shared/core/ports.ts';
import {
  paintedSchema,
  progressSchema,
  STAGE_SOCKET_PATH,
  stageFailureSchema,
  stageReadySchema,
} from '../../../shared/screen/stage-protocol.ts';
import type { EngineToStage, Scene, StageToEngine } from '../../../shared/screen/stage-protocol.ts';
import type { BlobCache } from '../cache/blob-cache.ts';
import { MEDIA_PREFIX } from '../director/cues.ts';
import type { Log, StageEvents, StagePort } from '../ports.ts';
import { serveMedia } from './media.ts';

export interface StageServerOptions {
  readonly cache: BlobCache;
  /** The built page (`dist/stage`). */
  readonly pageFolder: string;
  readonly random: Random;
  readonly log: Log;
}

const PAGE_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/**
 * The stage's origin: the page, the cached media and the stage link, on the loopback interface only.
 * The first address carries a random token; the page then holds it as a cookie, so that nothing
 * else on the machine reads the media or speaks as the stage.
 */
export class StageServer implements StagePort {
  readonly #options: StageServerOptions;
  readonly #token: string;
  readonly #http: Server;
  readonly #sockets: SocketServer<StageToEngine, EngineToStage>;
  #events: StageEvents | null = null;
  #scene: Scene | null = null;
  #origin = '';

  constructor(options: StageServerOptions) {
    this.#options = options;
    this.#token = randomHex(options.random, 16);
    this.#http = createServer((request, response) => this.#tryAnswer(request, response));
    this.#sockets = new SocketServer(this.#http, {
      path: STAGE_SOCKET_PATH,
      transports: ['websocket'],
      serveClient: false,
      pingInterval: 5_000,
      pingTimeout: 5_000,
      maxHttpBufferSize: 65_536,
      allowRequest: (request, decide) => decide(null, this.#mayConnect(request)),
    });
    this.#sockets.on('connection', (socket) => this.#greet(socket));
  }

  /** Listens on a free loopback port. Returns the address that shows the stage. */
  async start(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, '127.0.0.1', () => {
        this.#http.off('error', reject);
        resolve();
      });
    });
    const address = this.#http.address() as AddressInfo;
    this.#origin = `http://127.0.0.1:${address.port}`;
    return `${this.#origin}/?token=${this.#token}`;
  }

  listen(events: StageEvents): void {
    this.#events = events;
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#sockets.emit('scene', scene);
  }

  async stop(): Promise<void> {
    const closed = this.#sockets.close();
    this.#http.closeAllConnections();
    await closed;
  }

  #tryAnswer(request: IncomingMessage, response: ServerResponse): void {
    try {
      this.#answer(request, response);
    } catch (error) {
      this.#options.log.warn('a stage request failed', { url: request.url, reason: String(error) });
      if (!response.headersSent) response.writeHead(400);
      response.end();
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.#origin);
    this.#secure(response);
    if (request.method !== 'GET' && request.method !== 'HEAD') response.writeHead(405).end();
    else if (request.headers.host !== new URL(this.#origin).host) response.writeHead(421).end();
    else if (this.#isToken(url.searchParams.get('token'))) this.#enter(response);
    else if (!this.#isToken(this.#cookieOf(request))) response.writeHead(403).end();
    else if (url.pathname.startsWith(MEDIA_PREFIX))
      void serveMedia(this.#options.cache, request, response, url.pathname);
    else this.#servePage(response, url.pathname);
  }

  /** The token leaves the address at once and becomes a cookie of this origin. */
  #enter(response: ServerResponse): void {
    const cookie = `${this.#cookieName}=${this.#token}; Path=/; HttpOnly; SameSite=Strict`;
    response.writeHead(302, { location: '/', 'set-cookie': cookie, 'cache-control': 'no-store' }).end();
  }

  #servePage(response: ServerResponse, pathname: string): void {
    const { pageFolder } = this.#options;
    const file = normalize(join(pageFolder, pathname === '/' ? 'index.html' : pathname));
    const stat = file.startsWith(normalize(pageFolder))
      ? statSync(file, { throwIfNoEntry: false })
      : undefined;
    if (stat === undefined || !stat.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': PAGE_TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': stat.size,
      'cache-control': 'no-cache',
    });
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  #secure(response: ServerResponse): void {
    const ws = this.#origin.replace('http', 'ws');
    const policy = [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "font-src 'self'",
      `connect-src 'self' ${ws}`,
      "worker-src 'self' blob:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; ');
    response.setHeader('content-security-policy', policy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
  }

  #mayConnect(request: IncomingMessage): boolean {
    return request.headers.origin === this.#origin && this.#isToken(this.#cookieOf(request));
  }

  #greet(socket: Socket<StageToEngine, EngineToStage>): void {
    const events = this.#events;
    if (events === null) return;
    socket.on('clock', (answer: unknown) => {
      if (typeof answer === 'function') (answer as (nowMs: number) => void)(events.nowMs());
    });
    socket.on(
      'ready',
      this.#parsed(stageReadySchema, (ready) => {
        events.ready(ready);
        if (this.#scene !== null) socket.emit('scene', this.#scene);
      }),
    );
    socket.on(
      'painted',
      this.#parsed(paintedSchema, (painted) => events.painted(painted)),
    );
    socket.on(
      'progress',
      this.#parsed(progressSchema, (progress) => events.progress(progress)),
    );
    socket.on(
      'failed',
      this.#parsed(stageFailureSchema, (failure) => events.failed(failure)),
    );
    socket.on('disconnect', () => {
      if (this.#sockets.engine.clientsCount === 0) events.gone();
    });
  }

  #parsed<Schema extends z.ZodType>(
    schema: Schema,
    take: (value: z.output<Schema>) => void,
  ): (payload: unknown) => void {
    return (payload) => {
      const parsed = schema.safeParse(payload);
      if (parsed.success) take(parsed.data);
      else this.#options.log.warn('the stage said something unreadable', { issue: parsed.error.issues[0] });
    };
  }

  get #cookieName(): string {
    // Cookies know no ports: two players on one machine must not share one.
    return `kepu-stage-${new URL(this.#origin).port}`;
  }

  #cookieOf(request: IncomingMessage): string | null {
    const cookies = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
    return cookies.find(([name]) => name === this.#cookieName)?.[1] ?? null;
  }

  #isToken(text: string | null): boolean {
    if (text === null) return false;
    const hash = (value: string) => createHash('sha256').update(value).digest();
    return timingSafeEqual(hash(text), hash(this.#token));
  }
}
