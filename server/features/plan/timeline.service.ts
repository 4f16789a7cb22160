import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { DAY_S, instantOfMs } from '../../../shared/core/time.ts';
import type { NamedEntry, ScreenTimeline } from '../../../shared/plan/plan.api.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { tierOf } from '../../../shared/region/tier.ts';
import { LIFTED_KEPT_DAYS } from '../../../shared/schedule/denial.schema.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { Resolver } from '../../../shared/schedule/resolve.ts';
import type { Denial, TimelineEntry } from '../../../shared/schedule/timeline.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { PlanStore } from './plan.port.ts';
import type { PlanService } from './plan.service.ts';

export interface TimelineDeps {
  readonly plans: PlanService;
  readonly store: PlanStore;
  readonly region: RegionService;
  /** What was, is and stays denied where a screen stands. */
  readonly denials: { affecting(region: RegionCode, from: number, to: number): readonly Denial[] };
}

/** Resolvers kept, because a page asks for day after day of one plan. */
const REMEMBERED = 16;

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly plan: Sha256;
  readonly assigned: boolean;
}

/**
 * What screens show (时间线), in words: by the plans that were assigned at the time, and from the last
 * assignment on by that one, because a screen keeps it until it is given another; and under what is
 * denied where the screen stands, from the instant on at which it was denied.
 */
export class TimelineService {
  readonly #deps: TimelineDeps;
  readonly #resolvers = new Map<string, { readonly plan: Plan; readonly resolver: Resolver }>();

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
  }

  /** @param from Unix seconds, half-open to `to` */
  async timeline(screen: Screen, from: number, to: number): Promise<ScreenTimeline> {
    const stretches: ScreenTimeline['stretches'] = [];
    for (const stretch of await this.#stretches(screen, from, to))
      stretches.push({ ...stretch, entries: await this.#entries(stretch, screen.region) });
    return { screen: screen.id, from, to, stretches };
  }

  async #stretches(screen: Screen, from: number, to: number): Promise<Stretch[]> {
    const { plans, store } = this.#deps;
    const history = await store.history(screen.id, from * 1000, to * 1000);
    const assigned = history.map(({ plan, issuedAtMs, supersededAtMs }) => ({
      from: Math.max(from, instantOfMs(issuedAtMs)),
      to: supersededAtMs === null ? to : Math.min(to, instantOfMs(supersededAtMs)),
      plan,
      assigned: true,
    }));
    if (screen.device === null) {
      // Nobody stands behind it: what it would show.
      const plan = await plans.planAt(screen);
      return plan === null ? [] : [{ from, to, plan, assigned: false }];
    }
    return joined(assigned.filter((stretch) => stretch.from < stretch.to));
  }

  async #entries({ plan: digest, from, to }: Stretch, region: RegionCode): Promise<NamedEntry[]> {
    // A timeline may begin some days before the stretch that is asked for.
    const denials = this.#deps.denials.affecting(region, from - LIFTED_KEPT_DAYS * DAY_S, to);
    const known = await this.#resolverOf(digest, denials);
    if (known === null) return [];
    const { plan, resolver } = known;
    return resolver.timeline(from as Instant, to as Instant).map((entry) => this.#named(plan, entry));
  }

  async #resolverOf(digest: Sha256, denials: readonly Denial[]) {
    const key = `${digest} ${JSON.stringify(denials)}`;
    const known = this.#resolvers.get(key);
    if (known !== undefined) return known;
    const plan = await this.#deps.plans.plan(digest);
    if (plan === null) return null;
    const made = { plan, resolver: createResolver(plan, denials) };
    this.#resolvers.set(key, made);
    for (const oldest of this.#resolvers.keys()) {
      if (this.#resolvers.size <= REMEMBERED) break;
      this.#resolvers.delete(oldest);
    }
    return made;
  }

  #named(plan: Plan, entry: TimelineEntry): NamedEntry {
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
      regionName: this.#regionName(region),
      playlistName: schedule === undefined ? null : (plan.playlists[schedule.playlist]?.name ?? null),
      asset,
      title: asset === null ? null : (plan.assets[asset]?.title ?? null),
      reason,
    };
  }

  #regionName(code: RegionCode | null): string | null {
    return code === null ? null : (this.#deps.region.find(code)?.name ?? code);
  }
}

/** Neighbours under one plan as one: an assignment renewed is no change of what is shown. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const joint: Stretch[] = [];
  for (const stretch of stretches) {
    const last = joint.at(-1);
    if (last !== undefined && last.plan === stretch.plan && last.to === stretch.from)
      joint[joint.length - 1] = { ...last, to: stretch.to };
    else joint.push(stretch);
  }
  return joint;
}
