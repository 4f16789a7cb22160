import type { LivePage, LiveQuery } from '../../../shared/telemetry/live-screen.schema.ts';
import { livePageSchema } from '../../../shared/telemetry/live-screen.schema.ts';
import { call } from './client.ts';

/** One page of the screens that were heard from, with what each is showing. */
export function livePage(question: Partial<LiveQuery>, signal?: AbortSignal): Promise<LivePage> {
  return call(livePageSchema, '/api/live', {
    query: { ...question },
    ...(signal === undefined ? {} : { signal }),
  });
}
