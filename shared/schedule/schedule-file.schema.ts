import { z } from 'zod';
import { assetKindSchema } from '../asset/asset.schema.ts';
import { playlistIdSchema, regionCodeSchema, scheduleIdSchema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import {
  audienceSchema,
  clockTimeSchema,
  dayRuleSchema,
  percentsSchema,
  playlistItemSchema,
  scheduleClassSchema,
} from './schedule.schema.ts';

/**
 * A schedule file as it is written (YAML). Ids are keys, so that none can stand twice in a file;
 * windows are one word (`08:00-20:00`); assets have readable names instead of hashes.
 */
export const assetKeySchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

/** `HH:MM-HH:MM`. */
const windowTextSchema = z.string().transform((text, issue) => {
  const [start, end, ...rest] = text.split('-').map((part) => clockTimeSchema.safeParse(part.trim()));
  if (start?.success !== true || end?.success !== true || rest.length > 0 || start.data === '24:00') {
    issue.addIssue({ code: 'custom', message: 'a window written HH:MM-HH:MM' });
    return z.NEVER;
  }
  return { start: start.data, end: end.data };
});

const whenShape = {
  days: dayRuleSchema.optional(),
  excludeDates: z.array(localDaySchema).max(1_000).optional(),
  windows: z.array(windowTextSchema).min(1).max(48),
  validity: z.strictObject({ from: localDaySchema, to: localDaySchema.nullable().default(null) }),
};

export const fileAssetSchema = z.strictObject({
  /** Path from the folder of the schedule files. */
  file: z.string().min(1).max(300),
  kind: assetKindSchema,
  title: z.string().min(1).max(120),
  /** Natural length; needed for video, told by the playlist for hls, not for images and cards. */
  durationS: z.int().positive().max(86_400).optional(),
});
export type FileAsset = z.infer<typeof fileAssetSchema>;

export const scheduleFileSchema = z.strictObject({
  /** The region whose subtree the folder replaces, whole; in exactly one file of the folder. */
  scope: regionCodeSchema.optional(),
  /** Who issues what stands in this file. */
  region: regionCodeSchema.optional(),
  assets: z.record(assetKeySchema, fileAssetSchema).optional(),
  playlists: z
    .record(
      playlistIdSchema,
      z.strictObject({
        name: z.string().min(1).max(80),
        items: z
          .array(
            z.strictObject({
              asset: assetKeySchema,
              durationS: playlistItemSchema.shape.durationS,
              fit: playlistItemSchema.shape.fit.optional(),
            }),
          )
          .min(1)
          .max(1_000),
      }),
    )
    .optional(),
  schedules: z
    .record(
      scheduleIdSchema,
      z.strictObject({
        name: z.string().min(1).max(80),
        class: scheduleClassSchema,
        playlist: playlistIdSchema,
        audience: audienceSchema.optional(),
        ...whenShape,
        priority: z.int().min(-1_000).max(1_000).optional(),
        weight: z.int().min(1).max(1_000).optional(),
        once: z.boolean().optional(),
      }),
    )
    .optional(),
  /** How the tiers share rotation airtime below `region`, and what it locks below itself. */
  quota: z
    .strictObject({
      percents: percentsSchema.nullable().default(null),
      minimums: percentsSchema.partial().optional(),
    })
    .optional(),
  reserved: z.record(scheduleIdSchema, z.strictObject(whenShape)).optional(),
});
export type ScheduleFile = z.infer<typeof scheduleFileSchema>;
