import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { auditPageSchema, auditVerdictSchema } from '../../../shared/audit/audit.schema.ts';
import type { AuditService } from './audit.service.ts';

const access = { kind: 'ability', ability: 'audit.read', region: { from: 'scope' } } as const;

/** Reading and checking the audit log. */
export function auditRoutes({ audit }: { readonly audit: AuditService }): FastifyPluginAsyncZod {
  return async (http) => {
    http.get(
      '/audit',
      {
        config: { access },
        schema: {
          tags: ['audit'],
          querystring: z.strictObject({
            limit: z.coerce.number().int().min(1).max(500).default(50),
            offset: z.coerce.number().int().min(0).default(0),
            action: z.string().max(60).optional(),
            actor: z.string().max(60).optional(),
            subject: z.string().max(120).optional(),
          }),
          response: { 200: auditPageSchema },
        },
      },
      async (request) => audit.page(request.query),
    );
    http.get(
      '/audit/verdict',
      { config: { access }, schema: { tags: ['audit'], response: { 200: auditVerdictSchema } } },
      async () => audit.verify(),
    );
  };
}
