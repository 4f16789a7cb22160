import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { screenIdSchema, sha256Schema } from '../../../shared/core/ids.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import { can } from '../../../shared/identity/abilities.ts';
import {
  planStatesQuerySchema,
  planStatesSchema,
  screenTimelineSchema,
  timelineQuerySchema,
} from '../../../shared/plan/plan.api.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { PlanService } from './plan.service.ts';
import type { TimelineService } from './timeline.service.ts';

export interface PlanRouteDeps {
  readonly plans: PlanService;
  readonly timelines: TimelineService;
  readonly screen: ScreenService;
  readonly schedules: Pick<ScheduleService, 'regionOf'>;
}

/** Plans and assignments for players; how far they got, and timelines, for the console. */
export function planRoutes({ plans, timelines, screen, schedules }: PlanRouteDeps): FastifyPluginAsyncZod {
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

    http.get(
      '/screens/:id/timeline',
      {
        config: { access: { kind: 'ability', ability: 'screen.read', region: { from: 'subject' } } },
        schema: {
          tags: ['plan'],
          params: z.strictObject({ id: screenIdSchema }),
          querystring: timelineQuerySchema,
          response: { 200: screenTimelineSchema },
        },
      },
      async (request) => {
        const subject = await screen.require(request.params.id);
        request.authorize(subject.region);
        const { from, to, draft } = request.query;
        if (draft === undefined) return timelines.timeline(subject, from, to);
        const issuer = await schedules.regionOf(draft);
        if (request.actor === null || !can(request.actor, 'schedule.read', issuer))
          throw new AppError('FORBIDDEN', { ability: 'schedule.read' });
        return timelines.preview(subject, { from, to }, draft);
      },
    );
  };
}
