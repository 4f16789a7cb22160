import { z } from 'zod';
import {
  draftIdSchema,
  regionCodeSchema,
  scheduleIdSchema,
  screenIdSchema,
  sha256Schema,
} from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import { TIERS } from '../region/tier.ts';
import { scheduleClassSchema } from '../schedule/schedule.schema.ts';
import { standingSchema } from './explain.api.ts';
import { tierAirtimeSchema } from './feasibility.api.ts';
import { namedEntrySchema } from './plan.api.ts';

/** One screen's day as planned: who wanted which time, who got it, and how the tiers fared. */
export const dayViewQuerySchema = z.strictObject({
  day: localDaySchema,
  /** As it would be if this draft were published now. */
  draft: draftIdSchema.optional(),
});

const issuer = { region: regionCodeSchema, regionName: z.string(), tier: z.enum(TIERS) };
/** Unix seconds, half-open, clipped to the day. */
const span = { from: z.int(), to: z.int() };

export const dayLaneSchema = z.strictObject({
  schedule: scheduleIdSchema,
  name: z.string(),
  class: scheduleClassSchema,
  ...issuer,
  /** Stretches in which it was open or kept out, each with how it stands; closed time is left out. */
  pieces: z.array(z.strictObject({ ...span, standing: standingSchema, by: z.string().nullable() })),
  airtimeS: z.int().min(0),
  plays: z.int().min(0),
});
export type DayLane = z.infer<typeof dayLaneSchema>;

export const dayViewSchema = z.strictObject({
  screen: screenIdSchema,
  day: localDaySchema,
  draft: draftIdSchema.nullable(),
  /** The plan that the lanes and shares are of: the last one in force that day; `null`: none ever. */
  plan: sha256Schema.nullable(),
  /** Whether it was assigned; else it is what would be assigned now. */
  assigned: z.boolean(),
  /** What is on, by the plans in force at the time. */
  entries: z.array(namedEntrySchema),
  /** Stretches of the day that the draft changes; empty without one. */
  changed: z.array(z.strictObject(span)),
  reserved: z.array(z.strictObject({ id: z.string(), ...issuer, ...span })),
  /** Higher tiers first, then class and id. */
  lanes: z.array(dayLaneSchema),
  tiers: z.array(tierAirtimeSchema),
});
export type DayView = z.infer<typeof dayViewSchema>;
