import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { draftIdSchema } from '../../../shared/core/ids.ts';
import { feasibilityQuerySchema, feasibilitySchema } from '../../../shared/plan/feasibility.api.ts';
import { scheduleDocumentSchema } from '../../../shared/schedule/schedule-document.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { FeasibilityService } from './feasibility.service.ts';

/** A province's document: twenty thousand schedules are about 20 MB of JSON. */
const DOCUMENT_LIMIT = 64 * 1024 * 1024;

export interface FeasibilityRouteDeps {
  readonly feasibility: FeasibilityService;
  readonly schedules: Pick<ScheduleService, 'regionOf'>;
}

/**
 * What publishing would do: of a draft, for the console; of a whole document, for the command line. A
 * province's report takes seconds of a core, so an account may ask for so many.
 */
export function feasibilityRoutes({ feasibility, schedules }: FeasibilityRouteDeps): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/drafts/:id/feasibility',
      {
        config: {
          access: { kind: 'ability', ability: 'schedule.read', region: { from: 'subject' } },
          rateLimit: { max: 120, timeWindow: 60_000 },
        },
        schema: {
          tags: ['plan'],
          params: z.strictObject({ id: draftIdSchema }),
          querystring: feasibilityQuerySchema,
          response: { 200: feasibilitySchema },
        },
      },
      async (request) => {
        request.authorize(await schedules.regionOf(request.params.id));
        return feasibility.report(request.params.id, request.query.day);
      },
    );

    http.post(
      '/schedules/feasibility',
      {
        bodyLimit: DOCUMENT_LIMIT,
        config: {
          access: { kind: 'ability', ability: 'schedule.read', region: { from: 'body', name: 'region' } },
          rateLimit: { max: 20, timeWindow: 60_000 },
        },
        schema: {
          tags: ['plan'],
          querystring: feasibilityQuerySchema,
          body: scheduleDocumentSchema,
          response: { 200: feasibilitySchema },
        },
      },
      async ({ body, query }) => feasibility.reportOn(body, query.day),
    );
  };
}
