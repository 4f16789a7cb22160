import { z } from 'zod';
import { deviceIdSchema, regionCodeSchema, screenIdSchema, sha256Schema } from '../core/ids.ts';
import { showingSchema } from './live.schema.ts';

/** What the center knows live of a screen: for operations only, never assessed (ACCOUNTING.md rule 11). */
export const liveScreenSchema = z.strictObject({
  screen: screenIdSchema,
  device: deviceIdSchema,
  /** Beats arrive: fewer than three ticks were missed. */
  online: z.boolean(),
  /** Center time in milliseconds since which it is online, or offline. */
  sinceMs: z.int(),
  lastBeatMs: z.int(),
  showing: showingSchema,
  /** Frames painted since its boot began. */
  painted: z.int().min(0),
  plan: sha256Schema.nullable(),
  /** Journal records the center has not acknowledged yet. */
  pending: z.int().min(0),
  panel: z.enum(['on', 'off', 'unreadable']),
});
export type LiveScreen = z.infer<typeof liveScreenSchema>;

/** A live screen with the names a person reads. */
export const liveScreenRowSchema = z.strictObject({
  ...liveScreenSchema.shape,
  name: z.string(),
  region: regionCodeSchema,
  /** From the province down. */
  regionNames: z.array(z.string()),
  demo: z.boolean(),
});
export type LiveScreenRow = z.infer<typeof liveScreenRowSchema>;

export const LIVE_STATES = ['online', 'offline', 'playing', 'waiting'] as const;

export const livePageSchema = z.strictObject({
  rows: z.array(liveScreenRowSchema),
  /** Rows that match the question, over all pages. */
  total: z.int().min(0),
  /** Of the screens in the asked region, whatever their state: beats arrive, or do not any more. */
  online: z.int().min(0),
  offline: z.int().min(0),
  nowMs: z.int(),
});
export type LivePage = z.infer<typeof livePageSchema>;

export const liveQuerySchema = z.strictObject({
  /** Only screens in this region's subtree. */
  region: regionCodeSchema.optional(),
  /** `playing` and `waiting` are online ones that show an item, or do not yet. */
  state: z.enum(LIVE_STATES).optional(),
  /** Part of the name, of what is showing, or a screen or device id. */
  q: z.string().trim().max(80).optional(),
  sort: z.enum(['region', 'name', 'since', 'last-beat', 'pending']).default('region'),
  order: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce.number().int().min(1).max(500).default(60),
  offset: z.coerce.number().int().min(0).default(0),
});
export type LiveQuery = z.infer<typeof liveQuerySchema>;
