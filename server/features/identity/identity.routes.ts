import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { ABILITIES, scopeOf } from '../../../shared/identity/abilities.ts';
import type { Account, Me } from '../../../shared/identity/account.schema.ts';
import {
  accountCreatedSchema,
  accountCreationSchema,
  accountListSchema,
  loginSchema,
  meSchema,
  passwordChangeSchema,
} from '../../../shared/identity/account.schema.ts';
import type { AccountRecord } from './identity.port.ts';
import type { IdentityService } from './identity.service.ts';

export interface IdentityRoutesOptions {
  readonly identity: IdentityService;
  readonly cookie: { readonly name: string; readonly secure: boolean };
  readonly demo: boolean;
  readonly idleMinutes: number;
}

const session = { kind: 'session' } as const;
const manage = { kind: 'ability', ability: 'account.manage', region: { from: 'scope' } } as const;
const tags = ['identity'];
const done = z.strictObject({ ok: z.literal(true) });

/** Login, logout, who one is, one's password, and accounts. */
export function identityRoutes(options: IdentityRoutesOptions): FastifyPluginAsyncZod {
  const { identity, cookie, demo, idleMinutes } = options;
  const attributes = { path: '/', httpOnly: true, sameSite: 'strict', secure: cookie.secure } as const;

  const meOf = async (actor: Actor): Promise<Me> => {
    const account = await identity.account(actor);
    if (account === null) throw new AppError('NOT_LOGGED_IN');
    const abilities: Me['abilities'] = {};
    for (const ability of ABILITIES) {
      const scope = scopeOf(actor, ability);
      if (scope.length > 0) abilities[ability] = scope;
    }
    const { id, login, name, grants, mustChange } = account;
    return {
      account: id,
      login,
      name,
      grants: [...grants],
      organisation: null,
      abilities,
      mustChange,
      secondFactor: { set: false, demanded: false, recoveryCodesLeft: 0 },
      demo,
      idleMinutes,
    };
  };
  const setCookie = (reply: FastifyReply, token: string) => reply.setCookie(cookie.name, token, attributes);

  return async (http) => {
    http.post(
      '/identity/login',
      {
        bodyLimit: 4_096,
        config: { access: { kind: 'public' }, rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: { tags, body: loginSchema, response: { 200: meSchema } },
      },
      async ({ body, cookies }, reply) => {
        const { token, actor } = await identity.login(body.login, body.password);
        const before = cookies[cookie.name];
        if (before !== undefined) await identity.logout(before, null);
        setCookie(reply, token);
        return meOf(actor);
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
      async ({ actor }) => meOf(present(actor)),
    );

    http.post(
      '/identity/password',
      {
        bodyLimit: 4_096,
        config: { access: session, rateLimit: { max: 10, timeWindow: 60_000 } },
        schema: { tags, body: passwordChangeSchema, response: { 200: done } },
      },
      async ({ actor, body, cookies }) => {
        await identity.changePassword(present(actor), body, cookies[cookie.name] ?? '');
        return { ok: true as const };
      },
    );

    http.get(
      '/identity/accounts',
      { config: { access: manage }, schema: { tags, response: { 200: accountListSchema } } },
      async ({ actor }) => {
        const rows = (await identity.accounts(present(actor))).map(accountOf);
        return { rows, total: rows.length };
      },
    );

    http.post(
      '/identity/accounts',
      {
        // Every granted region is checked by the service, as there may be several.
        config: { access: manage },
        schema: { tags, body: accountCreationSchema, response: { 201: accountCreatedSchema } },
      },
      async ({ actor, body }, reply) => {
        const { account, password } = await identity.createAccount(body, present(actor));
        return reply.code(201).send({ account: accountOf(account), password });
      },
    );
  };
}

function present(actor: Actor | null): Actor {
  if (actor === null) throw new AppError('NOT_LOGGED_IN');
  return actor;
}

function accountOf({ id, login, name, grants, mustChange, disabled, createdAtMs }: AccountRecord): Account {
  return {
    id,
    login,
    name,
    grants: [...grants],
    organisation: null,
    organisationName: null,
    secondFactor: false,
    mustChange,
    disabled,
    lockedUntilMs: null,
    lastLoginAtMs: null,
    createdAtMs,
  };
}
