import { type Spans, clip, normalize, union } from '../../../shared/assessment/intervals.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { DAY_S, type DayNumber, type Instant, dayNumberOf, midnightOf } from '../../../shared/core/time.ts';
import { type Resolver, createResolver } from '../../../shared/schedule/resolve.ts';
import type { PlanSource } from './assessment.port.ts';

/** Plan days and resolvers remembered: fifty thousand screens follow a few thousand plans. */
const DAYS_REMEMBERED = 20_000;
const PLANS_REMEMBERED = 500;

/**
 * When a plan shows approved non-filler content, resolved once per plan and day, whatever number of
 * screens followed it.
 */
export class ContentBook {
  readonly #plans: PlanSource;
  readonly #resolvers = new Map<Sha256, Resolver | null>();
  readonly #days = new Map<string, Spans>();

  constructor(plans: PlanSource) {
    this.#plans = plans;
  }

  /** Makes plans ready for {@link contentOf}. @returns those that nobody knows, which count as nothing. */
  async prepare(digests: Iterable<Sha256>): Promise<Sha256[]> {
    const unknown: Sha256[] = [];
    for (const digest of new Set(digests)) {
      let resolver = this.#resolvers.get(digest) ?? null;
      if (resolver === null) {
        const plan = await this.#plans.plan(digest);
        resolver = plan === null ? null : createResolver(plan);
      }
      // Taken out and put in again: the map's order is by last use.
      this.#resolvers.delete(digest);
      if (resolver === null) unknown.push(digest);
      else this.#resolvers.set(digest, resolver);
    }
    return unknown;
  }

  /** Forgets what was used longest ago; called between screens, never while one is computed. */
  trim(): void {
    trimTo(this.#resolvers, PLANS_REMEMBERED);
    trimTo(this.#days, DAYS_REMEMBERED);
  }

  /** Seconds of `[from, to)` in which a prepared plan shows content that is not filler. */
  contentOf(plan: Sha256, from: number, to: number): Spans {
    const resolver = this.#resolvers.get(plan) ?? null;
    if (resolver === null || to <= from) return [];
    const parts: Spans[] = [];
    const last = dayNumberOf((to - 1) as Instant);
    for (let day: number = dayNumberOf(from as Instant); day <= last; day += 1)
      parts.push(clip(this.#contentOfDay(plan, resolver, day as DayNumber), from, to));
    return parts.length === 1 ? (parts[0] ?? []) : union(...parts);
  }

  #contentOfDay(plan: Sha256, resolver: Resolver, day: DayNumber): Spans {
    const key = `${plan} ${day}`;
    const known = this.#days.get(key);
    if (known !== undefined) return known;
    const from = midnightOf(day);
    const to = (from + DAY_S) as Instant;
    const shown = resolver
      .timeline(from, to)
      .filter((entry) => entry.class !== 'filler' && entry.schedule !== null);
    const content = clip(normalize(shown), from, to);
    this.#days.set(key, content);
    return content;
  }
}

function trimTo(map: Map<unknown, unknown>, size: number): void {
  for (const key of map.keys()) {
    if (map.size <= size) return;
    map.delete(key);
  }
}
