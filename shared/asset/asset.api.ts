import { z } from 'zod';
import { regionCodeSchema, sha256Schema } from '../core/ids.ts';
import { assetSchema } from './asset.schema.ts';

/** Answer to an upload. */
export const storedFileSchema = z.strictObject({
  sha256: sha256Schema,
  /** What the content is, told by the content. */
  mediaType: z.string(),
  sizeBytes: z.int().positive(),
});

export const assetQuerySchema = z.strictObject({
  text: z.string().trim().max(120).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** Says what uploaded bytes are, in a region's name. */
export const assetDescriptionSchema = z.strictObject({ region: regionCodeSchema, asset: assetSchema });

/** A page of described assets, by title. */
export const assetPageSchema = z.strictObject({
  total: z.int().min(0),
  rows: z.array(assetDescriptionSchema),
});
export type AssetPage = z.infer<typeof assetPageSchema>;
