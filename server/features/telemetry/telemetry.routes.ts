import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { AppError } from '../../../shared/core/errors.ts';
import { envelopeSchema } from '../../../shared/core/signed.ts';
import { scopeOf } from '../../../shared/identity/abilities.ts';
import { livePageSchema, liveQuerySchema } from '../../../shared/telemetry/live-screen.schema.ts';
import { batchAnswerSchema } from '../../../shared/telemetry/record.schema.ts';
import type { TelemetryService } from './telemetry.service.ts';

const tags = ['telemetry'];

/** The journal by HTTP, for a player whose socket does not stand; and the page of live screens. */
export function telemetryRoutes({
  telemetry,
}: {
  readonly telemetry: TelemetryService;
}): FastifyPluginAsyncZod {
  return async (http) => {
    http.post(
      '/journal',
      {
        config: { access: { kind: 'device' } },
        schema: { tags, body: envelopeSchema, response: { 200: batchAnswerSchema } },
      },
      async ({ device, body }) => {
        if (device === null) throw new AppError('DEVICE_UNCLAIMED');
        return telemetry.ingest(device.device, body);
      },
    );
    http.get(
      '/live',
      {
        config: {
          access: { kind: 'ability', ability: 'screen.read', region: { from: 'scope' } },
        },
        schema: { tags, querystring: liveQuerySchema, response: { 200: livePageSchema } },
      },
      async ({ actor, query }) => telemetry.page(query, actor === null ? [] : scopeOf(actor, 'screen.read')),
    );
  };
}
