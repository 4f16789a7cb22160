import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { AppError } from '../../../shared/core/errors.ts';
import { regionCodeSchema, scheduleIdSchema } from '../../../shared/core/ids.ts';
import { instantSchema } from '../../../shared/core/time.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import type { Actor } from '../../../shared/identity/abilities.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import {
  applyAnswerSchema,
  applyQuerySchema,
  schedulePageSchema,
  scheduleQuerySchema,
} from '../../../shared/schedule/apply.api.ts';
import {
  scheduleDetailSchema,
  withdrawalSchema,
  withdrawnSchema,
} from '../../../shared/schedule/draft.api.ts';
import { scheduleDocumentSchema } from '../../../shared/schedule/schedule-document.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { ScheduleService } from './schedule.service.ts';

/** A province's document: twenty thousand schedules are about 20 MB of JSON. */
const DOCUMENT_LIMIT = 64 * 1024 * 1024;

/** Documents may be a whole province's, tens of megabytes. */
const wholeRegion = { max: 120, timeWindow: 60_000 } as const;

/** Applying schedule documents, reading them back, listing what is on air. */
export function scheduleRoutes({
  schedules,
  audit,
}: {
  readonly schedules: ScheduleService;
  readonly audit: AuditService;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.post(
      '/schedules/apply',
      {
        bodyLimit: DOCUMENT_LIMIT,
        config: {
          access: { kind: 'ability', ability: 'schedule.publish', region: { from: 'body', name: 'region' } },
          rateLimit: wholeRegion,
        },
        schema: {
          tags: ['schedule'],
          querystring: applyQuerySchema,
          body: scheduleDocumentSchema,
          response: { 200: applyAnswerSchema },
        },
      },
      async ({ actor, body, query }) => {
        return schedules.apply(body, whoever(actor), query.dry);
      },
    );

    http.get(
      '/schedules/document',
      {
        config: {
          access: { kind: 'ability', ability: 'schedule.read', region: { from: 'query', name: 'region' } },
          rateLimit: wholeRegion,
        },
        schema: {
          tags: ['schedule'],
          querystring: z.strictObject({
            region: regionCodeSchema,
            /** Unix seconds; left out: now. */
            at: z.coerce.number().pipe(instantSchema).optional(),
          }),
          response: { 200: scheduleDocumentSchema },
        },
      },
      async ({ actor, query: { region, at } }) => {
        const document = await schedules.document(region, at);
        // A region's whole content leaves as one file: who took it is on record before it is sent.
        const detail = at === undefined ? {} : { at };
        await audit.append({ actor, action: 'schedule.export', subject: region, detail });
        return document;
      },
    );

    http.get(
      '/schedules',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'scope' } } },
        schema: {
          tags: ['schedule'],
          querystring: scheduleQuerySchema,
          response: { 200: schedulePageSchema },
        },
      },
      async ({ actor, query: { region, text, state, limit, offset, class: only } }) =>
        schedules.list({
          scope: actor === null ? [] : scopeOf(actor, 'schedule.read'),
          region,
          class: only,
          state,
          text,
          limit,
          offset,
        }),
    );

    const params = z.strictObject({ id: scheduleIdSchema });
    http.get(
      '/schedules/:id',
      {
        config: { access: { kind: 'ability', ability: 'schedule.read', region: { from: 'subject' } } },
        schema: { tags: ['schedule'], params, response: { 200: scheduleDetailSchema } },
      },
      async (request) => {
        const { id } = request.params;
        const issuer = await schedules.issuerOf(id);
        // What a region above issues is on the caller's screens too.
        const own = scopeOf(whoever(request.actor), 'schedule.read');
        request.authorize(own.find((held) => isWithin(held, issuer)) ?? issuer);
        return schedules.detail(id);
      },
    );

    http.post(
      '/schedules/:id/withdraw',
      {
        config: { access: { kind: 'ability', ability: 'schedule.publish', region: { from: 'subject' } } },
        schema: {
          tags: ['schedule'],
          params,
          body: withdrawalSchema,
          response: { 200: withdrawnSchema },
        },
      },
      async (request) => {
        const { id } = request.params;
        request.authorize(await schedules.issuerOf(id));
        await schedules.withdraw(id, request.body, whoever(request.actor));
        return { id, state: 'withdrawn' as const };
      },
    );
  };
}

function whoever(actor: Actor | null): Actor {
  if (actor === null) throw new AppError('NOT_LOGGED_IN');
  return actor;
}
