import type { RegionCode } from '../../../shared/core/ids.ts';
import type { NamedEntry } from '../../../shared/plan/plan.api.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { tierOf } from '../../../shared/region/tier.ts';
import type { TimelineEntry } from '../../../shared/schedule/timeline.ts';

/** A showing with the names that people know its parts by. */
export function namedEntry(
  plan: Plan,
  entry: TimelineEntry,
  regionName: (region: RegionCode) => string,
): NamedEntry {
  const { start, end, plannedEnd, class: scheduleClass, schedule: id, asset, region, reason } = entry;
  const schedule = plan.schedules.find((one) => one.id === id);
  return {
    start,
    end,
    plannedEnd,
    class: scheduleClass,
    schedule: id,
    scheduleName: schedule?.name ?? null,
    tier: region === null ? null : tierOf(region),
    region,
    regionName: region === null ? null : regionName(region),
    playlistName: schedule === undefined ? null : (plan.playlists[schedule.playlist]?.name ?? null),
    asset,
    title: asset === null ? null : (plan.assets[asset]?.title ?? null),
    reason,
  };
}
