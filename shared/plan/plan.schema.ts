import { z } from 'zod';
import { assetSchema } from '../asset/asset.schema.ts';
import { playlistIdSchema, regionCodeSchema, scheduleIdSchema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import {
  dayRuleSchema,
  playlistItemSchema,
  reservedWindowSchema,
  scheduleClassSchema,
  validitySchema,
  windowSchema,
} from '../schedule/schedule.schema.ts';

/** The version of the scheduling rules that this program resolves; a player refuses any other. */
export const RULES_VERSION = 1;

/**
 * A plan (播出单): everything from which any screen that resolves alike can resolve what to show.
 * Its canonical bytes are named by their SHA-256. It names no screen, no version, no expiry.
 */
export const planSchema = z.strictObject({
  format: z.literal('kepu-plan/1'),
  rulesVersion: z.int().positive(),
  /** Integer weights between tiers (SCHEDULING.md rule 10), computed from the quota policy. */
  tierWeights: z.strictObject({
    province: z.int().min(0),
    city: z.int().min(0),
    county: z.int().min(0),
    township: z.int().min(0),
    village: z.int().min(0),
  }),
  /** Sorted by id. */
  reserved: z.array(reservedWindowSchema),
  /** Sorted by id. Audience is resolved away; what is left is what the timeline needs. */
  schedules: z.array(
    z.strictObject({
      id: scheduleIdSchema,
      name: z.string(),
      class: scheduleClassSchema,
      region: regionCodeSchema,
      playlist: playlistIdSchema,
      days: dayRuleSchema,
      excludeDates: z.array(localDaySchema),
      windows: z.array(windowSchema),
      validity: validitySchema,
      priority: z.int(),
      weight: z.int().positive(),
      once: z.boolean(),
    }),
  ),
  playlists: z.record(
    playlistIdSchema,
    z.strictObject({ name: z.string(), items: z.array(playlistItemSchema) }),
  ),
  /**
   * By SHA-256. `approvals` holds the reviewers' signatures over the hash (DESIGN.md section 9);
   * empty while the center's key alone signs.
   */
  assets: z.record(
    z.string(),
    z.strictObject({
      ...assetSchema.shape,
      approvals: z.array(z.strictObject({ keyId: z.string(), signature: z.string() })),
    }),
  ),
  /**
   * Statutory calendar for the days that schedules name: `off` are weekdays that are holidays,
   * `work` are weekend days that are workdays (调休). Empty while no schedule asks for them.
   */
  holidays: z.strictObject({ off: z.array(localDaySchema), work: z.array(localDaySchema) }),
});
export type Plan = z.infer<typeof planSchema>;
export type PlanSchedule = Plan['schedules'][number];
export type PlanAsset = Plan['assets'][string];
