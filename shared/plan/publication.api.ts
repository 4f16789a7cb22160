import { z } from 'zod';
import { draftIdSchema, regionCodeSchema, screenIdSchema } from '../core/ids.ts';

/** How far a publish got: told → fetched → verified → on air, screen by screen. */
export const publicationSchema = z.strictObject({
  draft: draftIdSchema,
  title: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  publishedAtMs: z.int(),
  publishedByName: z.string(),
  /** `computing` while plans are still being made. */
  state: z.enum(['computing', 'delivering', 'done']),
  counts: z.strictObject({
    /** Screens whose assignment changed by it. */
    screens: z.int().min(0),
    told: z.int().min(0),
    fetched: z.int().min(0),
    verified: z.int().min(0),
    onAir: z.int().min(0),
    refused: z.int().min(0),
    /** A later publish took its place before it was on air. */
    overtaken: z.int().min(0),
  }),
});
export type Publication = z.infer<typeof publicationSchema>;

export const publicationQuerySchema = z.strictObject({
  region: regionCodeSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
export const publicationPageSchema = z.strictObject({
  rows: z.array(publicationSchema),
  total: z.int().min(0),
});

/** Steps of a publish on a screen, and the two ways it ends short of the glass. */
export const PUBLICATION_STEPS = ['told', 'fetched', 'verified', 'on-air', 'refused', 'overtaken'] as const;
export type PublicationStep = (typeof PUBLICATION_STEPS)[number];

export const publicationScreensQuerySchema = z.strictObject({
  /** Only screens in this subtree. */
  region: regionCodeSchema.optional(),
  /** Only screens that reached this step, or with `reached=false` that did not. */
  step: z.enum(PUBLICATION_STEPS).optional(),
  reached: z.stringbool().default(true),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** One screen's steps under a publish; milliseconds since 1970, `null` while not reached. */
const reached = z.int().nullable();
export const publicationScreensSchema = z.strictObject({
  rows: z.array(
    z.strictObject({
      screen: screenIdSchema,
      name: z.string(),
      region: regionCodeSchema,
      regionName: z.string(),
      toldAtMs: reached,
      fetchedAtMs: reached,
      verifiedAtMs: reached,
      onAirAtMs: reached,
      refusedCode: z.string().nullable(),
      overtaken: z.boolean(),
    }),
  ),
  total: z.int().min(0),
});
export type PublicationScreens = z.infer<typeof publicationScreensSchema>;
