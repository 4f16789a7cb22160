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
export type StoredFile = z.infer<typeof storedFileSchema>;

export const assetQuerySchema = z.strictObject({
  text: z.string().trim().max(120).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** A page of described assets, by title. */
export const assetPageSchema = z.strictObject({
  total: z.int().min(0),
  rows: z.array(z.strictObject({ region: regionCodeSchema, asset: assetSchema })),
});
export type AssetPage = z.infer<typeof assetPageSchema>;
