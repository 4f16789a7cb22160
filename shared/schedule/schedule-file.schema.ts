import { z } from 'zod';
import { assetKindSchema, assetPartSchema } from '../asset/asset.schema.ts';
import { playlistIdSchema, regionCodeSchema, scheduleIdSchema, sha256Schema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import { reviewPolicySchema } from './review.schema.ts';
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
 * windows are one word (`08:00-20:00`); assets have readable names instead of hashes. The
 * descriptions are what editors show (schedules/schedule-file.schema.json).
 */
export const assetKeySchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
  .max(80);

const WINDOW = /^\s*([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?\s*-\s*(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00)\s*$/;

/** `HH:MM-HH:MM`. */
const windowTextSchema = z
  .string()
  .regex(WINDOW, 'a window written HH:MM-HH:MM')
  .transform((text) => {
    const [start = '', end = ''] = text.split('-').map((part) => part.trim());
    return { start: clockTimeSchema.parse(start), end: clockTimeSchema.parse(end) };
  });

const whenShape = {
  days: dayRuleSchema
    .optional()
    .describe(
      '哪些天：every、weekdays、weekends、workdays、holidays、{weekdays: [1, 5]}、{dates: […]}。Which days.',
    ),
  excludeDates: z.array(localDaySchema).max(1_000).optional().describe('除了这些天。Except on these days.'),
  windows: z
    .array(windowTextSchema)
    .min(1)
    .max(48)
    .describe('时段，如 "08:00-20:00"；结束不晚于开始就是跨零点。Half-open windows, Asia/Shanghai.'),
  validity: z
    .strictObject({
      from: localDaySchema.describe('第一天，含。First day.'),
      to: localDaySchema.nullable().default(null).describe('最后一天，含；长期有效不写。Last day.'),
    })
    .describe('有效期，两头都含。First and last day, inclusive.'),
};

export const fileAssetSchema = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('文件，从排期目录起的路径；HLS 写它的 .m3u8。Path from the folder of the schedule files.'),
    kind: assetKindSchema.describe('video、hls、image、card'),
    title: z.string().min(1).max(120).describe('标题。Title.'),
    durationS: z
      .int()
      .positive()
      .max(86_400)
      .optional()
      .describe('自然时长，整秒；视频要写。Natural length; needed for video.'),
    picture: z.string().min(1).max(300).optional().describe('图文卡里的图：文件。The picture of a card.'),
    sha256: sha256Schema
      .optional()
      .describe(
        '内容的 SHA-256：有 file 就核对，没有就是中心已有的素材。Checked against file, or names what the center has.',
      ),
    mime: z.string().max(100).optional().describe('没有 file 时写。Where there is no file.'),
    sizeBytes: z.int().positive().optional().describe('没有 file 时写。Where there is no file.'),
    parts: z
      .array(assetPartSchema)
      .max(5_000)
      .optional()
      .describe('没有 file 时写：HLS 的分片、图文卡的图。Where there is no file: segments, picture.'),
  })
  .describe('一个素材。An asset.');
export type FileAsset = z.infer<typeof fileAssetSchema>;

/** A made-up screen to resolve a day for without a center; applying ignores it. */
export const screenPlaceSchema = z.strictObject({
  name: z.string().min(1).max(80),
  region: regionCodeSchema.describe('所在区划。Where it stands.'),
  tags: z.array(z.string().min(1).max(40)).max(100).optional().describe('标签。Tags.'),
  groups: z.array(z.string().min(1).max(80)).max(100).optional().describe('分组。Screen groups.'),
});
export type ScreenPlace = z.infer<typeof screenPlaceSchema>;

const playlistShape = z.strictObject({
  name: z.string().min(1).max(80),
  items: z
    .array(
      z.strictObject({
        asset: assetKeySchema.describe('assets 里的名字。A key of assets.'),
        durationS: playlistItemSchema.shape.durationS.describe('播多久，整秒。How long it is on.'),
        fit: playlistItemSchema.shape.fit.optional().describe('contain 完整显示，cover 铺满。'),
      }),
    )
    .min(1)
    .max(1_000)
    .describe('按顺序播。Played in order.'),
});

const scheduleShape = z.strictObject({
  name: z.string().min(1).max(80),
  class: scheduleClassSchema.describe('mandatory 必播、rotation 轮播、filler 垫片'),
  playlist: playlistIdSchema.describe('节目单，本级或上级的。A playlist of this region or one above.'),
  audience: audienceSchema
    .optional()
    .describe('受众；不写就是本区划全部。Audience; left out: the whole subtree of the issuer.'),
  ...whenShape,
  priority: z
    .int()
    .min(-1_000)
    .max(1_000)
    .optional()
    .describe('必播、垫片：大的在前。Mandatory and filler: higher first.'),
  weight: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe('轮播：同级之间的分量。Rotation: share inside the tier.'),
  once: z.boolean().optional().describe('必播：每个时段只播一遍。Mandatory: once per window.'),
});

export const scheduleFileSchema = z.strictObject({
  scope: regionCodeSchema
    .optional()
    .describe('整个目录管哪个区划，只在一个文件里写。The region whose subtree the folder replaces, whole.'),
  region: regionCodeSchema
    .optional()
    .describe('这个文件里的东西由谁发布。Who issues what stands in this file.'),
  assets: z
    .record(assetKeySchema, fileAssetSchema)
    .optional()
    .describe('素材：名字和它是什么。Assets by name.'),
  playlists: z.record(playlistIdSchema, playlistShape).optional().describe('节目单。Playlists by id.'),
  schedules: z.record(scheduleIdSchema, scheduleShape).optional().describe('排期。Schedules by id.'),
  quota: z
    .strictObject({
      percents: percentsSchema.nullable().default(null).describe('轮播时间各级的百分比，合计 100。'),
      minimums: percentsSchema
        .partial()
        .optional()
        .describe('给下级锁定的下限。Minimums locked for those below.'),
    })
    .optional()
    .describe('本区划的轮播配额。How the tiers share rotation airtime below this region.'),
  reserved: z
    .record(scheduleIdSchema, z.strictObject(whenShape))
    .optional()
    .describe('保留时段：下级的排期在这段时间不播。Time kept from lower tiers.'),
  review: reviewPolicySchema
    .omit({ region: true })
    .extend({
      stages: reviewPolicySchema.shape.stages.describe('各级发布要过几审，0–3。Stages by issuing tier.'),
      final: reviewPolicySchema.shape.final.describe('末审由谁：issuer 发布方，demander 提要求的一级。'),
    })
    .optional()
    .describe('审核要求（先审后播）。Reviews demanded of this region and those below.'),
  screens: z
    .record(assetKeySchema, screenPlaceSchema)
    .optional()
    .describe('示例点位，供 timeline、explain 用，应用时不管。Sample places; ignored by apply.'),
});
export type ScheduleFile = z.infer<typeof scheduleFileSchema>;
