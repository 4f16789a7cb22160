import { z } from 'zod';
import { draftIdSchema, playlistIdSchema, regionCodeSchema, scheduleIdSchema } from '../core/ids.ts';
import { TIERS } from '../region/tier.ts';
import { dayRuleSchema, scheduleClassSchema, validitySchema, windowSchema } from './schedule.schema.ts';

/** What a schedule document is made of. */
export const CONTENT_KINDS = ['asset', 'playlist', 'schedule', 'quota', 'reserved', 'review'] as const;
export type ContentKind = (typeof CONTENT_KINDS)[number];
export const CONTENT_KIND_ZH: Readonly<Record<ContentKind, string>> = {
  asset: '素材',
  playlist: '节目单',
  schedule: '排期',
  quota: '配额',
  reserved: '保留时段',
  review: '审核要求',
};

/** One difference between a document and what is on air. */
export const contentChangeSchema = z.strictObject({
  kind: z.enum(CONTENT_KINDS),
  /** Its id; an asset's hash; the region of a quota or review policy. */
  id: z.string(),
  name: z.string(),
  region: regionCodeSchema,
  change: z.enum(['created', 'updated', 'removed']),
});
export type ContentChange = z.infer<typeof contentChangeSchema>;
export const CHANGE_ZH: Readonly<Record<ContentChange['change'], string>> = {
  created: '新增',
  updated: '修改',
  removed: '下播',
};

/** `?dry=1` answers the same and changes nothing. */
export const applyQuerySchema = z.strictObject({ dry: z.stringbool().default(false) });

/** Answer to applying a document. */
export const applyAnswerSchema = z.strictObject({
  region: regionCodeSchema,
  /** Nothing was changed, because only the difference was asked for. */
  dry: z.boolean(),
  /** In the order of kind and id. */
  changes: z.array(contentChangeSchema),
  /** How many things stay as they are. */
  unchanged: z.int().min(0),
  /** The draft that carries the difference; `null` where nothing was changed. */
  draft: draftIdSchema.nullable(),
  /** `submitted`: the region's tier demands review, so the difference waits in the draft. */
  state: z.enum(['published', 'submitted', 'unchanged']),
});
export type ApplyAnswer = z.infer<typeof applyAnswerSchema>;

/** How a schedule stands today. */
export const SCHEDULE_STATES = ['on-air', 'upcoming', 'ended', 'withdrawn', 'taken-down'] as const;
export const scheduleStateSchema = z.enum(SCHEDULE_STATES);
export type ScheduleState = z.infer<typeof scheduleStateSchema>;

export const scheduleQuerySchema = z.strictObject({
  /** Issued in this region or below. */
  region: regionCodeSchema.optional(),
  class: scheduleClassSchema.optional(),
  /** Only those that stand so; withdrawn ones are listed only when asked for. */
  state: scheduleStateSchema.optional(),
  /** Part of a name or id. */
  text: z.string().trim().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

/** A schedule as lists show it. */
export const scheduleRowSchema = z.strictObject({
  id: scheduleIdSchema,
  name: z.string(),
  class: scheduleClassSchema,
  region: regionCodeSchema,
  regionName: z.string(),
  tier: z.enum(TIERS),
  playlist: playlistIdSchema,
  playlistName: z.string(),
  days: dayRuleSchema,
  windows: z.array(windowSchema),
  validity: validitySchema,
  state: scheduleStateSchema,
  version: z.int().positive(),
  changedAtMs: z.int(),
});
export type ScheduleRow = z.infer<typeof scheduleRowSchema>;

export const schedulePageSchema = z.strictObject({
  total: z.int().min(0),
  rows: z.array(scheduleRowSchema),
});
export type SchedulePage = z.infer<typeof schedulePageSchema>;
