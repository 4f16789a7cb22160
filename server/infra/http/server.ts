import { existsSync, readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import fastify, { LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { AppError } from '../../../shared/core/errors.ts';
import type { Random } from '../../../shared/core/ports.ts';
import { randomHex } from '../../../shared/core/ports.ts';
import type { CenterConfig } from '../config.ts';
import { isSecure } from '../config.ts';
import type { Authenticators } from './access.ts';
import { enforceAccess } from './access.ts';
import { answerErrors } from './errors.ts';
import { answerImmutable } from './immutable.ts';

export interface HttpOptions {
  readonly config: CenterConfig;
  readonly log: Logger;
  readonly random: Random;
  readonly authenticators: Authenticators;
}

/** Largest JSON body; uploads of assets set their own. */
const BODY_LIMIT = 8 * 1024 * 1024;
const UNSAFE = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Fastify with everything that holds for every route: headers, cookies, access, origins, errors. */
export async function createHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { config, log, random, authenticators } = options;
  const loggerInstance: FastifyBaseLogger = log;
  const common = {
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy,
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomHex(random, 8),
    // Sockets of players stay open for weeks; closing does not wait for them.
    forceCloseConnections: true,
  };
  const http: FastifyInstance =
    config.tls === null
      ? fastify(common)
      : (fastify({ ...common, https: readTls(config.tls) }) as unknown as FastifyInstance);
  http.withTypeProvider<ZodTypeProvider>();
  http.setValidatorCompiler(validatorCompiler);
  http.setSerializerCompiler(serializerCompiler);
  answerErrors(http);
  answerImmutable(http);
  await http.register(helmet, headersFor(config));
  await http.register(cookie);
  await http.register(rateLimit, { global: false, keyGenerator: callerOf });
  http.addHook('onRequest', async (request) => refuseForeignOrigin(request, config));
  enforceAccess(http, authenticators, { secondFactorDemanded: config.secondFactor === 'required' });
  return http;
}

/**
 * Whose calls a route's limit counts: those of the account or device that was let in, wherever it sits;
 * of an address where anybody may ask, or where what is typed is guessed at.
 */
function callerOf({ actor, device, ip, routeOptions }: FastifyRequest): string {
  const kind = routeOptions.config.access?.kind;
  if (kind === 'public' || kind === 'session') return ip;
  return actor?.account ?? device?.device ?? ip;
}

function readTls({ certFile, keyFile }: NonNullable<CenterConfig['tls']>) {
  for (const file of [certFile, keyFile])
    if (!existsSync(file))
      throw new AppError('CONFIG_INVALID', { detail: `${file} 不存在 (does not exist)` });
  const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  try {
    createSecureContext(pair);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new AppError(
      'CONFIG_INVALID',
      { detail: `KEPU_TLS_CERT=${certFile}、KEPU_TLS_KEY=${keyFile} 不是一对 PEM 证书和私钥（${why}）` },
      error,
    );
  }
  return pair;
}

/** No inline scripts; inline style attributes are what Element Plus and ECharts position with. */
function headersFor(config: CenterConfig) {
  const secure = isSecure(config);
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    hsts: secure,
    // Without TLS browsers ignore these two, loudly.
    crossOriginOpenerPolicy: secure,
    originAgentCluster: secure,
    crossOriginEmbedderPolicy: false,
    frameguard: { action: 'deny' as const },
    referrerPolicy: { policy: 'same-origin' as const },
  };
}

/**
 * A page of another origin may not change anything in the name of who is logged in (CSRF). Browsers
 * always send Origin with such requests; players and commands send none.
 */
function refuseForeignOrigin(request: FastifyRequest, config: CenterConfig): void {
  const { origin } = request.headers;
  if (!UNSAFE.has(request.method) || origin === undefined) return;
  if (!isOwnOrigin(origin, request.host, config)) throw new AppError('FORBIDDEN', { ability: 'origin' });
}

/** Whether a browser's Origin is this center's own, by the address it was reached at or its public one. */
export function isOwnOrigin(origin: string, host: string, config: CenterConfig): boolean {
  if (!URL.canParse(origin)) return false;
  const { publicUrl } = config;
  if (publicUrl !== null && new URL(publicUrl).origin === origin) return true;
  const { host: from, protocol } = new URL(origin);
  // Who can forge plain HTTP on the way could otherwise write as a page of ours.
  return from === host && (config.tls === null || protocol === 'https:');
}
