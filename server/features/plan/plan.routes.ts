import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { sha256Schema } from '../../../shared/core/ids.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import { planStatesQuerySchema, planStatesSchema } from '../../../shared/plan/plan.api.ts';
import type { PlanService } from './plan.service.ts';

/** Plans and assignments for players; how far they got, for the console. */
export function planRoutes({ plans }: { readonly plans: PlanService }): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/plans/states',
      {
        config: {
          access: { kind: 'ability', ability: 'schedule.read', region: { from: 'query', name: 'region' } },
        },
        schema: { tags: ['plan'], querystring: planStatesQuerySchema, response: { 200: planStatesSchema } },
      },
      async ({ query }) => plans.states(query),
    );

    http.get(
      '/plans/:digest',
      {
        config: {
          access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' }, device: true },
        },
        schema: { tags: ['plan'], params: z.strictObject({ digest: sha256Schema }) },
      },
      async ({ params: { digest }, device }, reply) => {
        const bytes = await (device === null
          ? plans.shelf.bytes(digest)
          : plans.shelf.bytesFor(device.screen, digest));
        if (bytes === null) throw new AppError('PLAN_UNKNOWN', { digest });
        return reply.sendImmutable({
          sha256: digest,
          mediaType: 'application/json',
          sizeBytes: bytes.length,
          read: async (range) =>
            Readable.from([range === null ? bytes : bytes.subarray(range.first, range.last + 1)]),
        });
      },
    );

    http.get(
      '/assignment',
      {
        config: { access: { kind: 'device' } },
        schema: { tags: ['plan'], response: { 200: envelopeSchema } },
      },
      async ({ device }, reply) => {
        const envelope = device === null ? null : await plans.assignmentFor(device);
        if (envelope === null) throw new AppError('NOT_FOUND', { what: '派单' });
        reply.header('cache-control', 'no-store');
        return envelope;
      },
    );
  };
}
