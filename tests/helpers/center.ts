import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Center } from '../../server/app.ts';
import { buildCenter } from '../../server/app.ts';
import type { CenterConfig } from '../../server/infra/config.ts';
import { parseConfig } from '../../server/infra/config.ts';
import { systemRandom } from '../../server/infra/random.ts';
import type { Clock } from '../../shared/core/ports.ts';
import { makeClock } from './clock.ts';

export interface TestCenterOptions {
  /** Stands still at 2026-11-20 08:00 in Henan unless given. */
  readonly clock?: Clock;
  readonly config?: Partial<CenterConfig>;
  /** Kept on stop; a new temporary folder, removed on stop, unless given. */
  readonly folder?: string;
  /** Also listens on an ephemeral loopback port. */
  readonly listen?: boolean;
}

/** What an API call answered. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests assert on it right away
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Caller {
  (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer>;
}

export interface TestCenter {
  readonly center: Center;
  readonly folder: string;
  /** Address when listening, else empty. */
  readonly url: string;
  /** The first administrator's login; empty password when `folder` was used before. */
  readonly admin: { readonly login: string; readonly password: string };
  /** Logs in (as the administrator unless told otherwise) and returns the Cookie header. */
  login(login?: string, password?: string): Promise<string>;
  /** Calls the API without a socket, with a Cookie or a `Bearer …` header. */
  as(credential: string | null): Caller;
  stop(): Promise<void>;
}

/** A real center, with a real database, in a folder of its own. */
export async function startCenter(options: TestCenterOptions = {}): Promise<TestCenter> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'kepu-center-'));
  const config = { ...parseConfig({ KEPU_DATA: folder, KEPU_PORT: '0' }), ...options.config };
  const center = await buildCenter({
    config,
    clock: options.clock ?? makeClock(),
    random: systemRandom,
    log: pino({ level: 'silent' }),
  });
  const url = options.listen === true ? await center.listen({ host: '127.0.0.1', port: 0 }) : '';
  const admin = center.firstLogin ?? { login: 'admin', password: '' };

  const as =
    (credential: string | null): Caller =>
    async (method, path, body) => {
      const bearer = credential?.startsWith('Bearer ') === true;
      const response = await center.http.inject({
        method,
        url: path,
        ...(body !== undefined && { payload: body }),
        headers: credential === null ? {} : { [bearer ? 'authorization' : 'cookie']: credential },
      });
      const json = response.body !== '' && String(response.headers['content-type']).includes('json');
      return {
        status: response.statusCode,
        headers: response.headers,
        body: json ? response.json() : response.body,
      };
    };

  return {
    center,
    folder,
    url,
    admin,
    as,
    async login(login = admin.login, password = admin.password) {
      const answer = await as(null)('POST', '/api/identity/login', { login, password });
      if (answer.status !== 200) throw new Error(`login answered ${JSON.stringify(answer.body)}`);
      return String(answer.headers['set-cookie']).split(';')[0] ?? '';
    },
    async stop() {
      await center.stop();
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
