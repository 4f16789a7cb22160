import { z } from 'zod';
import { sha256Schema } from '../core/ids.ts';

/** One entry of the append-only audit log; `hash` covers the entry and the hash before it. */
export const auditEntrySchema = z.strictObject({
  seq: z.int().positive(),
  atMs: z.int(),
  /** Account id, `system`, or a device id. */
  actor: z.string(),
  actorName: z.string(),
  /** What was done: `login`, `screen.claim`, `schedule.publish` … */
  action: z.string(),
  /** What it was done to: an id. */
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  previous: sha256Schema,
  hash: sha256Schema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = z.strictObject({
  rows: z.array(auditEntrySchema),
  total: z.int().min(0),
});

/**
 * The log's last entry, or the one that somebody noted as the last: it says all that came before. 0 and
 * what the first entry follows, where there is none yet.
 */
export const auditHeadSchema = z.strictObject({ seq: z.int().min(0), hash: sha256Schema });
export type AuditHead = z.infer<typeof auditHeadSchema>;

/** The signed text of the anchor (envelope kind `kepu-audit-head/1`), kept outside the database. */
export const auditAnchorSchema = z.strictObject({
  format: z.literal('kepu-audit-head/1'),
  ...auditHeadSchema.shape,
  atMs: z.int(),
});

export const AUDIT_FINDINGS = [
  'unreadable',
  'edited',
  'missing',
  'unlinked',
  'inserted',
  'truncated',
  'anchor-missing',
  'anchor-forged',
  'anchor-differs',
  'head-missing',
  'head-differs',
] as const;

/** One thing that is not as it was written. */
export const auditFindingSchema = z.strictObject({
  kind: z.enum(AUDIT_FINDINGS),
  /** The entry where it shows; `null`: the log as a whole. */
  seq: z.int().nullable(),
  zh: z.string(),
  en: z.string(),
});
export type AuditFinding = z.infer<typeof auditFindingSchema>;

/** Whether the log is as it was written: no edit, deletion, insertion, reordering or cut. */
export const auditVerdictSchema = z.strictObject({
  ok: z.boolean(),
  /** How many entries were read. */
  entries: z.int().min(0),
  /** The first entry that does not hold. */
  brokenAt: z.int().nullable(),
  /** The last entry read: noted elsewhere, it finds any later rewriting. */
  head: auditHeadSchema.nullable(),
  /** What the anchor outside the database says the head was. */
  anchor: auditHeadSchema.nullable(),
  /** Entries after the anchored one: a few, when the center was cut off before it wrote the anchor. */
  unanchored: z.int().min(0),
  /** In the order of the log; the first hundred. */
  findings: z.array(auditFindingSchema),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;
