import { z } from 'zod';
import type { DenialCreation, DenialPreview, DenialRow } from '../../../shared/schedule/denial.schema.ts';
import {
  denialPageSchema,
  denialPreviewSchema,
  denialRowSchema,
  denialScreensPageSchema,
} from '../../../shared/schedule/denial.schema.ts';
import { call } from './client.ts';

const within = (signal?: AbortSignal) => (signal === undefined ? {} : { signal });

export interface DenialsQuestion {
  readonly region: string;
  readonly state: string;
  readonly limit: number;
  readonly offset: number;
}

/** Takedowns and stop-alls that the caller may see, latest first. */
export function denials(query: DenialsQuestion, signal?: AbortSignal) {
  return call(denialPageSchema, '/api/denials', { query: { ...query }, ...within(signal) });
}

type Wanted = Omit<DenialCreation, 'reason'>;

/** What a denial would do. */
export function denialPreview(wanted: Wanted, signal?: AbortSignal): Promise<DenialPreview> {
  return call(denialPreviewSchema, '/api/denials/preview', { query: { ...wanted }, ...within(signal) });
}

/** @throws ApiError DENIAL_TWICE, FORBIDDEN */
export function issueDenial(body: DenialCreation): Promise<DenialRow> {
  return call(denialRowSchema, '/api/denials', { method: 'POST', body });
}

/** Asks for a lift, or confirms the one that somebody else asked for. @throws ApiError SECOND_PERSON_NEEDED */
export function liftDenial(id: string, reason: string): Promise<DenialRow> {
  return call(denialRowSchema, `/api/denials/${id}/lift`, { method: 'POST', body: { reason } });
}

/** Takes back the wish to lift. */
export async function keepDenial(id: string): Promise<void> {
  await call(z.unknown(), `/api/denials/${id}/keep`, { method: 'POST' });
}

/** Screens that a denial concerns, with what their devices hold. */
export function denialScreens(
  id: string,
  query: { readonly held?: 'yes' | 'no'; readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
) {
  return call(denialScreensPageSchema, `/api/denials/${id}/screens`, { query, ...within(signal) });
}
