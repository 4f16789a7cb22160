import { z } from 'zod';
import { bootIdSchema, scheduleIdSchema, sha256Schema } from '../core/ids.ts';
import { TIERS } from '../region/tier.ts';
import { scheduleClassSchema } from '../schedule/schedule.schema.ts';

/** What is on the glass now, as the player says it. */
export const showingSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('item'),
    schedule: scheduleIdSchema,
    class: scheduleClassSchema,
    tier: z.enum(TIERS),
    asset: sha256Schema,
    title: z.string().max(120),
    /** Unix seconds: planned start and end. */
    start: z.int(),
    end: z.int(),
  }),
  /** The filler built into the player. */
  z.strictObject({ kind: z.literal('filler') }),
  /** Not playing: why, in one of a few words. */
  z.strictObject({
    kind: z.literal('waiting'),
    reason: z.enum(['unclaimed', 'no-plan', 'fetching', 'starting']),
  }),
]);
export type Showing = z.infer<typeof showingSchema>;

/** The live beat, at least every `tickS`: state only, never accounted as on (ACCOUNTING.md rule 11). */
export const beatSchema = z.strictObject({
  boot: bootIdSchema,
  mono: z.int().min(0),
  wall: z.int(),
  plan: sha256Schema.nullable(),
  showing: showingSchema,
  /** Frames painted since this boot began. */
  painted: z.int().min(0),
  panel: z.enum(['on', 'off', 'unreadable']),
  /** Journal records that the center has not acknowledged yet. */
  pending: z.int().min(0),
});
export type Beat = z.infer<typeof beatSchema>;
