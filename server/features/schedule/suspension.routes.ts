import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import {
  suspensionCreationSchema,
  suspensionListSchema,
  suspensionSchema,
} from '../../../shared/schedule/draft.api.ts';
import type { ScheduleService } from './schedule.service.ts';

const tags = ['suspension'];

/** Suspending a lower region's publishing, and lifting that. */
export function suspensionRoutes({
  schedules: { suspensions },
}: {
  readonly schedules: Pick<ScheduleService, 'suspensions'>;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.post(
      '/suspensions',
      {
        config: {
          access: { kind: 'ability', ability: 'policy.manage', region: { from: 'body', name: 'region' } },
        },
        schema: { tags, body: suspensionCreationSchema, response: { 201: suspensionSchema } },
      },
      async ({ actor, body }, reply) => reply.code(201).send(await suspensions.suspend(body, whoever(actor))),
    );

    http.get(
      '/suspensions',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: { tags, response: { 200: suspensionListSchema } },
      },
      async ({ actor }) => ({ rows: await suspensions.list(whoever(actor)) }),
    );

    http.post(
      '/suspensions/:id/lift',
      {
        config: { access: { kind: 'ability', ability: 'policy.manage', region: { from: 'subject' } } },
        schema: {
          tags,
          params: z.strictObject({ id: z.string().regex(/^p-[a-z2-7]{16}$/) }),
          response: { 200: suspensionSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        request.authorize(await suspensions.regionOf(id));
        return suspensions.lift(id, whoever(request.actor));
      },
    );
  };
}

function whoever(actor: Actor | null): Actor {
  if (actor === null) throw new AppError('NOT_LOGGED_IN');
  return actor;
}
