import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { scheduleIdSchema, screenIdSchema } from '../../../shared/core/ids.ts';
import { can } from '../../../shared/identity/abilities.ts';
import {
  explainQuerySchema,
  explanationSchema,
  whyQuerySchema,
  whySchema,
} from '../../../shared/plan/explain.api.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { ExplainService } from './explain.service.ts';
import type { WhyService } from './why.service.ts';

export interface ExplainRouteDeps {
  readonly explain: ExplainService;
  readonly why: WhyService;
  readonly screen: ScreenService;
  readonly schedules: Pick<ScheduleService, 'issuerOf'>;
}

const config = {
  access: { kind: 'ability', ability: 'schedule.read', region: { from: 'subject' } },
  // A day is resolved for each: more than pages ask for, less than keeps a core busy.
  rateLimit: { max: 300, timeWindow: 60_000 },
} as const;

/** Why something is on a screen, and why something is not. */
export function explainRoutes({ explain, why, screen, schedules }: ExplainRouteDeps): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/screens/:id/explain',
      {
        config,
        schema: {
          tags: ['plan'],
          params: z.strictObject({ id: screenIdSchema }),
          querystring: explainQuerySchema,
          response: { 200: explanationSchema },
        },
      },
      async (request) => {
        const subject = await screen.require(request.params.id);
        request.authorize(subject.region);
        return explain.at(subject, request.query.at);
      },
    );

    http.get(
      '/schedules/:id/why',
      {
        config,
        schema: {
          tags: ['plan'],
          params: z.strictObject({ id: scheduleIdSchema }),
          querystring: whyQuerySchema,
          response: { 200: whySchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        const subject = await screen.require(request.query.screen);
        request.authorize(subject.region);
        // What a neighbour schedules is no business of somebody who reads neither.
        const issuer = await schedules.issuerOf(id);
        const reads = request.actor !== null && can(request.actor, 'schedule.read', issuer);
        if (!reads && !isWithin(subject.region, issuer))
          throw new AppError('FORBIDDEN', { ability: 'schedule.read' });
        return why.why(id, subject, request.query.day);
      },
    );
  };
}
