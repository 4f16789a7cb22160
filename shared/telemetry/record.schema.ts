import { z } from 'zod';
import { canonicalText, sha256Hex } from '../core/canonical.ts';
import { bootIdSchema, deviceIdSchema, scheduleIdSchema, sha256Schema } from '../core/ids.ts';
import type { BootId, DeviceId, Sha256 } from '../core/ids.ts';

/**
 * The journal's records (DESIGN.md section 6, ACCOUNTING.md). Instants inside a boot are
 * milliseconds of its monotonic clock, 0 at engine start; the offset turns them into center time.
 */
const monoMs = z.int().min(0);

/**
 * What the device knew of the center's clock: center time = mono + x with `lo <= x <= hi`
 * (milliseconds since 1970), measured at monotonic instant `at`.
 */
export const clockOffsetSchema = z
  .strictObject({ lo: z.int(), hi: z.int(), at: monoMs })
  .refine((offset) => offset.lo <= offset.hi, 'lo is above hi');
export type ClockOffset = z.infer<typeof clockOffsetSchema>;

const base = {
  seq: z.int().min(1),
  /** When the record was made. */
  mono: monoMs,
  /** The machine's wall clock then, milliseconds since 1970; may be wrong. */
  wall: z.int(),
  /** The offset known then; `null` while the boot has not met the center. */
  off: clockOffsetSchema.nullable(),
};
const interval = { from: monoMs, to: monoMs };
/** Version of the deny list under which the timeline was followed; left out: none was held. */
const denyList = z.int().positive().optional();

export const rendererSchema = z.enum(['chromium', 'electron', 'browser', 'headless']);

export const recordSchema = z
  .discriminatedUnion('kind', [
    /** The first record of every boot, and only that. */
    z.strictObject({
      ...base,
      kind: z.literal('boot'),
      osBoot: z.string().max(64),
      previous: z.strictObject({ boot: bootIdSchema, lastSeq: z.int().min(1) }).nullable(),
      panelReadable: z.boolean(),
      renderer: rendererSchema,
      version: z.string().max(40),
    }),
    /** The engine ran; `painted` counts frames that the stage really painted. */
    z.strictObject({ ...base, ...interval, kind: z.literal('power'), painted: z.int().min(0) }),
    /** What the panel said of itself (CEC, DDC, sensor). */
    z.strictObject({ ...base, ...interval, kind: z.literal('panel'), state: z.enum(['on', 'off']) }),
    /** The plan's timeline was followed, but for the exceptions. */
    z.strictObject({
      ...base,
      ...interval,
      kind: z.literal('run'),
      plan: sha256Schema,
      denyList,
      /** Items of which at least one frame was painted. */
      items: z.int().min(0),
      frames: z.int().min(0),
      /** SHA-256 over canonical `[[itemIndex, framesPainted, firstFrameMono], …]` in order. */
      proof: sha256Schema,
    }),
    /** What differed from the timeline, within a run. */
    z.strictObject({
      ...base,
      ...interval,
      kind: z.literal('exception'),
      cause: z.enum(['late', 'failed', 'stood-in', 'cut', 'frozen']),
      plan: sha256Schema,
      denyList,
      schedule: scheduleIdSchema.nullable(),
      asset: sha256Schema.nullable(),
      detail: z.string().max(200),
    }),
    /** The plan on air changed. */
    z.strictObject({
      ...base,
      kind: z.literal('switch'),
      plan: sha256Schema,
      previous: sha256Schema.nullable(),
    }),
    /** Something was refused and the old one kept. */
    z.strictObject({
      ...base,
      kind: z.literal('refusal'),
      what: z.enum(['assignment', 'plan', 'asset', 'denials']),
      code: z.string().max(60),
      detail: z.string().max(200),
    }),
    /** Records `fromSeq … toSeq` of `boot` are gone for good on this device. */
    z.strictObject({
      ...base,
      kind: z.literal('lost'),
      boot: bootIdSchema,
      fromSeq: z.int().min(1),
      toSeq: z.int().min(1),
    }),
  ])
  .superRefine((record, issue) => {
    if ('from' in record && record.to < record.from)
      issue.addIssue({ code: 'custom', path: ['to'], message: 'the interval ends before it begins' });
    if ((record.kind === 'boot') !== (record.seq === 1))
      issue.addIssue({ code: 'custom', path: ['kind'], message: 'boot is the first record, and only that' });
  });
export type JournalRecord = z.infer<typeof recordSchema>;

/** The hash before a boot's first record. */
export function chainStart(device: DeviceId, boot: BootId): Sha256 {
  return sha256Hex(`kepu-journal/1\0${device}\0${boot}`);
}

/** Each record's hash covers the one before and the record's canonical text. */
export function chainNext(previous: Sha256, record: JournalRecord): Sha256 {
  return sha256Hex(`${previous}\0${canonicalText(record)}`);
}

/** Most records in one batch. */
export const BATCH_MAX = 500;

/** A run of consecutive records of one boot; the text inside a signed envelope of kind `kepu-batch/1`. */
export const batchSchema = z.strictObject({
  format: z.literal('kepu-batch/1'),
  device: deviceIdSchema,
  boot: bootIdSchema,
  /** The hash before the first record here: {@link chainStart} or the hash of record `first - 1`. */
  previous: sha256Schema,
  records: z.array(recordSchema).min(1).max(BATCH_MAX),
});
export type Batch = z.infer<typeof batchSchema>;

/**
 * Answer to a batch. `mark` is the largest n whose records 1..n of that boot are each committed,
 * quarantined or declared lost; it is answered only after the commit.
 */
export const batchAnswerSchema = z.union([
  z.strictObject({ ok: z.literal(true), boot: bootIdSchema, mark: z.int().min(0) }),
  z.strictObject({
    ok: z.literal(false),
    code: z.string(),
    detail: z.string(),
    mark: z.int().min(0).nullable(),
  }),
]);
export type BatchAnswer = z.infer<typeof batchAnswerSchema>;
