import { z } from 'zod';
import { regionCodeSchema } from '../core/ids.ts';
import { TIERS } from './tier.ts';

/** A region (行政区划) of one of the five tiers. */
export const regionSchema = z.strictObject({
  code: regionCodeSchema,
  name: z.string(),
  tier: z.enum(TIERS),
  parent: regionCodeSchema.nullable(),
  /** A statistical pseudo-area (开发区、农场): no administrative division, holds no screens. */
  statOnly: z.boolean(),
});
export type Region = z.infer<typeof regionSchema>;

/** A region as a row of the tree or of search results. */
export const regionRowSchema = z.strictObject({
  ...regionSchema.shape,
  /** Names from the province down to the region itself. */
  names: z.array(z.string()),
  /** Screens in service in its subtree that the caller may see. */
  screens: z.int().min(0),
  hasChildren: z.boolean(),
});
export type RegionRow = z.infer<typeof regionRowSchema>;

/** One region with its line of ancestors, province first, and its children. */
export const regionDetailSchema = z.strictObject({
  ...regionRowSchema.shape,
  lineage: z.array(z.strictObject({ code: regionCodeSchema, name: z.string() })),
  children: z.array(regionRowSchema),
});
export type RegionDetail = z.infer<typeof regionDetailSchema>;

/** What the tree shows at its root and what a search found. */
export const regionListSchema = z.strictObject({ rows: z.array(regionRowSchema) });
