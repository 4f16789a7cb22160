import { z } from 'zod';
import type { ScheduleId } from '../../../shared/core/ids.ts';
import type { SchedulePage, ScheduleState } from '../../../shared/schedule/apply.api.ts';
import { schedulePageSchema } from '../../../shared/schedule/apply.api.ts';
import type { ContentOnAir, DraftEdit, ScheduleDetail } from '../../../shared/schedule/draft.api.ts';
import { contentOnAirSchema, scheduleDetailSchema } from '../../../shared/schedule/draft.api.ts';
import type { Policies } from '../../../shared/schedule/policy.api.ts';
import { policiesSchema } from '../../../shared/schedule/policy.api.ts';
import type { ScheduleDocument } from '../../../shared/schedule/schedule-document.ts';
import { scheduleDocumentSchema } from '../../../shared/schedule/schedule-document.ts';
import type { Playlist, ScheduleClass } from '../../../shared/schedule/schedule.schema.ts';
import { playlistSchema } from '../../../shared/schedule/schedule.schema.ts';
import { smilImportSchema } from '../../../shared/playlist/smil.ts';
import { ApiError, call } from './client.ts';

export interface SchedulesQuestion {
  readonly region?: string;
  readonly class?: ScheduleClass;
  readonly state?: ScheduleState;
  readonly text?: string;
  readonly limit: number;
  readonly offset: number;
}

const within = (signal?: AbortSignal) => (signal === undefined ? {} : { signal });

/** One page of schedules, higher tiers first. */
export function listSchedules(question: SchedulesQuestion, signal?: AbortSignal): Promise<SchedulePage> {
  return call(schedulePageSchema, '/api/schedules', { query: { ...question }, ...within(signal) });
}

/** Most rows that a download holds. */
const MOST = 20_000;

/** All schedules that the question asks for, for a download. */
export async function allSchedules(
  question: Omit<SchedulesQuestion, 'limit' | 'offset'>,
): Promise<SchedulePage['rows']> {
  const rows: SchedulePage['rows'] = [];
  for (;;) {
    const page = await listSchedules({ ...question, limit: 500, offset: rows.length });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= Math.min(page.total, MOST)) return rows;
  }
}

/** One schedule with its versions and who let each on air. */
export function scheduleDetail(id: string, signal?: AbortSignal): Promise<ScheduleDetail> {
  return call(scheduleDetailSchema, `/api/schedules/${id}`, within(signal));
}

/** Takes a schedule off air, for a reason. @throws ApiError DRAFT_OUTDATED when it was published anew */
export async function withdrawSchedule(id: ScheduleId, version: number, reason: string): Promise<void> {
  await call(z.unknown(), `/api/schedules/${id}/withdraw`, { method: 'POST', body: { version, reason } });
}

const playlistListSchema = z.strictObject({ rows: z.array(playlistSchema) });

/** The playlists on air that the person may name. */
export async function listPlaylists(signal?: AbortSignal): Promise<readonly Playlist[]> {
  return (await call(playlistListSchema, '/api/playlists', within(signal))).rows;
}

/** All that is on air in a region's subtree, or was at an instant (Unix seconds). */
export function documentOf(
  region: string,
  at: number | null,
  signal?: AbortSignal,
): Promise<ScheduleDocument> {
  return call(scheduleDocumentSchema, '/api/schedules/document', {
    query: { region, at },
    ...within(signal),
  });
}

/** What is on air under a name, with its version; `null` where nothing is. */
export async function contentOnAir(
  kind: DraftEdit['kind'],
  id: string,
  signal?: AbortSignal,
): Promise<ContentOnAir | null> {
  try {
    return await call(contentOnAirSchema, `/api/content/${kind}/${id}`, within(signal));
  } catch (cause) {
    if (cause instanceof ApiError && cause.code === 'NOT_FOUND') return null;
    throw cause;
  }
}

/** What is in force for a region, and what it says itself. */
export function policiesOf(region: string, signal?: AbortSignal): Promise<Policies> {
  return call(policiesSchema, '/api/policies', { query: { region }, ...within(signal) });
}

/** A SMIL document as edits for a draft of a region, and what of it is not kept. @throws ApiError SMIL_REFUSED */
export function importSmil(region: string, smil: string) {
  return call(smilImportSchema, '/api/playlists/smil', { method: 'POST', query: { region }, xml: smil });
}

/** Where a playlist on air is had as SMIL. */
export function smilAddress(playlist: string): string {
  return `/api/playlists/${encodeURIComponent(playlist)}/smil`;
}
