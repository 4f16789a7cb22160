import { z } from 'zod';
import { playlistIdSchema, regionCodeSchema, scheduleIdSchema, sha256Schema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';

/** What schedules, playlists and policies are made of: the words of DESIGN.md section 4. */

export const scheduleClassSchema = z.enum(['mandatory', 'rotation', 'filler']);
export type ScheduleClass = z.infer<typeof scheduleClassSchema>;

/** `HH:MM` or `HH:MM:SS`, 00:00 … 23:59:59; `24:00` only as an end. */
export const clockTimeSchema = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$|^24:00$/, 'a time written HH:MM or HH:MM:SS');

/** Half-open `[start, end)`; an end at or before the start runs into the next day; equal means 24 h. */
export const windowSchema = z.strictObject({
  start: clockTimeSchema.refine((time) => time !== '24:00', 'a start before 24:00'),
  end: clockTimeSchema,
});
export type Window = z.infer<typeof windowSchema>;

export const dayRuleSchema = z.union([
  z.enum(['every', 'weekdays', 'weekends', 'workdays', 'holidays']),
  z.strictObject({ weekdays: z.array(z.int().min(1).max(7)).min(1).max(7) }),
  z.strictObject({ dates: z.array(localDaySchema).min(1).max(1_000) }),
]);
export type DayRule = z.infer<typeof dayRuleSchema>;

export const validitySchema = z.strictObject({
  /** First and last day, both inclusive; no `to` means until further notice. */
  from: localDaySchema,
  to: localDaySchema.nullable(),
});

export const playlistItemSchema = z.strictObject({
  asset: sha256Schema,
  /** How long the item is on, whole seconds. */
  durationS: z.int().min(1).max(86_400),
  fit: z.enum(['contain', 'cover']).default('contain'),
});
export type PlaylistItem = z.infer<typeof playlistItemSchema>;

export const playlistSchema = z.strictObject({
  id: playlistIdSchema,
  name: z.string().min(1).max(80),
  region: regionCodeSchema,
  items: z.array(playlistItemSchema).max(1_000),
});
export type Playlist = z.infer<typeof playlistSchema>;

/** A screen is reached if it matches one entry of every kind named and no exclusion; empty: the issuer's subtree. */
export const audienceSchema = z.strictObject({
  regions: z.array(regionCodeSchema).max(3_000).default([]),
  tags: z.array(z.string().min(1).max(40)).max(100).default([]),
  groups: z.array(z.string().min(1).max(80)).max(100).default([]),
  exclude: z
    .strictObject({
      regions: z.array(regionCodeSchema).max(3_000).default([]),
      tags: z.array(z.string().min(1).max(40)).max(100).default([]),
      groups: z.array(z.string().min(1).max(80)).max(100).default([]),
    })
    .prefault({}),
});
export type Audience = z.infer<typeof audienceSchema>;

export const scheduleSchema = z
  .strictObject({
    id: scheduleIdSchema,
    name: z.string().min(1).max(80),
    class: scheduleClassSchema,
    /** The issuing region; its tier is the schedule's tier. */
    region: regionCodeSchema,
    playlist: playlistIdSchema,
    audience: audienceSchema.prefault({}),
    days: dayRuleSchema.default('every'),
    excludeDates: z.array(localDaySchema).max(1_000).default([]),
    windows: z.array(windowSchema).min(1).max(48),
    validity: validitySchema,
    /** Mandatory and filler only; higher first. */
    priority: z.int().min(-1_000).max(1_000).default(0),
    /** Rotation only. */
    weight: z.int().min(1).max(1_000).default(1),
    /** Mandatory only: play the playlist once per window. */
    once: z.boolean().default(false),
  })
  .superRefine((schedule, issue) => {
    if (schedule.once && schedule.class !== 'mandatory')
      issue.addIssue({ code: 'custom', path: ['once'], message: 'once is for mandatory schedules only' });
    if (schedule.priority !== 0 && schedule.class === 'rotation')
      issue.addIssue({
        code: 'custom',
        path: ['priority'],
        message: 'priority is for mandatory and filler only',
      });
    if (schedule.weight !== 1 && schedule.class !== 'rotation')
      issue.addIssue({ code: 'custom', path: ['weight'], message: 'weight is for rotation only' });
    const { from, to } = schedule.validity;
    if (to !== null && to < from)
      issue.addIssue({ code: 'custom', path: ['validity', 'to'], message: 'validity ends before it begins' });
  });
export type Schedule = z.infer<typeof scheduleSchema>;

const percent = z.int().min(0).max(100);
export const percentsSchema = z.strictObject({
  province: percent,
  city: percent,
  county: percent,
  township: percent,
  village: percent,
});
export type TierPercents = z.infer<typeof percentsSchema>;

function sumOf(percents: Readonly<Partial<Record<keyof TierPercents, number | undefined>>>): number {
  return Object.values(percents).reduce<number>((total, value) => total + (value ?? 0), 0);
}

/** How the tiers share rotation airtime on screens below `region`; and the minimums it locks below itself. */
export const quotaPolicySchema = z
  .strictObject({
    region: regionCodeSchema,
    /** Percent per tier, summing to 100; `null` where the region only locks minimums. */
    percents: percentsSchema.nullable(),
    /** Minimums that policies of regions strictly below must grant. */
    minimums: percentsSchema.partial().default({}),
  })
  .superRefine((policy, issue) => {
    if (policy.percents !== null) {
      const sum = sumOf(policy.percents);
      if (sum !== 100)
        issue.addIssue({ code: 'custom', path: ['percents'], message: `percents sum to ${sum}, not to 100` });
    }
    const locked = sumOf(policy.minimums);
    if (locked > 100)
      issue.addIssue({ code: 'custom', path: ['minimums'], message: `minimums sum to ${locked}, over 100` });
  });
export type QuotaPolicy = z.infer<typeof quotaPolicySchema>;

/** Time that a region keeps for its own tier and those above; cut out of lower tiers' windows. */
export const reservedWindowSchema = z.strictObject({
  id: scheduleIdSchema,
  region: regionCodeSchema,
  days: dayRuleSchema.default('every'),
  excludeDates: z.array(localDaySchema).max(1_000).default([]),
  windows: z.array(windowSchema).min(1).max(48),
  validity: validitySchema,
});
export type ReservedWindow = z.infer<typeof reservedWindowSchema>;
