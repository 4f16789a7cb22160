import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { ABILITIES, scopeOf } from '../../../shared/identity/abilities.ts';
import type { Me } from '../../../shared/identity/account.schema.ts';
import {
  loginSchema,
  meSchema,
  passwordChangeSchema,
  recoveryCodesSchema,
  secondFactorBeginSchema,
  secondFactorConfirmSchema,
  secondFactorOfferSchema,
  secondFactorRemovalSchema,
  sessionListSchema,
} from '../../../shared/identity/account.schema.ts';
import type { IdentityService } from './identity.service.ts';

export interface IdentityRoutesOptions {
  readonly identity: IdentityService;
  readonly cookie: { readonly name: string; readonly secure: boolean };
  readonly demo: boolean;
  readonly idleMinutes: number;
  /** Whether this center demands a second factor of who changes what is on air, or who may. */
  readonly secondFactorDemanded: boolean;
}

const session = { kind: 'session' } as const;
/** Where a password or a code is asked for: the lockout counts the wrong ones of an account, this those of a place. */
const typed = { access: session, rateLimit: { max: 30, timeWindow: 60_000 } } as const;
const bodyLimit = 4_096;
const tags = ['identity'];
const done = z.strictObject({ ok: z.literal(true) });

/** Login, logout, who one is, one's password, second factor and sessions. */
export function identityRoutes(options: IdentityRoutesOptions): FastifyPluginAsyncZod {
  const { identity, cookie } = options;
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: cookie.secure } as const;
  const setCookie = (reply: FastifyReply, token: string) => reply.setCookie(cookie.name, token, attributes);

  return async (http) => {
    http.post(
      '/identity/login',
      {
        bodyLimit,
        config: { access: { kind: 'public' }, rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: { tags, body: loginSchema, response: { 200: meSchema } },
      },
      async ({ body, cookies }, reply) => {
        const { token, actor } = await identity.login(body);
        const before = cookies[cookie.name];
        if (before !== undefined) await identity.logout(before, null);
        setCookie(reply, token);
        return meOf(actor, options);
      },
    );

    http.post(
      '/identity/logout',
      { config: { access: session }, schema: { tags, response: { 200: done } } },
      async ({ cookies, actor }, reply) => {
        await identity.logout(cookies[cookie.name] ?? '', actor);
        reply.clearCookie(cookie.name, attributes);
        return { ok: true as const };
      },
    );

    http.get(
      '/identity/me',
      { config: { access: session }, schema: { tags, response: { 200: meSchema } } },
      async ({ actor }) => meOf(present(actor), options),
    );

    http.post(
      '/identity/password',
      { bodyLimit, config: typed, schema: { tags, body: passwordChangeSchema, response: { 200: done } } },
      async ({ actor, body, cookies }) => {
        await identity.changePassword(present(actor), body, cookies[cookie.name] ?? '');
        return { ok: true as const };
      },
    );

    await http.register(secondFactorRoutes(options));
    await http.register(sessionRoutes(options));
  };
}

function secondFactorRoutes({ identity, cookie }: IdentityRoutesOptions): FastifyPluginAsyncZod {
  return async (http) => {
    http.post(
      '/identity/second-factor/begin',
      {
        bodyLimit,
        config: typed,
        schema: { tags, body: secondFactorBeginSchema, response: { 200: secondFactorOfferSchema } },
      },
      async ({ actor, body }) => identity.secondFactors.begin(present(actor), body.password),
    );

    http.post(
      '/identity/second-factor/confirm',
      {
        bodyLimit,
        config: typed,
        schema: { tags, body: secondFactorConfirmSchema, response: { 200: recoveryCodesSchema } },
      },
      async ({ actor, body, cookies }) => ({
        recoveryCodes: await identity.confirmSecondFactor(
          present(actor),
          body.code,
          cookies[cookie.name] ?? '',
        ),
      }),
    );

    http.post(
      '/identity/second-factor/remove',
      {
        bodyLimit,
        config: typed,
        schema: { tags, body: secondFactorRemovalSchema, response: { 200: done } },
      },
      async ({ actor, body }) => {
        await identity.secondFactors.remove(present(actor), body);
        return { ok: true as const };
      },
    );
  };
}

function sessionRoutes({ identity, cookie }: IdentityRoutesOptions): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/identity/sessions',
      { config: { access: session }, schema: { tags, response: { 200: sessionListSchema } } },
      async ({ actor, cookies }) => ({
        rows: await identity.sessions(present(actor), cookies[cookie.name] ?? ''),
      }),
    );

    http.delete(
      '/identity/sessions/:id',
      {
        config: { access: session },
        schema: { tags, params: z.strictObject({ id: z.string().max(64) }), response: { 200: done } },
      },
      async ({ actor, params }) => {
        await identity.endSession(present(actor), params.id);
        return { ok: true as const };
      },
    );

    // All but the one that asks.
    http.delete(
      '/identity/sessions',
      { config: { access: session }, schema: { tags, response: { 200: done } } },
      async ({ actor, cookies }) => {
        await identity.endOtherSessions(present(actor), cookies[cookie.name] ?? '');
        return { ok: true as const };
      },
    );
  };
}

async function meOf(actor: Actor, options: IdentityRoutesOptions): Promise<Me> {
  const { identity, demo, idleMinutes, secondFactorDemanded } = options;
  const { account, recoveryCodesLeft } = await identity.self(actor);
  const abilities: Me['abilities'] = {};
  for (const ability of ABILITIES) {
    const scope = scopeOf(actor, ability);
    if (scope.length > 0) abilities[ability] = scope;
  }
  const { id, login, name, grants, organisation, mustChange, secondFactor } = account;
  return {
    account: id,
    login,
    name,
    grants: [...grants],
    organisation: organisation === null ? null : { id: organisation.id, name: organisation.name },
    abilities,
    mustChange,
    secondFactor: { set: secondFactor, demanded: secondFactorDemanded, recoveryCodesLeft },
    demo,
    idleMinutes,
  };
}

function present(actor: Actor | null): Actor {
  if (actor === null) throw new AppError('NOT_LOGGED_IN');
  return actor;
}
