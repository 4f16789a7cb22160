import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { organisationIdSchema } from '../../../shared/core/ids.ts';
import {
  organisationCreationSchema,
  organisationGrantCreationSchema,
  organisationListSchema,
  organisationPatchSchema,
  organisationSchema,
} from '../../../shared/identity/organisation.schema.ts';
import type { IdentityService } from './identity.service.ts';

const ability = 'account.manage';
const byScope = { kind: 'ability', ability, region: { from: 'scope' } } as const;
const byBody = { kind: 'ability', ability, region: { from: 'body', name: 'region' } } as const;
const bySubject = { kind: 'ability', ability, region: { from: 'subject' } } as const;
const tags = ['identity'];
const params = z.strictObject({ id: organisationIdSchema });

/** Operating organisations (第三方运营) and what regions grant them. */
export function organisationRoutes({
  identity,
}: {
  readonly identity: IdentityService;
}): FastifyPluginAsyncZod {
  const { organisations } = identity;
  return async (http) => {
    http.get(
      '/organisations',
      { config: { access: byScope }, schema: { tags, response: { 200: organisationListSchema } } },
      async ({ actor }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return { rows: await organisations.list(actor) };
      },
    );

    http.post(
      '/organisations',
      {
        config: { access: byBody },
        schema: { tags, body: organisationCreationSchema, response: { 201: organisationSchema } },
      },
      async ({ actor, body }, reply) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return reply.code(201).send(await organisations.create(body, actor));
      },
    );

    http.patch(
      '/organisations/:id',
      {
        config: { access: bySubject },
        schema: { tags, params, body: organisationPatchSchema, response: { 200: organisationSchema } },
      },
      async (request) => {
        const { actor, body } = request;
        const { id, region } = await organisations.require(request.params.id);
        request.authorize(region);
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return organisations.change(id, body, actor);
      },
    );

    // Whoever manages accounts in the granted region may let in any organisation, its own or not.
    http.post(
      '/organisations/:id/grants',
      {
        config: { access: byBody },
        schema: {
          tags,
          params,
          body: organisationGrantCreationSchema,
          response: { 201: organisationSchema },
        },
      },
      async ({ actor, params, body }, reply) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        const { id } = await organisations.require(params.id);
        return reply.code(201).send(await organisations.grant(id, body, actor));
      },
    );

    http.delete(
      '/organisations/:id/grants/:grant',
      {
        config: { access: bySubject },
        schema: {
          tags,
          params: params.extend({ grant: z.string().max(40) }),
          response: { 200: organisationSchema },
        },
      },
      async (request) => {
        const { actor, params } = request;
        const { id, grants } = await organisations.require(params.id);
        const grant = grants.find((each) => each.id === params.grant);
        if (grant === undefined) throw new AppError('NOT_FOUND', { what: params.grant });
        request.authorize(grant.region);
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return organisations.revoke(id, grant.id, actor);
      },
    );
  };
}
