import { z } from 'zod';
import {
  deviceIdSchema,
  draftIdSchema,
  regionCodeSchema,
  scheduleIdSchema,
  screenIdSchema,
  sha256Schema,
} from '../core/ids.ts';
import { instantSchema } from '../core/time.ts';
import { TIERS } from '../region/tier.ts';
import { scheduleClassSchema } from '../schedule/schedule.schema.ts';

const reached = z.int().nullable();

/** How far its current plan got on a screen: milliseconds since 1970, `null` while it has not. */
export const screenPlanStateSchema = z.strictObject({
  screen: screenIdSchema,
  name: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  device: deviceIdSchema,
  plan: sha256Schema,
  counter: z.int().positive(),
  issuedAtMs: z.int(),
  toldAtMs: reached,
  fetchedAtMs: reached,
  verifiedAtMs: reached,
  onAirAtMs: reached,
  refusedAtMs: reached,
  refusedCode: z.string().nullable(),
});
export type ScreenPlanState = z.infer<typeof screenPlanStateSchema>;

export const planStatesQuerySchema = z.strictObject({
  region: regionCodeSchema,
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** A region's screens with an assignment, and how many of them reached what. */
export const planStatesSchema = z.strictObject({
  counts: z.strictObject({
    assigned: z.int().min(0),
    told: z.int().min(0),
    fetched: z.int().min(0),
    verified: z.int().min(0),
    onAir: z.int().min(0),
    refused: z.int().min(0),
  }),
  rows: z.array(screenPlanStateSchema),
});
export type PlanStates = z.infer<typeof planStatesSchema>;

/** Longest stretch of timeline that is answered at once, seconds. */
export const TIMELINE_MAX_S = 48 * 3_600;

export const timelineQuerySchema = z
  .strictObject({
    /** Unix seconds, half-open. */
    from: z.coerce.number().pipe(instantSchema),
    to: z.coerce.number().pipe(instantSchema),
    /** As it would be if this draft were published now. */
    draft: draftIdSchema.optional(),
  })
  .refine(({ from, to }) => from < to && to - from <= TIMELINE_MAX_S, 'from < to, at most 48 hours');

/** One showing, in words. */
export const namedEntrySchema = z.strictObject({
  /** Unix seconds; `end` is when it leaves the glass, `plannedEnd` when it would uncut. */
  start: z.int(),
  end: z.int(),
  plannedEnd: z.int(),
  class: scheduleClassSchema,
  /** `null` for the filler built into the player, as all that follows but `reason`. */
  schedule: scheduleIdSchema.nullable(),
  scheduleName: z.string().nullable(),
  tier: z.enum(TIERS).nullable(),
  region: regionCodeSchema.nullable(),
  regionName: z.string().nullable(),
  playlistName: z.string().nullable(),
  asset: sha256Schema.nullable(),
  title: z.string().nullable(),
  /** Which rule decided. */
  reason: z.enum([
    'mandatory-start',
    'mandatory-repeat',
    'mandatory-resumed',
    'fair-share',
    'filler-schedule',
    'nothing-fits',
    'nothing-scheduled',
  ]),
  /** Under a draft: this would not be on as things stand. */
  differs: z.boolean().optional(),
});
export type NamedEntry = z.infer<typeof namedEntrySchema>;

/** What a screen shows, or was told to show, between two instants. */
export const screenTimelineSchema = z.strictObject({
  screen: screenIdSchema,
  from: z.int(),
  to: z.int(),
  /** Stretches under one plan; none before the screen's first assignment. */
  stretches: z.array(
    z.strictObject({
      from: z.int(),
      to: z.int(),
      plan: sha256Schema,
      /** Whether it was assigned; else it is what would be assigned now. */
      assigned: z.boolean(),
      entries: z.array(namedEntrySchema),
    }),
  ),
});
export type ScreenTimeline = z.infer<typeof screenTimelineSchema>;
