import { z } from 'zod';
import { sha256Schema } from '../core/ids.ts';

/**
 * An asset is immutable bytes named by their SHA-256. An HLS asset's bytes are its media playlist,
 * whose URIs are the file names `<sha256>.<ext>` of its parts; a card's bytes are a {@link cardSchema} JSON.
 */
export const assetKindSchema = z.enum(['video', 'hls', 'image', 'card']);
export type AssetKind = z.infer<typeof assetKindSchema>;

export const assetPartSchema = z.strictObject({
  sha256: sha256Schema,
  sizeBytes: z.int().positive(),
  mime: z.string().max(100),
});
export type AssetPart = z.infer<typeof assetPartSchema>;

export const assetSchema = z.strictObject({
  sha256: sha256Schema,
  kind: assetKindSchema,
  mime: z.string().max(100),
  sizeBytes: z.int().positive(),
  title: z.string().min(1).max(120),
  /** Natural length in whole seconds (rounded up); `null` for what has none (image, card). */
  durationS: z.int().positive().nullable(),
  /** Segments of an HLS asset, the picture of a card; each an asset's worth of bytes by hash. */
  parts: z.array(assetPartSchema).max(5_000),
});
export type Asset = z.infer<typeof assetSchema>;

/** A text card: data only, drawn by the stage; never HTML. */
export const cardSchema = z.strictObject({
  title: z.string().min(1).max(40),
  body: z.array(z.string().min(1).max(120)).min(1).max(8),
  /** Small line at the foot: who says so. */
  source: z.string().max(60).optional(),
  /** A picture part, by hash. */
  picture: sha256Schema.optional(),
  /** Address drawn as a QR code. */
  qr: z.url().max(300).optional(),
  theme: z.enum(['blue', 'green', 'orange', 'ink']).default('blue'),
});
export type Card = z.infer<typeof cardSchema>;
