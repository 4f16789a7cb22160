import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../shared/core/errors.ts';

/** One thing that must hold for the center to be of use. */
export interface Check {
  readonly name: string;
  /** Resolves when it holds; throws with why not. */
  readonly run: () => Promise<void>;
}

/**
 * `/healthz`: the process answers. `/readyz`: and it can do its work; 503 names the first check that
 * failed, without its details, which go to the log.
 */
export function serveHealth(http: FastifyInstance, checks: readonly Check[]): void {
  const config = { access: { kind: 'public' } } as const;
  http.get('/healthz', { config }, async () => ({ ok: true }));
  http.get('/readyz', { config }, async (request) => {
    for (const { name, run } of checks)
      try {
        await run();
      } catch (error) {
        request.log.warn({ err: error, check: name }, 'not ready');
        throw new AppError('NOT_READY', { detail: name }, error);
      }
    return { ok: true, checks: checks.map(({ name }) => name) };
  });
}
