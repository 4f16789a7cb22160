import { z } from 'zod';
import { bootIdSchema, deviceIdSchema, regionCodeSchema, screenIdSchema, sha256Schema } from '../core/ids.ts';
import { localDaySchema } from '../core/time.ts';
import { windowSchema } from '../schedule/schedule.schema.ts';
import { TIERS } from '../region/tier.ts';
import { recordSchema } from '../telemetry/record.schema.ts';

/** Version of the metric definitions (统计口径) of DESIGN.md section 7 that the figures follow. */
export const METRIC_VERSION = 1;

/**
 * The sums behind every figure, in whole seconds. Rates are quotients of sums (pooled), never means:
 * 开机率 = on / required, 使用率 = used / required, 内容占用率 = used / on.
 */
export const figureSumsSchema = z.strictObject({
  /** ΣW, before exemptions, an unfinished day clipped to now. */
  windowS: z.int().min(0),
  /** ΣE ∩ W. */
  exemptS: z.int().min(0),
  /** ΣS = Σ|W − E|. */
  requiredS: z.int().min(0),
  /** ΣP. */
  onS: z.int().min(0),
  /** Σ off inside W − E. */
  offS: z.int().min(0),
  /** ΣS − ΣP − Σoff. */
  unknownS: z.int().min(0),
  /** ΣU. */
  usedS: z.int().min(0),
  /** The part of ΣP the center saw live (核实); the rest is 自报. */
  verifiedS: z.int().min(0),
  /** The part of ΣP that the panel confirmed (grade A); the rest is B. */
  gradeAS: z.int().min(0),
});
export type FigureSums = z.infer<typeof figureSumsSchema>;

/** Screens behind a figure. */
export const screenCountsSchema = z.strictObject({
  /** In service on that day. */
  inService: z.int().min(0),
  /** In live contact now. */
  online: z.int().min(0),
  /** Required to be on at this moment (today only, else 0). */
  dueNow: z.int().min(0),
  /** Due today so far, and of those seen on today: 今日开机. */
  dueToday: z.int().min(0),
  onToday: z.int().min(0),
  /** Never heard from: 未联系. */
  neverContacted: z.int().min(0),
  demo: z.int().min(0),
});
export type ScreenCounts = z.infer<typeof screenCountsSchema>;

export const regionFigureSchema = z.strictObject({
  region: regionCodeSchema,
  name: z.string(),
  tier: z.enum(TIERS),
  /** Name of the city (or province) above, for a county row. */
  parentName: z.string(),
  counts: screenCountsSchema,
  sums: figureSumsSchema,
});
export type RegionFigure = z.infer<typeof regionFigureSchema>;

export const regionFiguresSchema = z.strictObject({
  day: localDaySchema,
  metricVersion: z.int(),
  /** Unix ms at which the figures were computed. */
  computedAtMs: z.int(),
  /** Nothing settles in this release; printed beside every figure. */
  settled: z.boolean(),
  total: regionFigureSchema,
  rows: z.array(regionFigureSchema),
});
export type RegionFigures = z.infer<typeof regionFiguresSchema>;

export const screenFigureSchema = z.strictObject({
  screen: screenIdSchema,
  name: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  demo: z.boolean(),
  online: z.boolean(),
  neverContacted: z.boolean(),
  lastContactMs: z.int().nullable(),
  sums: figureSumsSchema,
});
export type ScreenFigure = z.infer<typeof screenFigureSchema>;

/** One page of a region's screens, lowest 开机率 first. */
export const screenFigurePageSchema = z.strictObject({
  day: localDaySchema,
  metricVersion: z.int(),
  computedAtMs: z.int(),
  settled: z.boolean(),
  rows: z.array(screenFigureSchema),
  /** Screens over all pages. */
  total: z.int().min(0),
});

export const CAUSES = ['center', 'link', 'mains', 'panel', 'device', 'content', 'not-known'] as const;

