import { z } from 'zod';
import { regionCodeSchema } from '../core/ids.ts';
import { TIERS } from '../region/tier.ts';
import { reviewPolicySchema, STAGES_MAX } from './review.schema.ts';
import { quotaPolicySchema, reservedWindowSchema } from './schedule.schema.ts';

/**
 * What is in force for a region (DESIGN.md section 4): shown, never changed here; policies change as
 * everything on air does, through a draft.
 */
export const policyQuerySchema = z.strictObject({ region: regionCodeSchema });

const named = { region: regionCodeSchema, regionName: z.string() };
const version = z.int().positive();
const percent = z.int().min(0).max(100);

/** One tier's share of rotation airtime on the region's screens. */
const tierShareSchema = z.strictObject({
  tier: z.enum(TIERS),
  /** As the policy that applies says. */
  percent,
  /** The largest minimum that regions above that policy's lock; `null` where none does. */
  minimum: z.strictObject({ percent, ...named }).nullable(),
  /** Its integer weight (SCHEDULING.md rule 10), and the same of 100. */
  weight: z.int().min(0),
  share: z.number().min(0).max(100),
});
export type TierShare = z.infer<typeof tierShareSchema>;

export const policiesSchema = z.strictObject({
  region: regionCodeSchema,
  regionNames: z.array(z.string()),
  tier: z.enum(TIERS),
  quota: z.strictObject({
    /** The nearest region, itself or above, that sets percents; `null`: nobody does, the default applies. */
    from: z.strictObject(named).nullable(),
    /** Highest tier first. */
    tiers: z.array(tierShareSchema),
  }),
  /** Reserved windows of regions above: cut out of what this region issues. Highest region first. */
  reserved: z.array(z.strictObject({ ...named, window: reservedWindowSchema })),
  review: z.strictObject({
    stages: z.int().min(0).max(STAGES_MAX),
    /** The region at or above which the last stage is passed. */
    final: regionCodeSchema,
    finalName: z.string(),
    /** Who demands how much of this region's tier, highest first. */
    demands: z.array(
      z.strictObject({ ...named, stages: z.int().min(0), final: z.enum(['issuer', 'demander']) }),
    ),
  }),
  /** What this region itself says, with the versions on air that a draft is made on. */
  own: z.strictObject({
    quota: z.strictObject({ version, body: quotaPolicySchema }).nullable(),
    review: z.strictObject({ version, body: reviewPolicySchema }).nullable(),
    reserved: z.array(z.strictObject({ version, body: reservedWindowSchema })),
  }),
});
export type Policies = z.infer<typeof policiesSchema>;
