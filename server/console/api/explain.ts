import type { DayView } from '../../../shared/plan/day-view.api.ts';
import { dayViewSchema } from '../../../shared/plan/day-view.api.ts';
import type { Explanation, Why } from '../../../shared/plan/explain.api.ts';
import { explanationSchema, whySchema } from '../../../shared/plan/explain.api.ts';
import { call } from './client.ts';

const within = (signal?: AbortSignal) => (signal === undefined ? {} : { signal });

/** A screen's day as planned; with `draft` as it would be if that were published. */
export function dayView(
  screen: string,
  query: { readonly day: string; readonly draft: string },
  signal?: AbortSignal,
): Promise<DayView> {
  return call(dayViewSchema, `/api/screens/${screen}/plan-day`, { query, ...within(signal) });
}

/** What is on at an instant (Unix seconds), and why. */
export function explainInstant(screen: string, at: number, signal?: AbortSignal): Promise<Explanation> {
  return call(explanationSchema, `/api/screens/${screen}/explain`, { query: { at }, ...within(signal) });
}

/** Why a schedule is, or is not, on a screen on a day. */
export function whyOnDay(
  schedule: string,
  query: { readonly screen: string; readonly day: string },
  signal?: AbortSignal,
): Promise<Why> {
  return call(whySchema, `/api/schedules/${schedule}/why`, { query, ...within(signal) });
}
