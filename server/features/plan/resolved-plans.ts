import { canonicalText } from '../../../shared/core/canonical.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import { createExplainer } from '../../../shared/schedule/explain.ts';
import type { Explainer } from '../../../shared/schedule/explain.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { Resolver } from '../../../shared/schedule/resolve.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';

/** Kept, because a page asks for day after day of one plan. */
const REMEMBERED = 16;

/** A plan under what is denied, ready to be asked. */
export interface ResolvedPlan {
  readonly plan: Plan;
  readonly resolver: Resolver;
  readonly explainer: Explainer;
}

/** Remembers the plans that were asked for last, each under the denials it was asked under. */
export class ResolvedPlans {
  readonly #plan: (digest: Sha256) => Promise<Plan | null>;
  readonly #known = new Map<string, ResolvedPlan>();

  constructor(plan: (digest: Sha256) => Promise<Plan | null>) {
    this.#plan = plan;
  }

  /** `null` for a plan that was never made. */
  async get(digest: Sha256, denials: readonly Denial[]): Promise<ResolvedPlan | null> {
    const key = `${digest} ${canonicalText(denials)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const plan = await this.#plan(digest);
    if (plan === null) return null;
    const made = resolved(plan, denials);
    this.#known.set(key, made);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
    return made;
  }
}

/** A plan that is kept nowhere, under what is denied. */
export function resolved(plan: Plan, denials: readonly Denial[]): ResolvedPlan {
  return { plan, resolver: createResolver(plan, denials), explainer: createExplainer(plan, denials) };
}
