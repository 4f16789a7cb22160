import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { decodePlan } from '../../../shared/plan/plan-bytes.ts';
import type { Plan, PlanAsset } from '../../../shared/plan/plan.schema.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { Resolver } from '../../../shared/schedule/resolve.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';

/** What is denied where a screen stands, by the list of this version; 0: there is none. */
export interface Ruling {
  readonly denyList: number;
  readonly denials: readonly Denial[];
}

/** A verified plan, ready to be asked under what is denied. */
export interface LoadedPlan extends Ruling {
  readonly digest: Sha256;
  /** As they came: what a restart reads again. */
  readonly bytes: Uint8Array;
  readonly plan: Plan;
  readonly resolver: Resolver;
}

/** Lists per plan: the engines of one process may stand in many counties. */
const RULINGS_REMEMBERED = 64;

/**
 * Plans by digest. Engines of one process that are given the same plan share one copy and one
 * resolver; a plan nobody holds any more is collected.
 */
export class PlanLibrary {
  readonly #plans = new Map<Sha256, WeakRef<LoadedPlan>>();
  readonly #ruled = new WeakMap<Plan, Map<string, LoadedPlan>>();

  /**
   * Verifies and reads a plan.
   * @throws AppError PLAN_BYTES_DIFFER, PLAN_RULES_UNKNOWN or PLAN_INVALID.
   */
  load(digest: Sha256, bytes: Uint8Array): LoadedPlan {
    const known = this.#plans.get(digest)?.deref();
    const plan = decodePlan(bytes, digest);
    if (known !== undefined) return known;
    const resolver = createResolver(plan);
    const loaded: LoadedPlan = { digest, bytes, plan, resolver, denyList: 0, denials: [] };
    for (const [other, reference] of this.#plans)
      if (reference.deref() === undefined) this.#plans.delete(other);
    this.#plans.set(digest, new WeakRef(loaded));
    return loaded;
  }

  /** A plan under a deny list: the same answer object for the same list, so that its days are resolved once. */
  under(loaded: LoadedPlan, ruling: Ruling): LoadedPlan {
    const { denyList, denials } = ruling;
    const key = JSON.stringify([denyList, denials]);
    if (JSON.stringify([loaded.denyList, loaded.denials]) === key) return loaded;
    const known = this.#ruled.get(loaded.plan) ?? new Map<string, LoadedPlan>();
    this.#ruled.set(loaded.plan, known);
    const ruled = known.get(key) ?? {
      ...loaded,
      denyList,
      denials,
      resolver: createResolver(loaded.plan, denials),
    };
    known.delete(key);
    known.set(key, ruled);
    for (const oldest of known.keys()) {
      if (known.size <= RULINGS_REMEMBERED) break;
      known.delete(oldest);
    }
    return ruled;
  }

  /** A plan that some engine of this process holds. */
  get(digest: Sha256): LoadedPlan | null {
    return this.#plans.get(digest)?.deref() ?? null;
  }
}

/** The last answer of {@link assetsShown} per plan: around a switch the same is asked several times. */
const lastShown = new WeakMap<LoadedPlan, { from: Instant; to: Instant; assets: readonly PlanAsset[] }>();

/** Which assets the timeline shows in `[from, to)`, each once, the earliest first. */
export function assetsShown(loaded: LoadedPlan, from: Instant, to: Instant): readonly PlanAsset[] {
  const last = lastShown.get(loaded);
  if (last?.from === from && last.to === to) return last.assets;
  const order = new Map<string, PlanAsset>();
  for (const { asset } of loaded.resolver.timeline(from, to)) {
    const found = asset === null ? undefined : loaded.plan.assets[asset];
    if (asset !== null && found !== undefined && !order.has(asset)) order.set(asset, found);
  }
  const assets = [...order.values()];
  lastShown.set(loaded, { from, to, assets });
  return assets;
}

/** All assets of a plan: those of the next hours first, in the order of need, then the rest. */
export function assetsByNeed(loaded: LoadedPlan, from: Instant, hours: number): PlanAsset[] {
  const soon = assetsShown(loaded, from, (from + hours * 3600) as Instant);
  const named = new Set<string>(soon.map((asset) => asset.sha256));
  return [...soon, ...Object.values(loaded.plan.assets).filter((asset) => !named.has(asset.sha256))];
}
