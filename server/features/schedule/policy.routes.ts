import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { policiesSchema, policyQuerySchema } from '../../../shared/schedule/policy.api.ts';
import type { ScheduleService } from './schedule.service.ts';

/** What is in force for a region; it changes through drafts alone. */
export function policyRoutes({
  schedules,
}: {
  readonly schedules: Pick<ScheduleService, 'policies'>;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/policies',
      {
        config: {
          access: { kind: 'ability', ability: 'schedule.read', region: { from: 'query', name: 'region' } },
        },
        schema: { tags: ['policy'], querystring: policyQuerySchema, response: { 200: policiesSchema } },
      },
      async ({ query }) => schedules.policies(query.region),
    );
  };
}
