import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import { contentOnAirSchema, draftEditKindSchema } from '../../../shared/schedule/draft.api.ts';
import type { ScheduleService } from './schedule.service.ts';

/** Reading what is on air under a name, which an edit of it begins with. */
export function contentRoutes({
  schedules,
}: {
  readonly schedules: Pick<ScheduleService, 'onAir'>;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/content/:kind/:id',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: {
          tags: ['draft'],
          params: z.strictObject({ kind: draftEditKindSchema, id: z.string().max(80) }),
          response: { 200: contentOnAirSchema },
        },
      },
      async ({ actor, params: { kind, id } }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return schedules.onAir(kind, id, scopeOf(actor, 'schedule.read'));
      },
    );
  };
}
