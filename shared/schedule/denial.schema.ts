import { z } from 'zod';
import { denialIdSchema, deviceIdSchema, regionCodeSchema, screenIdSchema } from '../core/ids.ts';
import { instantSchema } from '../core/time.ts';
import type { RegionCode } from '../core/ids.ts';
import { countyOf, isWithin } from '../region/tier.ts';
import type { Denial } from './timeline.ts';

/**
 * Denials (DESIGN.md section 9, SCHEDULING.md rules 13–15): takedown (撤播) of a schedule or of an
 * asset by hash, and stop-all (一键停播), each inside its issuer's subtree.
 */
export const denialKindSchema = z.enum(['schedule', 'asset', 'stop-all']);

const subject = z.string().max(80);
const reason = z.string().trim().min(2).max(200);

export const denialCreationSchema = z
  .strictObject({
    kind: denialKindSchema,
    /** Schedule id or asset hash; empty for stop-all. */
    subject,
    /** Holds in this region's subtree. */
    region: regionCodeSchema,
    reason,
  })
  .refine((denial) => (denial.kind === 'stop-all') === (denial.subject === ''), {
    path: ['subject'],
    message: 'a takedown names what it takes down, a stop-all nothing',
  });
export type DenialCreation = z.infer<typeof denialCreationSchema>;

/** What a denial would do, shown before it is confirmed. */
export const denialPreviewSchema = z.strictObject({
  /** Screens in the subtree, and those of them that the subject reaches. */
  screens: z.int().min(0),
  reached: z.int().min(0),
  connected: z.int().min(0),
  /** What it is called. */
  name: z.string(),
  /** The region that issued the schedule or described the asset; `null` for stop-all. */
  issuer: regionCodeSchema.nullable(),
  /** A local stop of a higher tier's content: it is allowed and reported upward. */
  upward: z.boolean(),
});
export type DenialPreview = z.infer<typeof denialPreviewSchema>;

export const denialRowSchema = z.strictObject({
  id: denialIdSchema,
  kind: denialKindSchema,
  subject,
  name: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  /** In whose name it was issued: it is lifted there or above. */
  issuer: regionCodeSchema,
  issuerName: z.string(),
  reason: z.string(),
  /** Stops what a higher tier issued. */
  upward: z.boolean(),
  /** Acts from, and until, these instants; Unix seconds. */
  from: instantSchema,
  to: instantSchema.nullable(),
  /** `lifting`: one person asked for it, another must confirm. */
  state: z.enum(['in-force', 'lifting', 'lifted']),
  issuedByName: z.string(),
  issuedAtMs: z.int(),
  liftAskedByName: z.string().nullable(),
  liftAskedAtMs: z.int().nullable(),
  liftReason: z.string().nullable(),
  liftedByName: z.string().nullable(),
  /** The deny-list version that carries it, and its lift. */
  version: z.int().positive(),
  liftVersion: z.int().positive().nullable(),
  /** Screens in the subtree with a device, and those whose device holds this version or a later one. */
  screens: z.int().min(0),
  held: z.int().min(0),
  /** Whether the caller may ask for the lift, or confirm the one asked for. */
  mayLift: z.boolean(),
});
export type DenialRow = z.infer<typeof denialRowSchema>;

export const denialQuerySchema = z.strictObject({
  region: regionCodeSchema.optional(),
  state: z.enum(['in-force', 'lifting', 'lifted']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
export const denialPageSchema = z.strictObject({ rows: z.array(denialRowSchema), total: z.int().min(0) });

/** Asking for a lift, and confirming it by another person: the same call. */
export const denialLiftSchema = z.strictObject({ reason });

/** What is asked before a denial is issued: what it would do. */
export const denialPreviewQuerySchema = z
  .strictObject({ kind: denialKindSchema, subject: subject.default(''), region: regionCodeSchema })
  .refine((asked) => (asked.kind === 'stop-all') === (asked.subject === ''), {
    path: ['subject'],
    message: 'a takedown names what it takes down, a stop-all nothing',
  });

/** A screen that a denial concerns, and what its device holds. */
export const denialScreenSchema = z.strictObject({
  screen: screenIdSchema,
  name: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  device: deviceIdSchema,
  /** The device persisted a list with this denial, or with its lift once it is lifted. */
  held: z.boolean(),
  /** The version its device holds, 0 before the first, and since when it is known. */
  version: z.int().min(0),
  heldAtMs: z.int().nullable(),
  connected: z.boolean(),
});
export type DenialScreen = z.infer<typeof denialScreenSchema>;
export const denialScreensQuerySchema = z.strictObject({
  /** Only those that hold it, or do not yet. */
  held: z.enum(['yes', 'no']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
export const denialScreensPageSchema = z.strictObject({
  rows: z.array(denialScreenSchema),
  total: z.int().min(0),
});

/** A denial as devices are told of it. */
export const listedDenialSchema = z.strictObject({
  id: denialIdSchema,
  kind: denialKindSchema,
  subject,
  region: regionCodeSchema,
  from: instantSchema,
  to: instantSchema.nullable(),
});
export type ListedDenial = z.infer<typeof listedDenialSchema>;

/**
 * A deny list: the text inside a signed envelope of kind `kepu-denials/1`. It is one county's, so that
 * a stop-all of the province is a few hundred signatures: everything denied above, at or below
 * `region` (a screen above county tier has a list of its own region, with what is denied above and at
 * it); a device takes of it what concerns its own place ({@link denialsFor}). Lifted ones stay for as
 * long as a timeline may still begin before their lift. `version` is the number of the last change
 * that concerns the county; the numbers count every denial and lift of the whole center, so they only
 * grow. The same region and version is the same text, whenever it is signed.
 */
export const denyListSchema = z.strictObject({
  format: z.literal('kepu-denials/1'),
  /** The county that holds the screen, or the screen's own region where that is above county. */
  region: regionCodeSchema,
  version: z.int().min(0),
  issuedAt: instantSchema,
  /** Sorted by id. */
  denials: z.array(listedDenialSchema).max(10_000),
});
export type DenyList = z.infer<typeof denyListSchema>;

/** Entries of a list at most. */
export const DENY_LIST_MAX = 10_000;

/** Days after its lift for which a denial stays in the list: a chain of crossed midnights and a day. */
export const LIFTED_KEPT_DAYS = 8;

/** Whose deny list a place goes by: its county's, or its own where it stands above county tier. */
export function denyListRegionOf(region: RegionCode): RegionCode {
  return countyOf(region) ?? region;
}

/** Whether a denial that holds in the subtree of `denied` belongs in the list of `listRegion`. */
export function isListed(listRegion: RegionCode, denied: RegionCode): boolean {
  return (
    isWithin(listRegion, denied) || (countyOf(listRegion) === listRegion && isWithin(denied, listRegion))
  );
}

/** What of a list concerns a place, as the resolver takes it. */
export function denialsFor(denials: readonly ListedDenial[], region: RegionCode): Denial[] {
  return denials
    .filter((denial) => isWithin(region, denial.region))
    .map(({ kind, subject: denied, from, to }) => ({ kind, subject: denied, from, to }));
}
