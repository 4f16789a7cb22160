import { createServer } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Server } from 'socket.io';
import type { Socket } from 'socket.io';
import { build } from 'vite';
import { STAGE_SOCKET_PATH } from '../../../shared/screen/stage-protocol.ts';
import type {
  EngineToStage,
  Painted,
  Progress,
  Scene,
  StageFailure,
  StageReady,
  StageToEngine,
} from '../../../shared/screen/stage-protocol.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** As strict as the engine's own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "base-uri 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.mp4': 'video/mp4',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.ts': 'video/mp2t',
};

/** Builds the stage as it ships; answers the folder and what removes it. */
export async function buildStage(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stage-build-'));
  await build({
    configFile: path.join(ROOT, 'vite.stage.config.ts'),
    root: path.join(ROOT, 'player/stage'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The engine's side of the stage protocol for tests of the page alone: real HTTP, real Socket.IO. */
export class TestEngine {
  readonly painted: Painted[] = [];
  readonly progress: Progress[] = [];
  readonly failed: StageFailure[] = [];
  readonly ready: StageReady[] = [];
  readonly #folders: Readonly<Record<string, string>>;
  #http: HttpServer | null = null;
  #io: Server<StageToEngine, EngineToStage> | null = null;
  #port = 0;
  #scene: Scene | null = null;

  /** @param folders served folders by first path segment; `''` is the page. */
  constructor(folders: Readonly<Record<string, string>>) {
    this.#folders = folders;
  }

  /** Center time here, milliseconds: one and a half hours off the machine's clock, so that mapping shows. */
  nowMs(): number {
    return performance.timeOrigin + performance.now() + 5_400_000;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/?token=secret`;
  }

  /** Listens, on the same port again after a `stop`. */
  async start(): Promise<void> {
    const http = createServer((request, response) => void this.#serve(request, response));
    const io = new Server<StageToEngine, EngineToStage>(http, {
      path: STAGE_SOCKET_PATH,
      transports: ['websocket'],
    });
    io.use((socket, next) =>
      next(socket.handshake.auth['token'] === 'secret' ? undefined : new Error('token')),
    );
    io.on('connection', (socket) => this.#greet(socket));
    this.#http = http;
    this.#io = io;
    await new Promise<void>((done) => http.listen(this.#port, '127.0.0.1', done));
    this.#port = (http.address() as AddressInfo).port;
  }

  /** Goes away as a dying engine does: link and files at once. */
  async stop(): Promise<void> {
    this.#io?.disconnectSockets(true);
    this.#http?.closeAllConnections();
    await this.#io?.close();
    this.#io = null;
    this.#http = null;
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#io?.emit('scene', scene);
  }

  forget(): void {
    for (const list of [this.painted, this.progress, this.failed]) list.length = 0;
  }

  #greet(socket: Socket<StageToEngine, EngineToStage>): void {
    socket.on('clock', (answer) => answer(this.nowMs()));
    socket.on('ready', (ready) => {
      this.ready.push(ready);
      if (this.#scene !== null) socket.emit('scene', this.#scene);
    });
    socket.on('painted', (painted) => this.painted.push(painted));
    socket.on('progress', (progress) => this.progress.push(progress));
    socket.on('failed', (failure) => this.failed.push(failure));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [first = '', ...rest] = pathname.slice(1).split('/');
    const named = this.#folders[first];
    const file =
      named !== undefined && first !== ''
        ? path.join(named, ...rest)
        : path.join(this.#folders[''] ?? '', pathname === '/' ? 'index.html' : pathname);
    const found = await stat(file).catch(() => null);
    if (found === null || !found.isFile()) {
      response.writeHead(404).end();
      return;
    }
    const headers = {
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'accept-ranges': 'bytes',
    };
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (range === null) {
      response.writeHead(200, { ...headers, 'content-length': found.size });
      createReadStream(file).pipe(response);
      return;
    }
    const start = Number(range[1]);
    const end = range[2] === '' ? found.size - 1 : Math.min(Number(range[2]), found.size - 1);
    response.writeHead(206, {
      ...headers,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${found.size}`,
    });
    createReadStream(file, { start, end }).pipe(response);
  }
}
