import type { RequiredHoursVersion } from '../../../shared/assessment/assessment.schema.ts';
import { type Spans, measure, subtract } from '../../../shared/assessment/intervals.ts';
import { requiredSpans, ruleInForce, windowsOfDay } from '../../../shared/assessment/required-hours.ts';
import type { RegionCode } from '../../../shared/core/ids.ts';
import { type DayNumber, type LocalDay, dayNumberOfLocalDay, localDayOf } from '../../../shared/core/time.ts';
import { lineageOf } from '../../../shared/region/tier.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';

/** Far enough back that the default holds on every day there is a journal of. */
export const FIRST_DAY = '2000-01-01' as LocalDay;

/**
 * Required hours by region, in memory. What a day requires is frozen by construction: a version
 * begins tomorrow at the earliest, so none that holds today ever changes (ACCOUNTING.md rule 14).
 */
export class RuleBook {
  readonly #byRegion = new Map<RegionCode, RequiredHoursVersion[]>();
  /** By day, then region: fifty thousand screens ask for the same few answers. */
  readonly #spans = new Map<LocalDay, Map<RegionCode, Spans>>();

  constructor(versions: readonly RequiredHoursVersion[]) {
    for (const version of versions) this.put(version);
  }

  get isEmpty(): boolean {
    return this.#byRegion.size === 0;
  }

  /** Adds a version; one for the same region and first day is replaced. */
  put(version: RequiredHoursVersion): void {
    const others = this.versionsOf(version.region).filter((known) => known.fromDay !== version.fromDay);
    this.#byRegion.set(version.region, [...others, version]);
    this.#spans.clear();
  }

  /** Versions of the region itself. */
  versionsOf(region: RegionCode): readonly RequiredHoursVersion[] {
    return this.#byRegion.get(region) ?? [];
  }

  /** The version that holds in `region` on `day`: of the nearest region upwards that has one. */
  inForce(region: RegionCode, day: LocalDay): RequiredHoursVersion | null {
    for (const at of lineageOf(region)) {
      const rule = ruleInForce(this.versionsOf(at), day);
      if (rule !== null) return rule;
    }
    return null;
  }

  windows(region: RegionCode, day: LocalDay): readonly Window[] {
    return this.inForce(region, day)?.windows ?? [];
  }

  /** W of a day, unclipped. */
  spans(region: RegionCode, day: LocalDay): Spans {
    let ofDay = this.#spans.get(day);
    if (ofDay === undefined) {
      ofDay = new Map();
      if (this.#spans.size > 400) this.#spans.clear();
      this.#spans.set(day, ofDay);
    }
    const known = ofDay.get(region);
    if (known !== undefined) return known;
    const before = localDayOf((dayNumberOfLocalDay(day) - 1) as DayNumber);
    const spans = requiredSpans(day, this.windows(region, day), this.windows(region, before));
    ofDay.set(region, spans);
    return spans;
  }
}

/** Whether `next` leaves out any second that `current` requires of a day. */
export function isReduction(current: readonly Window[], next: readonly Window[], day: LocalDay): boolean {
  const number = dayNumberOfLocalDay(day);
  return measure(subtract(windowsOfDay(number, current), windowsOfDay(number, next))) > 0;
}
