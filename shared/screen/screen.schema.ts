import { z } from 'zod';
import { deviceIdSchema, regionCodeSchema, screenIdSchema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import { screenSettingsSchema } from '../plan/assignment.schema.ts';
import { rendererSchema } from '../telemetry/record.schema.ts';
import { PAIRING_ALPHABET, PAIRING_CODE_LENGTH } from './protocol.ts';

/** A screen's own settings; required hours come from its region's rules (assessment). */
export const screenOwnSettingsSchema = screenSettingsSchema.omit({ requiredHours: true });
export type ScreenOwnSettings = z.infer<typeof screenOwnSettingsSchema>;

const nameSchema = z.string().trim().min(1).max(60);
const tagSchema = z.string().trim().min(1).max(40);
const groupSchema = z.string().trim().min(1).max(80);

/** An installed place (点位/大屏), accountable for its hours. */
export const screenSchema = z.strictObject({
  id: screenIdSchema,
  name: z.string(),
  region: regionCodeSchema,
  tags: z.array(z.string()),
  groups: z.array(z.string()),
  /** Part of a demonstration; marked so everywhere. */
  demo: z.boolean(),
  /** The first counted day is the one after (ACCOUNTING.md rule 15). */
  commissionedOn: localDaySchema,
  /** The last counted day is the one before. */
  retiredOn: localDaySchema.nullable(),
  settings: screenOwnSettingsSchema,
  /** The box bound to it now. */
  device: deviceIdSchema.nullable(),
});
export type Screen = z.infer<typeof screenSchema>;

/** A screen in a list: with the names of its regions. */
export const screenRowSchema = z.strictObject({
  ...screenSchema.shape,
  /** Names from the province down. */
  regionNames: z.array(z.string()),
});
export type ScreenRow = z.infer<typeof screenRowSchema>;

export const screenPageSchema = z.strictObject({
  rows: z.array(screenRowSchema),
  total: z.int().min(0),
});

/** Which box stood behind a screen, from–to. */
export const bindingSchema = z.strictObject({
  device: deviceIdSchema,
  fromMs: z.int(),
  toMs: z.int().nullable(),
});
export type Binding = z.infer<typeof bindingSchema>;

/** A screen alone: with its boxes, latest first. */
export const screenDetailSchema = z.strictObject({
  ...screenRowSchema.shape,
  bindings: z.array(
    z.strictObject({
      ...bindingSchema.shape,
      renderer: rendererSchema,
      version: z.string(),
      hardware: z.string(),
    }),
  ),
});
export type ScreenDetail = z.infer<typeof screenDetailSchema>;

export const screenCreationSchema = z.strictObject({
  name: nameSchema,
  region: regionCodeSchema,
  tags: z.array(tagSchema).max(50).default([]),
  groups: z.array(groupSchema).max(50).default([]),
  /** Left out: today. A day gone by is for demo screens of a demo center only. */
  commissionedOn: localDaySchema.optional(),
  demo: z.boolean().default(false),
  settings: screenOwnSettingsSchema.partial().default({}),
});
export type ScreenCreation = z.infer<typeof screenCreationSchema>;

export const screenPatchSchema = z.strictObject({
  name: nameSchema.optional(),
  tags: z.array(tagSchema).max(50).optional(),
  groups: z.array(groupSchema).max(50).optional(),
  settings: screenOwnSettingsSchema.partial().optional(),
});
export type ScreenPatch = z.infer<typeof screenPatchSchema>;

export const claimSchema = z.strictObject({
  /** As read on the glass; case and blanks do not matter. */
  code: z.string().max(40),
  /** Take the place of the box that is bound now. */
  replace: z.boolean().default(false),
});

export const retirementSchema = z.strictObject({
  /** No earlier than tomorrow; left out: tomorrow. */
  on: localDaySchema.optional(),
});

export const screenQuerySchema = z.strictObject({
  /** Only screens in this region's subtree. */
  region: regionCodeSchema.optional(),
  /** Part of the name, or a screen or device id. */
  q: z.string().max(80).optional(),
  tag: z.string().max(40).optional(),
  group: z.string().max(80).optional(),
  bound: z.stringbool().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

const NOT_IN_CODES = new RegExp(`[^${PAIRING_ALPHABET}]`);

/**
 * The pairing code that somebody typed: upper case, without blanks and hyphens.
 * @returns `null` when it cannot be one.
 */
export function readPairingCode(typed: string): string | null {
  const code = typed.toUpperCase().replace(/[\s-]/g, '');
  return code.length === PAIRING_CODE_LENGTH && !NOT_IN_CODES.test(code) ? code : null;
}
