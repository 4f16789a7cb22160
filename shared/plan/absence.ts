import { isWithin, lineageOf } from '../region/tier.ts';
import type { Addressed, Place } from './audience.ts';

/** Why a schedule does not reach a place, and the entry that says so, where one does. */
export interface Absence {
  readonly kind: 'region' | 'tag' | 'group' | 'excluded';
  readonly entry: string | null;
}

/**
 * Why a schedule does not reach a place (SCHEDULING.md rule 17), `null` where it does: the other side
 * of `audienceTest`, for a person who asks about one schedule and one screen.
 */
export function absenceOf({ region, audience }: Addressed, place: Place): Absence | null {
  const { regions, tags, groups, exclude } = audience;
  const line = new Set<string>(lineageOf(place.region));
  if (!isWithin(place.region, region)) return { kind: 'region', entry: region };
  const shut =
    exclude.regions.find((one) => line.has(one)) ??
    exclude.tags.find((one) => place.tags.includes(one)) ??
    exclude.groups.find((one) => place.groups.includes(one));
  if (shut !== undefined) return { kind: 'excluded', entry: shut };
  if (regions.length > 0 && !regions.some((one) => line.has(one))) return { kind: 'region', entry: null };
  if (tags.length > 0 && !tags.some((one) => place.tags.includes(one)))
    return { kind: 'tag', entry: tags.join('、') };
  if (groups.length > 0 && !groups.some((one) => place.groups.includes(one)))
    return { kind: 'group', entry: groups.join('、') };
  return null;
}
