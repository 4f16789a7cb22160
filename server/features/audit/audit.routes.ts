import { Readable } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { auditPageSchema, auditVerdictSchema } from '../../../shared/audit/audit.schema.ts';
import { PROVINCE } from '../../../shared/identity/abilities.ts';
import { AUDIT_CSV_HEAD, auditCsvLine } from './audit-csv.ts';
import type { AuditService } from './audit.service.ts';

const access = { kind: 'ability', ability: 'audit.read', region: { from: 'subject' } } as const;
/** The whole log is read for each answer. */
const whole = { access, rateLimit: { max: 30, timeWindow: 60_000 } } as const;
const tags = ['audit'];
const filterShape = {
  action: z.string().max(60).optional(),
  actor: z.string().max(60).optional(),
  subject: z.string().max(120).optional(),
};

/**
 * Reading, checking and taking away the audit log. It is one chain of the whole province: who watches
 * over less than that has no part of it.
 */
export function auditRoutes({ audit }: { readonly audit: AuditService }): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/audit',
      {
        config: { access },
        schema: {
          tags,
          querystring: z.strictObject({
            limit: z.coerce.number().int().min(1).max(500).default(50),
            offset: z.coerce.number().int().min(0).default(0),
            ...filterShape,
          }),
          response: { 200: auditPageSchema },
        },
      },
      async (request) => {
        request.authorize(PROVINCE);
        return audit.page(request.query);
      },
    );

    http.get(
      '/audit/verdict',
      { config: whole, schema: { tags, response: { 200: auditVerdictSchema } } },
      async (request) => {
        request.authorize(PROVINCE);
        return audit.verify();
      },
    );

    http.get(
      '/audit/export',
      { config: whole, schema: { tags, querystring: z.strictObject(filterShape) } },
      async (request, reply) => {
        request.authorize(PROVINCE);
        const { actor, query } = request;
        const filter = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
        // Before the first byte leaves: who took the log away is the last thing in it.
        await audit.append({ actor, action: 'audit.export', subject: 'audit', detail: filter });
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="audit.csv"')
          .send(Readable.from(csvOf(audit, query)));
      },
    );
  };
}

async function* csvOf(
  audit: AuditService,
  filter: Parameters<AuditService['entries']>[0],
): AsyncGenerator<string> {
  yield AUDIT_CSV_HEAD;
  for await (const entries of audit.entries(filter)) yield entries.map(auditCsvLine).join('');
}
