import { type Spans, clip, normalize, union } from '../../../shared/assessment/intervals.ts';
import type { PlacedRun } from '../../../shared/assessment/boot-evidence.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { DAY_S, type DayNumber, type Instant, dayNumberOf, midnightOf } from '../../../shared/core/time.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { undeniedParts } from '../../../shared/schedule/denials.ts';
import { type Resolver, createResolver } from '../../../shared/schedule/resolve.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { DenialSource, PlanSource } from './assessment.port.ts';

/** Plan days and resolvers remembered: fifty thousand screens follow a few thousand plans. */
const DAYS_REMEMBERED = 20_000;
const PLANS_REMEMBERED = 500;

/**
 * When a plan shows approved non-filler content, resolved once per plan, day and what is denied,
 * whatever number of screens followed it.
 *
 * A run is expanded under the deny list that its device named, because that is what it showed. Of that,
 * what was denied at the time counts as nothing from the denial's instant on, also where the device had
 * not heard of it yet: it was not approved content any more. What is shown after a lift counts again.
 */
export class ContentBook {
  readonly #plans: PlanSource;
  readonly #denials: DenialSource;
  readonly #known = new Map<Sha256, Plan | null>();
  readonly #resolvers = new Map<string, Resolver>();
  readonly #days = new Map<string, Spans>();

  constructor(plans: PlanSource, denials: DenialSource) {
    this.#plans = plans;
    this.#denials = denials;
  }

  /** Makes plans ready for {@link contentOf}. @returns those that nobody knows, which count as nothing. */
  async prepare(digests: Iterable<Sha256>): Promise<Sha256[]> {
    const unknown: Sha256[] = [];
    for (const digest of new Set(digests)) {
      const plan = this.#known.get(digest) ?? (await this.#plans.plan(digest));
      // Taken out and put in again: the map's order is by last use.
      this.#known.delete(digest);
      if (plan === null) unknown.push(digest);
      else this.#known.set(digest, plan);
    }
    return unknown;
  }

  /** Forgets what was used longest ago; called between screens, never while one is computed. */
  trim(): void {
    trimTo(this.#known, PLANS_REMEMBERED);
    trimTo(this.#resolvers, PLANS_REMEMBERED);
    trimTo(this.#days, DAYS_REMEMBERED);
  }

  /** Seconds in which a run of a prepared plan showed approved content that is not filler, at a place. */
  contentOf({ plan: digest, denyList, start, end }: PlacedRun, region: RegionCode): Spans {
    const plan = this.#known.get(digest) ?? null;
    if (plan === null || end <= start) return [];
    const followed = this.#denials.listAt(region, denyList);
    const parts: Spans[] = [];
    const last = dayNumberOf((end - 1) as Instant);
    for (let day: number = dayNumberOf(start as Instant); day <= last; day += 1)
      parts.push(clip(this.#contentOfDay({ digest, plan, followed, region }, day as DayNumber), start, end));
    return parts.length === 1 ? (parts[0] ?? []) : union(...parts);
  }

  #contentOfDay({ digest, plan, followed, region }: Showing, day: DayNumber): Spans {
    const from = midnightOf(day);
    const to = (from + DAY_S) as Instant;
    const denied = this.#denials.affecting(region, from, to);
    const under = followed.length === 0 ? '' : JSON.stringify(followed);
    const key = `${digest} ${day} ${under} ${denied.length === 0 ? '' : JSON.stringify(denied)}`;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const shown = this.#resolver(`${digest} ${under}`, plan, followed)
      .timeline(from, to)
      .filter((entry) => entry.class !== 'filler' && entry.schedule !== null)
      .flatMap((entry) => undeniedParts(entry, denied));
    const content = clip(normalize(shown), from, to);
    this.#days.set(key, content);
    return content;
  }

  #resolver(key: string, plan: Plan, followed: readonly Denial[]): Resolver {
    const resolver = this.#resolvers.get(key) ?? createResolver(plan, followed);
    this.#resolvers.delete(key);
    this.#resolvers.set(key, resolver);
    return resolver;
  }
}

/** A plan as a device showed it. */
interface Showing {
  readonly digest: Sha256;
  readonly plan: Plan;
  /** Denied by the list that the device followed. */
  readonly followed: readonly Denial[];
  /** Where: what was denied there at the time counts as nothing, whether or not the device knew. */
  readonly region: RegionCode;
}

function trimTo(map: Map<unknown, unknown>, size: number): void {
  for (const key of map.keys()) {
    if (map.size <= size) return;
    map.delete(key);
  }
}
