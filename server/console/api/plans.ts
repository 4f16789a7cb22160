import type { ScreenPlanState } from '../../../shared/plan/plan.api.ts';
import { planStatesSchema } from '../../../shared/plan/plan.api.ts';
import { call } from './client.ts';

/** Screens of one region are few; of a village, one or two. */
const MOST = 500;

/** How far a screen's current plan got; `null` where it has none. */
export async function planStateOf(
  screen: string,
  region: string,
  signal?: AbortSignal,
): Promise<{ readonly state: ScreenPlanState | null }> {
  const { rows } = await call(planStatesSchema, '/api/plans/states', {
    query: { region, limit: MOST },
    ...(signal === undefined ? {} : { signal }),
  });
  return { state: rows.find((row) => row.screen === screen) ?? null };
}
