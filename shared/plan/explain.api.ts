import { z } from 'zod';
import { regionCodeSchema, scheduleIdSchema, screenIdSchema, sha256Schema } from '../core/ids.ts';
import { instantSchema, localDaySchema } from '../core/time.ts';
import { TIERS } from '../region/tier.ts';
import { draftReviewSchema } from '../schedule/draft.api.ts';
import { scheduleClassSchema } from '../schedule/schedule.schema.ts';
import { namedEntrySchema } from './plan.api.ts';

/** Words for people: Chinese first. */
export const wordsSchema = z.strictObject({ zh: z.string(), en: z.string() });
export type Words = z.infer<typeof wordsSchema>;

/** How a schedule stands at an instant on a screen: why it is on, or why it is not. */
export const STANDINGS = [
  'on-air',
  /** None of its windows is open. */
  'closed',
  /** A window is open, but a higher tier keeps this time. */
  'reserved',
  'denied',
  'empty',
  /** Rotation of a tier whose quota is 0. */
  'no-quota',
  /** A class above it, or something ordered before it in its own, is on. */
  'outranked',
  /** Mandatory: it played once, or its next item does not fit. */
  'played-once',
  'does-not-fit',
  /** Rotation: another is on in its fair share; its turn comes. */
  'waiting',
  /** The item on air began before it could be a candidate and is not cut. */
  'not-cut',
] as const;
export const standingSchema = z.enum(STANDINGS);
export type StandingName = z.infer<typeof standingSchema>;

const issuer = { region: regionCodeSchema, regionName: z.string(), tier: z.enum(TIERS) };

export const standingRowSchema = z.strictObject({
  schedule: scheduleIdSchema,
  name: z.string(),
  class: scheduleClassSchema,
  ...issuer,
  standing: standingSchema,
  /** The schedule, reserved window or denial that is in its way, where one is. */
  by: z.string().nullable(),
  words: wordsSchema,
});

export const explainQuerySchema = z.strictObject({
  /** Unix seconds. */
  at: z.coerce.number().pipe(instantSchema),
});

/** What is on a screen at an instant, and why. */
export const explanationSchema = z.strictObject({
  screen: screenIdSchema,
  at: z.int(),
  /** Whether the plan was assigned then; else it is what would be assigned now. */
  assigned: z.boolean(),
  plan: sha256Schema,
  entry: namedEntrySchema,
  /** Who passed it, and when it went on air; empty where its tier demands no review. */
  version: z.int().positive().nullable(),
  publishedByName: z.string().nullable(),
  publishedAtMs: z.int().nullable(),
  reviews: z.array(draftReviewSchema),
  /** The answer in sentences. */
  words: z.array(wordsSchema),
  /** Schedules that wanted this instant and did not get it. */
  displaced: z.array(standingRowSchema),
  /** Every other schedule of the plan. */
  others: z.array(standingRowSchema),
  /** For the past, what the journal says was really shown; `null` where it says nothing (yet). */
  shown: z
    .strictObject({
      state: z.enum(['as-planned', 'late', 'failed', 'stood-in', 'cut', 'frozen', 'off', 'unknown']),
      words: wordsSchema,
      /** The record that says so. */
      boot: z.string().nullable(),
      seq: z.int().nullable(),
    })
    .nullable(),
});
export type Explanation = z.infer<typeof explanationSchema>;

export const whyQuerySchema = z.strictObject({ screen: screenIdSchema, day: localDaySchema });

/** Why a schedule is, or is not, on a screen on a day: "为什么我的节目没播". */
export const whySchema = z.strictObject({
  schedule: scheduleIdSchema,
  name: z.string(),
  screen: screenIdSchema,
  screenName: z.string(),
  day: localDaySchema,
  /** Seconds on air that day, and showings. */
  airtimeS: z.int().min(0),
  plays: z.int().min(0),
  /** The answer in sentences, the decisive one first. */
  words: z.array(wordsSchema),
  /** Why the screen's plan does not even hold it; `null` where it does. */
  absent: z
    .enum(['not-published', 'ended', 'withdrawn', 'region', 'tag', 'group', 'excluded', 'not-today'])
    .nullable(),
  /** The day in stretches of one standing each. */
  stretches: z.array(
    z.strictObject({
      from: z.int(),
      to: z.int(),
      standing: standingSchema,
      by: z.string().nullable(),
      words: wordsSchema,
    }),
  ),
});
export type Why = z.infer<typeof whySchema>;
