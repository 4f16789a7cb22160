import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { denialIdSchema } from '../../../shared/core/ids.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import {
  denialCreationSchema,
  denialLiftSchema,
  denialPageSchema,
  denialPreviewQuerySchema,
  denialPreviewSchema,
  denialQuerySchema,
  denialRowSchema,
  denialScreensPageSchema,
  denialScreensQuerySchema,
} from '../../../shared/schedule/denial.schema.ts';
import type { DenialService } from './denial.service.ts';

const TAGS = ['schedule'];
const idParams = z.strictObject({ id: denialIdSchema });

/** Takedown and stop-all for people, and the signed deny list for players. */
export function denialRoutes({ denials }: { readonly denials: DenialService }): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/denials',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: { tags: TAGS, querystring: denialQuerySchema, response: { 200: denialPageSchema } },
      },
      async ({ actor, query: { region, state, limit, offset } }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        const scope = scopeOf(actor, 'schedule.read');
        return denials.view.list({ scope, region, state, limit, offset }, actor);
      },
    );

    http.get(
      '/denials/list',
      {
        config: { access: { kind: 'device' } },
        schema: { tags: TAGS, response: { 200: envelopeSchema } },
      },
      async ({ device }, reply) => {
        if (device === null) throw new AppError('DEVICE_UNCLAIMED');
        reply.header('cache-control', 'no-store');
        return denials.envelopeFor(device.screen);
      },
    );

    http.get(
      '/denials/preview',
      {
        config: {
          access: { kind: 'ability', ability: 'denial.issue', region: { from: 'query', name: 'region' } },
        },
        schema: { tags: TAGS, querystring: denialPreviewQuerySchema, response: { 200: denialPreviewSchema } },
      },
      async ({ query }) => denials.preview(query),
    );

    http.post(
      '/denials',
      {
        config: {
          access: { kind: 'ability', ability: 'denial.issue', region: { from: 'body', name: 'region' } },
        },
        schema: { tags: TAGS, body: denialCreationSchema, response: { 201: denialRowSchema } },
      },
      async ({ actor, body }, reply) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        reply.code(201);
        return denials.issue(body, actor);
      },
    );

    http.post(
      '/denials/:id/lift',
      {
        config: { access: { kind: 'ability', ability: 'denial.lift', region: { from: 'subject' } } },
        schema: { tags: TAGS, params: idParams, body: denialLiftSchema, response: { 200: denialRowSchema } },
      },
      async (request) => {
        const { actor, params, body } = request;
        request.authorize(denials.require(params.id).issuer);
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return denials.lift(params.id, body.reason, actor);
      },
    );

    http.post(
      '/denials/:id/keep',
      {
        config: { access: { kind: 'ability', ability: 'denial.lift', region: { from: 'subject' } } },
        schema: { tags: TAGS, params: idParams, response: { 200: denialRowSchema } },
      },
      async (request) => {
        const { actor, params } = request;
        request.authorize(denials.require(params.id).issuer);
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return denials.keep(params.id, actor);
      },
    );

    http.get(
      '/denials/:id/screens',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'subject' } } },
        schema: {
          tags: TAGS,
          params: idParams,
          querystring: denialScreensQuerySchema,
          response: { 200: denialScreensPageSchema },
        },
      },
      async (request) => {
        const { held, limit, offset } = request.query;
        const denial = denials.require(request.params.id);
        request.authorize(denial.region);
        return denials.view.screens(denial, {
          held: held === undefined ? undefined : held === 'yes',
          limit,
          offset,
        });
      },
    );
  };
}
