import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { accountIdSchema } from '../../../shared/core/ids.ts';
import type { Account } from '../../../shared/identity/account.schema.ts';
import {
  accountCreatedSchema,
  accountCreationSchema,
  accountListSchema,
  accountPatchSchema,
  accountQuerySchema,
} from '../../../shared/identity/account.schema.ts';
import type { AccountRecord } from './identity.port.ts';
import type { IdentityService } from './identity.service.ts';

// An account reaches several regions: the service checks every one that a change touches.
const manage = { kind: 'ability', ability: 'account.manage', region: { from: 'scope' } } as const;
const tags = ['identity'];

/** Accounts, for who manages them. */
export function accountRoutes({ identity }: { readonly identity: IdentityService }): FastifyPluginAsyncZod {
  const { accounts } = identity;
  return async (http) => {
    http.get(
      '/identity/accounts',
      {
        config: { access: manage },
        schema: { tags, querystring: accountQuerySchema, response: { 200: accountListSchema } },
      },
      async ({ actor, query }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        const { rows, total } = await accounts.list(actor, query);
        return { rows: rows.map((row) => accountOf(row, identity)), total };
      },
    );

    http.post(
      '/identity/accounts',
      {
        config: { access: manage },
        schema: { tags, body: accountCreationSchema, response: { 201: accountCreatedSchema } },
      },
      async ({ actor, body }, reply) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        const { account, password } = await accounts.create(body, actor);
        return reply.code(201).send({ account: accountOf(account, identity), password });
      },
    );

    http.patch(
      '/identity/accounts/:id',
      {
        config: { access: manage },
        schema: {
          tags,
          params: z.strictObject({ id: accountIdSchema }),
          body: accountPatchSchema,
          response: { 200: accountCreatedSchema },
        },
      },
      async ({ actor, params, body }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        const { account, password } = await accounts.change(params.id, body, actor);
        return { account: accountOf(account, identity), password };
      },
    );
  };
}

function accountOf(account: AccountRecord, identity: IdentityService): Account {
  const { id, login, name, grants, organisation, secondFactor, mustChange, disabled } = account;
  const { lockedUntilMs, lastLoginAtMs, createdAtMs } = account;
  return {
    id,
    login,
    name,
    grants: [...grants],
    organisation: organisation?.id ?? null,
    organisationName: organisation?.name ?? null,
    secondFactor,
    mustChange,
    disabled,
    lockedUntilMs: identity.isLocked(lockedUntilMs) ? lockedUntilMs : null,
    lastLoginAtMs,
    createdAtMs,
  };
}
