import type { DraftId, RegionCode } from '../../../shared/core/ids.ts';
import { DAY_S, dayNumberOfLocalDay, midnightOfLocalDay } from '../../../shared/core/time.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import { planDay } from '../../../shared/plan/day-view.ts';
import type { DayView } from '../../../shared/plan/day-view.api.ts';
import type { NamedEntry, ScreenTimeline } from '../../../shared/plan/plan.api.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { TimelineService } from './timeline.service.ts';

export interface DayViewDeps {
  readonly timelines: TimelineService;
  readonly region: Pick<RegionService, 'find'>;
}

/** A screen's day as planned (日时间线): who wanted which time, who got it, how the tiers fared. */
export class DayViewService {
  readonly #deps: DayViewDeps;

  constructor(deps: DayViewDeps) {
    this.#deps = deps;
  }

  /**
   * Lanes and shares are of the last plan in force that day, entries of each at its time.
   * @param draft as it would be if this were published now; `null`: as it is
   * @throws AppError NOT_FOUND for a draft that is not there.
   */
  async day(screen: Screen, day: LocalDay, draft: DraftId | null): Promise<DayView> {
    const { timelines, region } = this.#deps;
    const from = midnightOfLocalDay(day);
    const span = { from, to: from + DAY_S };
    const timeline = await (draft === null
      ? timelines.timeline(screen, span.from, span.to)
      : timelines.preview(screen, span, draft));
    const entries = timeline.stretches.flatMap((stretch) =>
      stretch.entries.map((entry) => clipped(entry, stretch)),
    );
    const last = timeline.stretches.at(-1);
    const head = { screen: screen.id, day, draft, entries, changed: changedIn(timeline, span) };
    const found =
      last === undefined
        ? null
        : await (draft === null || last.assigned
            ? timelines.resolvedFor(screen, last)
            : timelines.resolvedAfter(screen, last, draft));
    if (last === undefined || found === null)
      return { ...head, plan: null, assigned: false, reserved: [], lanes: [], tiers: [] };
    const regionName = (code: RegionCode) => region.find(code)?.name ?? code;
    const options = { day: dayNumberOfLocalDay(day), regionName };
    return {
      ...head,
      plan: last.plan,
      assigned: last.assigned,
      ...planDay(found.plan, found.denials, options),
    };
  }
}

/** What of an entry lies in its stretch: the one on at a change of plan is in both. */
function clipped(entry: NamedEntry, stretch: { readonly from: number; readonly to: number }): NamedEntry {
  return { ...entry, start: Math.max(entry.start, stretch.from), end: Math.min(entry.end, stretch.to) };
}

/** Where a draft's entries differ from what is planned, touching ones as one. */
function changedIn(
  { stretches }: ScreenTimeline,
  span: { readonly from: number; readonly to: number },
): DayView['changed'] {
  const changed: { from: number; to: number }[] = [];
  for (const { start, end, differs } of stretches.flatMap((one) => one.entries)) {
    if (differs !== true) continue;
    const from = Math.max(start, span.from);
    const to = Math.min(end, span.to);
    const last = changed.at(-1);
    if (last !== undefined && last.to === from) last.to = to;
    else if (from < to) changed.push({ from, to });
  }
  return changed;
}
