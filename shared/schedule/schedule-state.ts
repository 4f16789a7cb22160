import type { LocalDay } from '../core/time.ts';
import type { ScheduleState } from './apply.api.ts';

/** How the dates of a schedule on air stand on `today`; both ends are inclusive. */
export function stateByDays(
  validity: { readonly from: LocalDay; readonly to: LocalDay | null },
  today: LocalDay,
): Extract<ScheduleState, 'on-air' | 'upcoming' | 'ended'> {
  if (today < validity.from) return 'upcoming';
  return validity.to !== null && validity.to < today ? 'ended' : 'on-air';
}
