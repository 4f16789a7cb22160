import type { RegionCode } from '../core/ids.ts';
import { isWithin, lineageOf } from '../region/tier.ts';
import type { Audience } from '../schedule/schedule.schema.ts';

/** What a schedule asks of a screen to know whether it is meant: where it stands and what it is called. */
export interface Place {
  readonly region: RegionCode;
  readonly tags: readonly string[];
  readonly groups: readonly string[];
}

/** A schedule's issuing region and the audience it names. */
export interface Addressed {
  readonly region: RegionCode;
  readonly audience: Audience;
}

/**
 * Whether a schedule reaches a place (SCHEDULING.md rule 17): inside the issuer's subtree, matching
 * at least one entry of every kind named, and no exclusion. The question is prepared once per
 * schedule, because it is asked for every screen of a province.
 */
export function audienceTest({ region, audience }: Addressed): (place: Place) => boolean {
  const wanted = regionTest(audience.regions);
  const tagged = wordTest(audience.tags);
  const grouped = wordTest(audience.groups);
  const shutRegion = regionTest(audience.exclude.regions);
  const shutTag = wordTest(audience.exclude.tags);
  const shutGroup = wordTest(audience.exclude.groups);
  return (place) =>
    isWithin(place.region, region) &&
    (wanted === null || wanted(place.region)) &&
    (tagged === null || tagged(place.tags)) &&
    (grouped === null || grouped(place.groups)) &&
    !shutRegion?.(place.region) &&
    !shutTag?.(place.tags) &&
    !shutGroup?.(place.groups);
}

/** `null` where no region is named: a kind that is not named asks nothing. */
function regionTest(named: readonly RegionCode[]): ((code: RegionCode) => boolean) | null {
  if (named.length === 0) return null;
  const set = new Set(named);
  return (code) => lineageOf(code).some((above) => set.has(above));
}

function wordTest(named: readonly string[]): ((words: readonly string[]) => boolean) | null {
  if (named.length === 0) return null;
  const set = new Set(named);
  return (words) => words.some((word) => set.has(word));
}
