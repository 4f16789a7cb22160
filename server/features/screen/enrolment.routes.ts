import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import { enrolmentAnswerSchema } from '../../../shared/screen/protocol.ts';
import type { EnrolmentService } from './enrolment.service.ts';

/**
 * Where a device makes itself known. Open to anybody, so it is small and limited per address: enough
 * for a thousand waiting boxes behind one address that ask every half minute.
 */
export function enrolmentRoutes({
  enrolment,
}: {
  readonly enrolment: EnrolmentService;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.post(
      '/enrolment',
      {
        bodyLimit: 16_384,
        config: { access: { kind: 'public' }, rateLimit: { max: 2_000, timeWindow: 60_000 } },
        schema: { tags: ['screen'], body: envelopeSchema, response: { 200: enrolmentAnswerSchema } },
      },
      async ({ body }) => enrolment.enrol(body),
    );
  };
}
