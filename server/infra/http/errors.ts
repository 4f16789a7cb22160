import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError } from '../../../shared/core/errors.ts';

/**
 * The one edge where errors become answers: an AppError says itself, what a schema refused names the
 * field, and anything else is a bug, logged once here under the number the caller is told.
 */
export function answerErrors(http: FastifyInstance): void {
  http.setErrorHandler((error: unknown, request, reply) => answer(error, request, reply));
  http.setNotFoundHandler((request, reply) =>
    answer(new AppError('NOT_FOUND', { what: request.url.split('?')[0] ?? '' }), request, reply),
  );
}

function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = translate(error, request);
  if (known.code === 'INTERNAL') request.log.error({ err: error }, 'request failed');
  return reply.status(known.status).send(known.toBody());
}

function translate(error: unknown, request: FastifyRequest): AppError {
  if (error instanceof AppError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map((issue) => {
      const path = issue.instancePath.split('/').filter(Boolean).join('.');
      return path === '' ? issue.message : `${path}: ${issue.message}`;
    });
    return new AppError('BAD_REQUEST', { detail: issues.join('; ') }, error);
  }
  const { statusCode, message } = error as Partial<FastifyError>;
  if (statusCode === 413) return new AppError('TOO_LARGE', { limit: request.routeOptions.bodyLimit }, error);
  if (statusCode === 429) return new AppError('TOO_MANY', {}, error);
  // Fastify's own refusals: broken JSON, an unknown content type.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new AppError('BAD_REQUEST', { detail: message ?? '' }, error);
  return new AppError('INTERNAL', { id: request.id }, error);
}
