import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  METRIC_VERSION,
  recordPageSchema,
  regionFiguresSchema,
  screenDaySchema,
  screenFigurePageSchema,
} from '../../../shared/assessment/assessment.schema.ts';
import { bootIdSchema, regionCodeSchema, screenIdSchema } from '../../../shared/core/ids.ts';
import { localDaySchema } from '../../../shared/core/time.ts';
import { TIERS } from '../../../shared/region/tier.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ScreenService } from '../screen/screen.service.ts';
import type { AssessmentService } from './assessment.service.ts';
import { figuresCsv } from './figures-csv.ts';

const tags = ['assessment'];
const ability = 'assessment.read';
const byParent = { kind: 'ability', ability, region: { from: 'query', name: 'parent' } } as const;
const byCode = { kind: 'ability', ability, region: { from: 'params', name: 'code' } } as const;
const bySubject = { kind: 'ability', ability, region: { from: 'subject' } } as const;

const figuresQuery = z.strictObject({
  parent: regionCodeSchema,
  tier: z.enum(TIERS).default('county'),
  day: localDaySchema,
});
const dayParams = z.strictObject({ id: screenIdSchema, day: localDaySchema });

/** The figures: regions, their table as a file, screens, a screen's day, the records behind it. */
export function assessmentRoutes({
  assessment,
  screen,
  audit,
}: {
  readonly assessment: AssessmentService;
  readonly screen: ScreenService;
  readonly audit: AuditService;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/assessment/regions',
      {
        config: { access: byParent },
        schema: { tags, querystring: figuresQuery, response: { 200: regionFiguresSchema } },
      },
      async ({ query }) => assessment.regionFigures(query),
    );

    http.get(
      '/assessment/regions.csv',
      { config: { access: byParent }, schema: { tags, querystring: figuresQuery } },
      async ({ actor, query }, reply) => {
        const figures = await assessment.regionFigures(query);
        const { parent, tier, day } = query;
        // Figures that leave the house: who took which is on record before they are sent.
        await audit.append({ actor, action: 'figures.export', subject: parent, detail: { tier, day } });
        const file = `kaijilv-${query.parent}-${query.tier}-${query.day}.csv`;
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="${file}"`)
          .send(figuresCsv(figures));
      },
    );

    http.get(
      '/assessment/regions/:code/screens',
      {
        config: { access: byCode },
        schema: {
          tags,
          params: z.strictObject({ code: regionCodeSchema }),
          querystring: z.strictObject({
            day: localDaySchema,
            limit: z.coerce.number().int().min(1).max(2_000).default(500),
            offset: z.coerce.number().int().min(0).default(0),
          }),
          response: { 200: screenFigurePageSchema },
        },
      },
      async ({ params, query }) => {
        const { day, limit, offset } = query;
        const { rows, nowMs } = await assessment.screenFigures(params.code, day);
        return {
          day,
          metricVersion: METRIC_VERSION,
          computedAtMs: nowMs,
          settled: false,
          rows: rows.slice(offset, offset + limit),
          total: rows.length,
        };
      },
    );

    http.get(
      '/assessment/screens/:id/days/:day',
      {
        config: { access: bySubject },
        schema: { tags, params: dayParams, response: { 200: screenDaySchema } },
      },
      async (request) => {
        const { id, day } = request.params;
        request.authorize((await screen.require(id)).region);
        return assessment.screenDay(id, day);
      },
    );

    http.get(
      '/assessment/screens/:id/days/:day/records',
      {
        config: { access: bySubject },
        schema: {
          tags,
          params: dayParams,
          querystring: z.strictObject({
            boot: bootIdSchema,
            first: z.coerce.number().int().min(1),
            last: z.coerce.number().int().min(1),
          }),
          response: { 200: recordPageSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        request.authorize((await screen.require(id)).region);
        return assessment.records(id, request.query);
      },
    );
  };
}
