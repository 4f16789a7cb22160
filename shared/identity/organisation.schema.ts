import { z } from 'zod';
import { organisationIdSchema, regionCodeSchema } from '../core/ids.ts';
import { GRANTABLE_ABILITIES } from './abilities.ts';

/** Operating organisations (第三方运营): they act only inside grants — regions, abilities, expiry. */

export const organisationGrantSchema = z.strictObject({
  id: z.string(),
  region: regionCodeSchema,
  regionName: z.string(),
  abilities: z.array(z.enum(GRANTABLE_ABILITIES)),
  /** Milliseconds since 1970; a grant always ends. */
  expiresAtMs: z.int(),
  grantedByName: z.string(),
  grantedAtMs: z.int(),
  /** Taken back before its time. */
  revokedAtMs: z.int().nullable(),
  revokedByName: z.string().nullable(),
});
export type OrganisationGrant = z.infer<typeof organisationGrantSchema>;

export const organisationSchema = z.strictObject({
  id: organisationIdSchema,
  name: z.string(),
  /** The region that keeps it on its books: who manages accounts there manages its members. */
  region: regionCodeSchema,
  regionName: z.string(),
  contact: z.string(),
  disabled: z.boolean(),
  members: z.int().min(0),
  grants: z.array(organisationGrantSchema),
  createdAtMs: z.int(),
});
export type Organisation = z.infer<typeof organisationSchema>;

export const organisationListSchema = z.strictObject({ rows: z.array(organisationSchema) });

export const organisationCreationSchema = z.strictObject({
  name: z.string().trim().min(2).max(60),
  region: regionCodeSchema,
  contact: z.string().trim().max(80).default(''),
});
export const organisationPatchSchema = z.strictObject({
  name: z.string().trim().min(2).max(60).optional(),
  contact: z.string().trim().max(80).optional(),
  disabled: z.boolean().optional(),
});

export const organisationGrantCreationSchema = z.strictObject({
  region: regionCodeSchema,
  abilities: z.array(z.enum(GRANTABLE_ABILITIES)).min(1),
  expiresAtMs: z.int(),
});