/** One stretch of a screen's day, maximal with equal properties: half-open Unix seconds. */
export const dayIntervalSchema = z.strictObject({
  start: z.int(),
  end: z.int(),
  state: z.enum(['on', 'off', 'unknown']),
  /** Inside required hours W / inside an approved exemption E. */
  required: z.boolean(),
  exempt: z.boolean(),
  /** K: approved content truly showing. */
  content: z.boolean(),
  grade: z.enum(['A', 'B']).nullable(),
  verified: z.boolean(),
  cause: z.enum(CAUSES).nullable(),
  /** Journal records this rests on: boot and first … last sequence. */
  records: z.array(z.strictObject({ boot: z.string(), first: z.int(), last: z.int() })),
});
export type DayInterval = z.infer<typeof dayIntervalSchema>;

export const screenDaySchema = z.strictObject({
  screen: screenIdSchema,
  name: z.string(),
  demo: z.boolean(),
  regionNames: z.array(z.string()),
  day: localDaySchema,
  metricVersion: z.int(),
  computedAtMs: z.int(),
  settled: z.boolean(),
  neverContacted: z.boolean(),
  requiredHours: z.array(windowSchema),
  sums: figureSumsSchema,
  intervals: z.array(dayIntervalSchema),
});
export type ScreenDay = z.infer<typeof screenDaySchema>;

/** The journal records behind a stretch of a day, as they were signed. */
export const recordPageSchema = z.strictObject({
  device: deviceIdSchema,
  boot: bootIdSchema,
  records: z.array(
    z.strictObject({
      record: recordSchema,
      /** The chain's hash up to and with this record. */
      hash: sha256Schema,
      /** Earliest receipt, Unix ms. */
      receiptMs: z.int(),
      /** Where it lies in center time, Unix ms; `null` where it cannot be placed. */
      fromMs: z.int().nullable(),
      toMs: z.int().nullable(),
      /** Why it counts for nothing, or `null`. */
      quarantine: z.string().nullable(),
    }),
  ),
});
export type RecordPage = z.infer<typeof recordPageSchema>;

export const EXEMPTION_KINDS = ['power-cut', 'repair', 'ordered-off', 'force-majeure'] as const;

export const exemptionFilingSchema = z.strictObject({
  kind: z.enum(EXEMPTION_KINDS),
  /** One screen, or every screen of a region. */
  screen: screenIdSchema.optional(),
  region: regionCodeSchema.optional(),
  /** Unix seconds, half-open. */
  from: z.int(),
  to: z.int(),
  reason: z.string().min(1).max(500),
});
export type ExemptionFiling = z.infer<typeof exemptionFilingSchema>;

export const exemptionSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(EXEMPTION_KINDS),
  screen: screenIdSchema.nullable(),
  region: regionCodeSchema.nullable(),
  from: z.int(),
  to: z.int(),
  reason: z.string(),
  filedBy: z.string(),
  filedAtMs: z.int(),
  /** `null` until it is approved; until then it changes nothing. */
  approvedBy: z.string().nullable(),
  approvedAtMs: z.int().nullable(),
});
export type Exemption = z.infer<typeof exemptionSchema>;

export const exemptionPageSchema = z.strictObject({
  rows: z.array(exemptionSchema),
  total: z.int().min(0),
});

export const requiredHoursChangeSchema = z.strictObject({
  region: regionCodeSchema,
  windows: z.array(windowSchema).max(48),
  /** First day it holds; no earlier than tomorrow. */
  fromDay: localDaySchema,
});

/** A version of a region's required hours. */
export const requiredHoursVersionSchema = z.strictObject({
  region: regionCodeSchema,
  windows: z.array(windowSchema),
  fromDay: localDaySchema,
  changedAtMs: z.int(),
});
export type RequiredHoursVersion = z.infer<typeof requiredHoursVersionSchema>;

/** What a region requires on a day, and the region whose rule says so; all versions of the region itself. */
export const requiredHoursSchema = z.strictObject({
  region: regionCodeSchema,
  day: localDaySchema,
  windows: z.array(windowSchema),
  from: regionCodeSchema.nullable(),
  versions: z.array(requiredHoursVersionSchema),
});
export type RequiredHours = z.infer<typeof requiredHoursSchema>;
