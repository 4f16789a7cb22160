import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import type { DraftId } from '../../../shared/core/ids.ts';
import { screenIdSchema } from '../../../shared/core/ids.ts';
import { can } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { dayViewQuerySchema, dayViewSchema } from '../../../shared/plan/day-view.api.ts';
import { screenTimelineSchema, timelineQuerySchema } from '../../../shared/plan/plan.api.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { DayViewService } from './day-view.service.ts';
import type { TimelineService } from './timeline.service.ts';

export interface TimelineRouteDeps {
  readonly timelines: TimelineService;
  readonly dayViews: DayViewService;
  readonly screen: ScreenService;
  readonly schedules: Pick<ScheduleService, 'regionOf'>;
}

const config = {
  access: { kind: 'ability', ability: 'screen.read', region: { from: 'subject' } },
  // A preview compiles what would be on air in the whole province.
  rateLimit: { max: 300, timeWindow: 60_000 },
} as const;
const params = z.strictObject({ id: screenIdSchema });

/** What screens show, and would show if a draft were published. */
export function timelineRoutes(deps: TimelineRouteDeps): FastifyPluginAsyncZod {
  const { timelines, dayViews, screen, schedules } = deps;
  /** A draft is its region's own business until it is on air. */
  const demandReadable = async (actor: Actor | null, draft: DraftId) => {
    if (actor === null || !can(actor, 'schedule.read', await schedules.regionOf(draft)))
      throw new AppError('FORBIDDEN', { ability: 'schedule.read' });
  };
  return async (http) => {
    http.get(
      '/screens/:id/timeline',
      {
        config,
        schema: {
          tags: ['plan'],
          params,
          querystring: timelineQuerySchema,
          response: { 200: screenTimelineSchema },
        },
      },
      async (request) => {
        const subject = await screen.require(request.params.id);
        request.authorize(subject.region);
        const { from, to, draft } = request.query;
        if (draft === undefined) return timelines.timeline(subject, from, to);
        await demandReadable(request.actor, draft);
        return timelines.preview(subject, { from, to }, draft);
      },
    );

    http.get(
      '/screens/:id/plan-day',
      {
        config,
        schema: {
          tags: ['plan'],
          params,
          querystring: dayViewQuerySchema,
          response: { 200: dayViewSchema },
        },
      },
      async (request) => {
        const subject = await screen.require(request.params.id);
        request.authorize(subject.region);
        const { day, draft } = request.query;
        if (draft !== undefined) await demandReadable(request.actor, draft);
        return dayViews.day(subject, day, draft ?? null);
      },
    );
  };
}
