import '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../../shared/core/errors.ts';
import type { DeviceId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type { Ability, Actor } from '../../../shared/identity/abilities.ts';
import { can, scopeOf, SECOND_FACTOR_ABILITIES } from '../../../shared/identity/abilities.ts';
import type { Access } from '../../../shared/identity/access.ts';
import type { Person } from '../../features/identity/identity.port.ts';

/** A claimed device that proved its key, and the screen it is bound to. */
export interface DeviceCaller {
  readonly device: DeviceId;
  readonly screen: ScreenId;
}

/** A route and what it demands. */
export interface DeclaredRoute {
  readonly method: string;
  /** As it was declared: `/api/screens/:id`. */
  readonly path: string;
  readonly access: Access;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route, in the order of its declaration. */
    readonly declaredRoutes: readonly DeclaredRoute[];
  }
  interface FastifyContextConfig {
    /** What the route demands of who calls it; every route declares one. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Who is logged in, or `null`. */
    actor: Actor | null;
    /** The claimed device that calls, or `null`. */
    device: DeviceCaller | null;
    /** Whether the region that the request concerns has been checked. */
    authorized: boolean;
    /** For access by `subject`: @throws AppError FORBIDDEN unless the caller holds the route's ability in `region`. */
    authorize(region: RegionCode): void;
  }
}

/** How callers are known: by the session cookie, or by a device's bearer token. */
export interface Authenticators {
  actorOf(token: string): Promise<Person | null>;
  deviceOf(token: string): Promise<DeviceCaller | null>;
}

export interface AccessPolicy {
  /** Whether nobody changes what is on air, or who may, without a second factor. */
  readonly secondFactorDemanded: boolean;
}

/** Name of the cookie that holds a session's token. */
export const SESSION_COOKIE = 'kepu-session';

/**
 * Makes access a property of every route: one that declares none stops the center from starting,
 * and one that promised to check its subject's region and did not answers nothing (fail closed).
 */
export function enforceAccess(
  http: FastifyInstance,
  authenticators: Authenticators,
  policy: AccessPolicy,
): void {
  http.decorateRequest('actor', null);
  http.decorateRequest('device', null);
  http.decorateRequest('authorized', false);
  http.decorateRequest('authorize', function authorize(this: FastifyRequest, region: RegionCode) {
    const access = this.routeOptions.config.access;
    if (access?.kind !== 'ability') throw new TypeError('authorize() on a route without an ability');
    this.authorized = true;
    if (this.actor === null || !can(this.actor, access.ability, region))
      throw new AppError('FORBIDDEN', { ability: access.ability });
  });
  const declared: DeclaredRoute[] = [];
  http.decorate('declaredRoutes', declared);
  http.addHook('onRoute', ({ method, url, config }) => {
    const access = config?.access;
    if (access === undefined) throw new TypeError(`${String(method)} ${url} declares no access`);
    for (const each of [method].flat()) declared.push({ method: each, path: url, access });
  });
  http.addHook('onRequest', async (request) => admit(request, authenticators, policy));
  http.addHook('preHandler', async (request) => authorizeNamedRegion(request));
  http.addHook('onSend', async (request, reply) => refuseUnchecked(request, reply));
}

/** Who calls, and whether the route is open to such a caller at all; before anything is parsed. */
async function admit(
  request: FastifyRequest,
  authenticators: Authenticators,
  policy: AccessPolicy,
): Promise<void> {
  const access = request.routeOptions.config.access;
  // An unknown path has no route; its handler answers 404 whoever asks.
  if (access === undefined) return;
  const cookie = request.cookies[SESSION_COOKIE];
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const devices = access.kind === 'device' || (access.kind === 'ability' && access.device === true);
  if (devices && bearer !== undefined) request.device = await authenticators.deviceOf(bearer);
  const person = cookie === undefined ? null : await authenticators.actorOf(cookie);
  request.actor = person;
  switch (access.kind) {
    case 'public':
      return;
    case 'session':
      if (request.actor === null) throw new AppError('NOT_LOGGED_IN');
      return;
    case 'device':
      if (request.device === null) throw new AppError('DEVICE_UNCLAIMED');
      return;
    case 'ability':
      if (request.device !== null) return;
      if (person === null) throw new AppError('NOT_LOGGED_IN');
      if (scopeOf(person, access.ability).length === 0)
        throw new AppError('FORBIDDEN', { ability: access.ability });
      if (policy.secondFactorDemanded && !person.secondFactor && asksSecondFactor(access.ability))
        throw new AppError('SECOND_FACTOR_MISSING');
      return;
    default:
      access satisfies never;
  }
}

function asksSecondFactor(ability: Ability): boolean {
  return SECOND_FACTOR_ABILITIES.includes(ability);
}

/** For access by a region that params, query or body name; after they were validated. */
function authorizeNamedRegion(request: FastifyRequest): void {
  const access = request.routeOptions.config.access;
  if (access?.kind !== 'ability' || request.device !== null) return;
  const { from } = access.region;
  if (from === 'subject' || from === 'scope') return;
  const named = (request[from] as Readonly<Record<string, unknown>> | undefined)?.[access.region.name];
  if (typeof named !== 'string') throw new AppError('BAD_REQUEST', { detail: access.region.name });
  request.authorize(named as RegionCode);
}

function refuseUnchecked(request: FastifyRequest, reply: FastifyReply): void {
  const access = request.routeOptions.config.access;
  if (access?.kind !== 'ability' || access.region.from !== 'subject') return;
  if (reply.statusCode < 400 && request.device === null && !request.authorized)
    throw new TypeError(`${request.method} ${request.routeOptions.url} did not authorize its subject`);
}
