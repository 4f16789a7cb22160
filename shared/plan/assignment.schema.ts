import { z } from 'zod';
import { deviceIdSchema, regionCodeSchema, screenIdSchema, sha256Schema } from '../core/ids.ts';
import { instantSchema } from '../core/time.ts';
import { windowSchema } from '../schedule/schedule.schema.ts';

/** A screen's own settings; they travel in its assignment, never in a plan. */
export const screenSettingsSchema = z.strictObject({
  /** Today's required hours (应开机时段), for the panel and for what the glass says. */
  requiredHours: z.array(windowSchema).max(48),
  /** 0 … 100. */
  volume: z.int().min(0).max(100),
  /** How often open journal intervals are made durable and the live state is sent. */
  tickS: z.int().min(1).max(300),
  /** How often open intervals are closed into records and reopened (ACCOUNTING.md rule 5). */
  closeS: z.int().min(10).max(3_600),
  /** Ceiling of the device's asset cache. */
  cacheBytes: z.int().positive(),
});
export type ScreenSettings = z.infer<typeof screenSettingsSchema>;

/** An assignment (派单): the small signed document that gives one screen its plan and its own settings. */
export const assignmentSchema = z.strictObject({
  format: z.literal('kepu-assignment/1'),
  screen: screenIdSchema,
  screenName: z.string(),
  device: deviceIdSchema,
  region: regionCodeSchema,
  /** Names from the province down, for the glass: 河南省 … 毛坪村. */
  regionNames: z.array(z.string()),
  demo: z.boolean(),
  plan: sha256Schema,
  settings: screenSettingsSchema,
  /** The deny list (shared/schedule/denial.schema.ts) that was in force; a device that holds an older one fetches it. */
  denyListVersion: z.int().min(0),
  /** Grows per screen; a device persists the highest it accepted and refuses what is not above it. */
  counter: z.int().positive(),
  issuedAt: instantSchema,
  /** Limits accepting, never playing. */
  expiresAt: instantSchema,
});
export type Assignment = z.infer<typeof assignmentSchema>;
