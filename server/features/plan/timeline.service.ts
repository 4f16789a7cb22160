import type { DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Clock } from '../../../shared/core/ports.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { DAY_S, instantOfMs, localDayAt } from '../../../shared/core/time.ts';
import { preparePlans } from '../../../shared/plan/compile.ts';
import { plannable } from '../../../shared/plan/feasibility-kinds.ts';
import { encodePlan } from '../../../shared/plan/plan-bytes.ts';
import type { NamedEntry, ScreenTimeline } from '../../../shared/plan/plan.api.ts';
import { LIFTED_KEPT_DAYS } from '../../../shared/schedule/denial.schema.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { RegionService } from '../region/region.service.ts';
import type { ScheduleService } from '../schedule/schedule.service.ts';
import { worldAfter } from './draft-world.ts';
import { namedEntry } from './named-entry.ts';
import type { PlanStore } from './plan.port.ts';
import type { PlanService } from './plan.service.ts';
import { ResolvedPlans, resolved } from './resolved-plans.ts';
import type { ResolvedPlan } from './resolved-plans.ts';

export interface TimelineDeps {
  readonly plans: PlanService;
  readonly store: PlanStore;
  readonly region: RegionService;
  readonly schedules: Pick<ScheduleService, 'contentOf' | 'worldWith'>;
  /** What was, is and stays denied where a screen stands. */
  readonly denials: { affecting(region: RegionCode, from: number, to: number): readonly Denial[] };
  readonly clock: Clock;
}

/** A stretch of a screen's time under one plan. */
export interface PlanStretch {
  readonly from: number;
  readonly to: number;
  readonly plan: Sha256;
  readonly assigned: boolean;
  /** When it was assigned, milliseconds since 1970: what was on air then is in it. */
  readonly madeAtMs: number;
}

/**
 * What screens show (时间线), in words: by the plans that were assigned at the time, and from the last
 * assignment on by that one, because a screen keeps it until it is given another; and under what is
 * denied where the screen stands, from the instant on at which it was denied.
 */
export class TimelineService {
  readonly #deps: TimelineDeps;
  readonly #plans: ResolvedPlans;

  constructor(deps: TimelineDeps) {
    this.#deps = deps;
    this.#plans = new ResolvedPlans((digest) => deps.plans.plan(digest));
  }

  /** @param from Unix seconds, half-open to `to` */
  async timeline(screen: Screen, from: number, to: number): Promise<ScreenTimeline> {
    const stretches: ScreenTimeline['stretches'] = [];
    for (const { madeAtMs: _, ...stretch } of await this.stretches(screen, from, to)) {
      const found = await this.resolvedFor(screen, stretch);
      stretches.push({ ...stretch, entries: found === null ? [] : this.#entries(found, stretch) });
    }
    return { screen: screen.id, from, to, stretches };
  }

  /**
   * The timeline as it would be if a draft were published now; entries that would not be on as things
   * stand are marked. What is past stays as it was.
   * @throws AppError NOT_FOUND
   */
  async preview(screen: Screen, span: { from: number; to: number }, draft: DraftId): Promise<ScreenTimeline> {
    const now = instantOfMs(this.#deps.clock.nowMs());
    const { from, to } = span;
    const asIs = await this.timeline(screen, from, to);
    if (to <= now) return asIs;
    const stretch = { from: Math.max(from, now), to };
    const found = await this.resolvedAfter(screen, stretch, draft);
    const entries = this.#entries(found, stretch);
    const known = new Set(asIs.stretches.flatMap((one) => one.entries.map(showing)));
    const past = asIs.stretches.filter((one) => one.from < stretch.from);
    return {
      ...asIs,
      stretches: [
        ...past.map((one) => ({
          ...one,
          to: Math.min(one.to, stretch.from),
          entries: one.entries.filter((entry) => entry.start < stretch.from),
        })),
        {
          ...stretch,
          plan: encodePlan(found.plan).digest,
          assigned: false,
          entries: entries.map((entry) => ({ ...entry, differs: !known.has(showing(entry)) })),
        },
      ],
    };
  }

  /** Under which plans a screen is in `[from, to)`, Unix seconds. */
  async stretches(screen: Screen, from: number, to: number): Promise<PlanStretch[]> {
    const { plans, store, clock } = this.#deps;
    const history = await store.history(screen.id, from * 1000, to * 1000);
    const assigned = history.map(({ plan, issuedAtMs, supersededAtMs }) => ({
      from: Math.max(from, instantOfMs(issuedAtMs)),
      to: supersededAtMs === null ? to : Math.min(to, instantOfMs(supersededAtMs)),
      plan,
      assigned: true,
      madeAtMs: issuedAtMs,
    }));
    if (screen.device === null) {
      // Nobody stands behind it: what it would show.
      const plan = await plans.planAt(screen);
      return plan === null ? [] : [{ from, to, plan, assigned: false, madeAtMs: clock.nowMs() }];
    }
    return joined(assigned.filter((stretch) => stretch.from < stretch.to));
  }

  /** A stretch's plan under what is denied to the screen in it; `null` for a plan that is not known. */
  async resolvedFor(
    screen: Screen,
    stretch: Pick<PlanStretch, 'plan' | 'from' | 'to'>,
  ): Promise<(ResolvedPlan & { readonly denials: readonly Denial[] }) | null> {
    const denials = this.#denials(screen, stretch);
    const found = await this.#plans.get(stretch.plan, denials);
    return found === null ? null : { ...found, denials };
  }

  /** The plan that a screen would get if a draft were published now. @throws AppError NOT_FOUND. */
  async resolvedAfter(
    screen: Screen,
    stretch: { readonly from: number; readonly to: number },
    draft: DraftId,
  ): Promise<ResolvedPlan & { readonly denials: readonly Denial[] }> {
    const { after } = await worldAfter(this.#deps.schedules, draft);
    const today = localDayAt(instantOfMs(this.#deps.clock.nowMs()));
    const plan = preparePlans(plannable(after).world, today).plan(screen);
    const denials = this.#denials(screen, stretch);
    return { ...resolved(plan, denials), denials };
  }

  /** A timeline may begin some days before the stretch that is asked for. */
  #denials(screen: Screen, { from, to }: { readonly from: number; readonly to: number }): readonly Denial[] {
    return this.#deps.denials.affecting(screen.region, from - LIFTED_KEPT_DAYS * DAY_S, to);
  }

  #entries(
    { plan, resolver }: ResolvedPlan,
    { from, to }: { readonly from: number; readonly to: number },
  ): NamedEntry[] {
    const regionName = (code: RegionCode) => this.#deps.region.find(code)?.name ?? code;
    return resolver
      .timeline(from as Instant, to as Instant)
      .map((entry) => namedEntry(plan, entry, regionName));
  }
}

/** Equal for showings that look the same on the glass. */
function showing({ start, end, schedule, asset }: NamedEntry): string {
  return `${start} ${end} ${schedule} ${asset}`;
}

/** Neighbours under one plan as one: an assignment renewed is no change of what is shown. */
function joined(stretches: readonly PlanStretch[]): PlanStretch[] {
  const joint: PlanStretch[] = [];
  for (const stretch of stretches) {
    const last = joint.at(-1);
    if (last !== undefined && last.plan === stretch.plan && last.to === stretch.from)
      joint[joint.length - 1] = { ...last, to: stretch.to, madeAtMs: stretch.madeAtMs };
    else joint.push(stretch);
  }
  return joint;
}
