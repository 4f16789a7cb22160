import type { ScreenCreation, ScreenDetail, ScreenRow } from '../../../shared/screen/screen.schema.ts';
import {
  screenDetailSchema,
  screenPageSchema,
  screenRowSchema,
} from '../../../shared/screen/screen.schema.ts';
import type { ScreenTimeline } from '../../../shared/plan/plan.api.ts';
import { screenTimelineSchema } from '../../../shared/plan/plan.api.ts';
import { call } from './client.ts';

export interface ScreenPage {
  readonly rows: readonly ScreenRow[];
  readonly total: number;
}

export interface ScreensQuestion {
  readonly region?: string;
  readonly q?: string;
  readonly bound?: boolean;
  readonly limit?: number;
  readonly offset?: number;
}

/** One page of screens and how many there are. */
export function listScreens(question: ScreensQuestion, signal?: AbortSignal): Promise<ScreenPage> {
  return call(screenPageSchema, '/api/screens', {
    query: { ...question },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** One screen with the boxes that stood behind it. */
export function screenDetail(id: string, signal?: AbortSignal): Promise<ScreenDetail> {
  return call(screenDetailSchema, `/api/screens/${id}`, signal === undefined ? {} : { signal });
}

/** @throws ApiError REGION_HOLDS_NO_SCREENS, FORBIDDEN */
export function createScreen(creation: Pick<ScreenCreation, 'name' | 'region'>): Promise<ScreenRow> {
  return call(screenRowSchema, '/api/screens', { method: 'POST', body: creation });
}

/**
 * Binds the box that shows `code` to the screen; `replace` lets it take another box's place.
 * @throws ApiError PAIRING_CODE_UNKNOWN, CONFLICT
 */
export function claimScreen(id: string, code: string, replace: boolean): Promise<ScreenRow> {
  return call(screenRowSchema, `/api/screens/${id}/claim`, { method: 'POST', body: { code, replace } });
}

/** What the screen shows between two instants (Unix seconds). */
export function screenTimeline(
  id: string,
  from: number,
  to: number,
  signal?: AbortSignal,
): Promise<ScreenTimeline> {
  return call(screenTimelineSchema, `/api/screens/${id}/timeline`, {
    query: { from, to },
    ...(signal === undefined ? {} : { signal }),
  });
}
