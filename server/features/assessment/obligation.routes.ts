import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  exemptionFilingSchema,
  exemptionPageSchema,
  exemptionSchema,
  requiredHoursChangeSchema,
  requiredHoursSchema,
} from '../../../shared/assessment/assessment.schema.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { regionCodeSchema } from '../../../shared/core/ids.ts';
import { localDaySchema } from '../../../shared/core/time.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import type { AssessmentService } from './assessment.service.ts';

const tags = ['assessment'];

/** What is owed: required hours by region, and exemptions from them. */
export function obligationRoutes({
  assessment,
}: {
  readonly assessment: AssessmentService;
}): FastifyPluginAsyncZod {
  const { obligations } = assessment;
  return async (http) => {
    http.get(
      '/assessment/required-hours',
      {
        config: {
          access: {
            kind: 'ability',
            ability: 'assessment.read',
            region: { from: 'query', name: 'region' },
          },
        },
        schema: {
          tags,
          querystring: z.strictObject({ region: regionCodeSchema, day: localDaySchema }),
          response: { 200: requiredHoursSchema },
        },
      },
      async ({ query }) => obligations.requiredHours(query.region, query.day),
    );

    http.put(
      '/assessment/required-hours',
      {
        config: {
          access: {
            kind: 'ability',
            ability: 'assessment.rules',
            region: { from: 'body', name: 'region' },
          },
        },
        schema: { tags, body: requiredHoursChangeSchema, response: { 200: requiredHoursSchema } },
      },
      async ({ actor, body }) => {
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        return obligations.changeRequiredHours(body, actor);
      },
    );

    http.get(
      '/assessment/exemptions',
      {
        config: {
          access: { kind: 'ability', ability: 'assessment.read', region: { from: 'scope' } },
        },
        schema: {
          tags,
          querystring: z.strictObject({
            approved: z.stringbool().optional(),
            limit: z.coerce.number().int().min(1).max(500).default(50),
            offset: z.coerce.number().int().min(0).default(0),
          }),
          response: { 200: exemptionPageSchema },
        },
      },
      async ({ actor, query }) => {
        const { approved, limit, offset } = query;
        const all = await obligations.exemptionsIn(actor === null ? [] : scopeOf(actor, 'assessment.read'));
        const rows = all.filter(
          ({ approvedAtMs }) => approved === undefined || approved === (approvedAtMs !== null),
        );
        return { rows: rows.slice(offset, offset + limit), total: rows.length };
      },
    );

    http.post(
      '/assessment/exemptions',
      {
        config: {
          access: { kind: 'ability', ability: 'exemption.file', region: { from: 'subject' } },
        },
        schema: { tags, body: exemptionFilingSchema, response: { 200: exemptionSchema } },
      },
      async (request) => {
        const { actor, body } = request;
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        request.authorize(await obligations.subjectRegion(body));
        return obligations.fileExemption(body, actor);
      },
    );

    http.post(
      '/assessment/exemptions/:id/approve',
      {
        config: {
          access: { kind: 'ability', ability: 'exemption.approve', region: { from: 'subject' } },
        },
        schema: {
          tags,
          params: z.strictObject({ id: z.string().max(40) }),
          response: { 200: exemptionSchema },
        },
      },
      async (request) => {
        const { actor, params } = request;
        if (actor === null) throw new AppError('NOT_LOGGED_IN');
        const exemption = obligations.exemption(params.id);
        if (exemption === null) throw new AppError('NOT_FOUND', { what: params.id });
        request.authorize(await obligations.subjectRegion(exemption));
        return obligations.approveExemption(params.id, actor);
      },
    );
  };
}
