import { z } from 'zod';
import { regionCodeSchema } from '../core/ids.ts';
import type { RegionCode } from '../core/ids.ts';
import { lineageOf, tierOf } from '../region/tier.ts';
import type { Tier } from '../region/tier.ts';

/** Most stages of review (三审). */
export const STAGES_MAX = 3;
/** Stages of review as people call them, by number; 0 demands none. */
export const STAGE_ZH = ['免审', '一审', '二审', '三审'] as const;
const stages = z.int().min(0).max(STAGES_MAX);

/**
 * Which reviews `region` demands of itself and of the regions below it, by the tier that issues
 * (先审后播): as many stages as said, each by another person.
 */
export const reviewPolicySchema = z.strictObject({
  region: regionCodeSchema,
  stages: z
    .strictObject({ province: stages, city: stages, county: stages, township: stages, village: stages })
    .partial(),
  /** Who passes the last stage: a reviewer of the issuing region or above, or one of `region` or above. */
  final: z.enum(['issuer', 'demander']).default('issuer'),
});
export type ReviewPolicy = z.infer<typeof reviewPolicySchema>;

/** A stage as people call it. */
export function stageText(stage: number): string {
  return STAGE_ZH[stage] ?? `第 ${stage} 审`;
}

/** What a region's drafts have to pass. */
export interface ReviewDemand {
  readonly stages: number;
  /** The region at or above which the last stage is passed. */
  readonly final: RegionCode;
}

/**
 * What is demanded of what is drafted in the name of `region`: the most stages that it or a region
 * above it demands of its tier, the last by the highest region that keeps it to itself. No policy: no
 * review. A region that acts below itself acts by its own authority, so the demands that it and those
 * below make of lower tiers do not bind it; but it frees nobody from what regions above it demand.
 * @param issued the tiers in whose name the draft's edits are
 */
export function reviewDemand(
  policies: readonly ReviewPolicy[],
  region: RegionCode,
  issued: readonly Tier[] = [],
): ReviewDemand {
  const line = lineageOf(region);
  const own = tierOf(region);
  const demands = policies
    .filter((policy) => line.includes(policy.region))
    .map((policy) => {
      const judged = policy.region === region ? [own] : [own, ...issued];
      return {
        stages: Math.max(...judged.map((tier) => policy.stages[tier] ?? 0)),
        final: policy.final === 'demander' ? policy.region : region,
      };
    })
    .filter((demand) => demand.stages > 0);
  return {
    stages: Math.max(0, ...demands.map((demand) => demand.stages)),
    final: demands.reduce<RegionCode>(
      (highest, { final }) => (final.length < highest.length ? final : highest),
      region,
    ),
  };
}
