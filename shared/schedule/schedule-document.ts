import { z } from 'zod';
import { assetSchema } from '../asset/asset.schema.ts';
import { regionCodeSchema } from '../core/ids.ts';
import { reviewPolicySchema } from './review.schema.ts';
import {
  playlistSchema,
  quotaPolicySchema,
  reservedWindowSchema,
  scheduleSchema,
} from './schedule.schema.ts';

/**
 * A folder of schedule files as one value: everything that `region` and the regions below it keep
 * on air. Applying it makes the center hold exactly this for that subtree: what is missing here goes
 * off air. Assets are described; their bytes (and their parts') are uploaded before, by hash.
 */
export const scheduleDocumentSchema = z.strictObject({
  format: z.literal('kepu-schedules/1'),
  /** The region whose subtree this document replaces, whole. */
  region: regionCodeSchema,
  /** Every asset that a playlist here names, sorted by SHA-256. */
  assets: z.array(assetSchema).max(20_000),
  /** Sorted by id, as are schedules and reserved windows; quotas and reviews by region. */
  playlists: z.array(playlistSchema).max(5_000),
  schedules: z.array(scheduleSchema).max(20_000),
  quotas: z.array(quotaPolicySchema).max(3_000),
  reserved: z.array(reservedWindowSchema).max(3_000),
  /** Review demands, sorted by region. */
  reviews: z.array(reviewPolicySchema).max(3_000).default([]),
});
export type ScheduleDocument = z.infer<typeof scheduleDocumentSchema>;
