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

/** Whether the chain holds, and if not at which entry it breaks first. */
export const auditVerdictSchema = z.strictObject({
  ok: z.boolean(),
  entries: z.int().min(0),
  brokenAt: z.int().nullable(),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;
