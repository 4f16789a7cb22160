import type {
  Publication,
  PublicationScreens,
  PublicationStep,
} from '../../../shared/plan/publication.api.ts';
import {
  publicationPageSchema,
  publicationSchema,
  publicationScreensSchema,
} from '../../../shared/plan/publication.api.ts';
import { call } from './client.ts';

const within = (signal?: AbortSignal) => (signal === undefined ? {} : { signal });

/** One page of what was published, latest first. */
export function listPublications(
  question: { readonly region?: string; readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
): Promise<{ readonly rows: readonly Publication[]; readonly total: number }> {
  return call(publicationPageSchema, '/api/publications', { query: { ...question }, ...within(signal) });
}

/** How far one publish got. */
export function readPublication(draft: string, signal?: AbortSignal): Promise<Publication> {
  return call(publicationSchema, `/api/publications/${draft}`, within(signal));
}

/** Its screens: those that reached a step, or with `reached: false` those that did not. */
export function publicationScreens(
  draft: string,
  question: {
    readonly limit: number;
    readonly offset: number;
    readonly step?: PublicationStep;
    readonly reached?: boolean;
  },
  signal?: AbortSignal,
): Promise<PublicationScreens> {
  return call(publicationScreensSchema, `/api/publications/${draft}/screens`, {
    query: { ...question },
    ...within(signal),
  });
}
