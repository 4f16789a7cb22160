import type { Instant } from '../../../shared/core/time.ts';
import type { PlanAsset } from '../../../shared/plan/plan.schema.ts';
import { denialsAt } from '../../../shared/schedule/denials.ts';
import type { LoadedPlan } from '../plan/plan-library.ts';

/**
 * What of a plan's assets must neither be kept nor fetched now: those denied by hash, and those that
 * nothing but denied schedules show. A stop-all keeps them: it stops the showing of what is not itself
 * in question, and its end must not find a county's screens empty behind thin links.
 */
export function deniedAssets({ plan, denials }: LoadedPlan, now: Instant): PlanAsset[] {
  const state = denialsAt(
    denials.filter(({ kind }) => kind !== 'stop-all'),
    now,
  );
  if (!state.any) return [];
  const shown = new Set<string>();
  const taken = new Set<string>();
  for (const { id, playlist } of plan.schedules)
    for (const { asset } of plan.playlists[playlist]?.items ?? [])
      (state.deniesSchedule(id) ? taken : shown).add(asset);
  return Object.values(plan.assets).filter(
    ({ sha256 }) => state.deniesAsset(sha256) || (taken.has(sha256) && !shown.has(sha256)),
  );
}
