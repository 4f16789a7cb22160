import { z } from 'zod';
import { accountIdSchema, regionCodeSchema } from '../core/ids.ts';
import { ABILITIES, ROLES } from './abilities.ts';

/** Fewest characters of a password. */
export const PASSWORD_MIN = 12;

export const loginNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9._-]{1,39}$/, '2–40 lower-case letters, digits, . _ -');

export const grantSchema = z.strictObject({ role: z.enum(ROLES), region: regionCodeSchema });

/** An account as others see it: never its password. */
export const accountSchema = z.strictObject({
  id: accountIdSchema,
  login: z.string(),
  name: z.string(),
  grants: z.array(grantSchema),
  mustChange: z.boolean(),
  disabled: z.boolean(),
  createdAtMs: z.int(),
});
export type Account = z.infer<typeof accountSchema>;

export const loginSchema = z.strictObject({
  login: z.string().max(80),
  password: z.string().max(200),
});

/** Who is logged in and what that allows. */
export const meSchema = z.strictObject({
  account: accountIdSchema,
  login: z.string(),
  name: z.string(),
  grants: z.array(grantSchema),
  /** Regions over whose subtrees each ability is held. */
  abilities: z.partialRecord(z.enum(ABILITIES), z.array(regionCodeSchema)),
  /** The password was set by somebody else and should be changed. */
  mustChange: z.boolean(),
  /** Whether this center runs the demo. */
  demo: z.boolean(),
  /** Minutes without a request after which one is logged out. */
  idleMinutes: z.int(),
});
export type Me = z.infer<typeof meSchema>;

export const passwordChangeSchema = z.strictObject({
  current: z.string().max(200),
  next: z.string().max(200),
});

export const accountCreationSchema = z.strictObject({
  login: loginNameSchema,
  name: z.string().trim().min(1).max(40),
  /** Left out: the center makes one and answers it once. */
  password: z.string().max(200).optional(),
  grants: z.array(grantSchema).min(1).max(50),
});
export type AccountCreation = z.infer<typeof accountCreationSchema>;

export const accountCreatedSchema = z.strictObject({
  account: accountSchema,
  /** The generated password, shown this once; `null` where one was given. */
  password: z.string().nullable(),
});

export const accountListSchema = z.strictObject({ rows: z.array(accountSchema) });
