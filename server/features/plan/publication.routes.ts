import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { draftIdSchema } from '../../../shared/core/ids.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import {
  publicationPageSchema,
  publicationQuerySchema,
  publicationSchema,
  publicationScreensQuerySchema,
  publicationScreensSchema,
} from '../../../shared/plan/publication.api.ts';
import type { PublicationService } from './publication.service.ts';

const params = z.strictObject({ draft: draftIdSchema });

/** How far publishes got, for the console. */
export function publicationRoutes({
  publications,
}: {
  readonly publications: PublicationService;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/publications',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: {
          tags: ['plan'],
          querystring: publicationQuerySchema,
          response: { 200: publicationPageSchema },
        },
      },
      async ({ actor, query: { region, limit, offset } }) =>
        publications.list({
          scope: actor === null ? [] : scopeOf(actor, 'schedule.read'),
          region,
          limit,
          offset,
        }),
    );

    http.get(
      '/publications/:draft',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'subject' } } },
        schema: { tags: ['plan'], params, response: { 200: publicationSchema } },
      },
      async (request) => {
        const publication = await publications.require(request.params.draft);
        request.authorize(publication.region);
        return publication;
      },
    );

    http.get(
      '/publications/:draft/screens',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'subject' } } },
        schema: {
          tags: ['plan'],
          params,
          querystring: publicationScreensQuerySchema,
          response: { 200: publicationScreensSchema },
        },
      },
      async (request) => {
        const { draft, region } = await publications.require(request.params.draft);
        request.authorize(region);
        const { region: only, step, reached, limit, offset } = request.query;
        return publications.screens(draft, { region: only, step, reached, limit, offset });
      },
    );
  };
}
