import { z } from 'zod';
import { accountIdSchema, organisationIdSchema, regionCodeSchema } from '../core/ids.ts';
import { ABILITIES, ROLES } from './abilities.ts';

/** Fewest characters of a password. */
export const PASSWORD_MIN = 12;

export const loginNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9._-]{1,39}$/, '2–40 lower-case letters, digits, . _ -');

export const grantSchema = z.strictObject({
  role: z.enum(ROLES),
  region: regionCodeSchema,
  /** Holds until this instant, milliseconds since 1970; `null`: until it is taken away. */
  expiresAtMs: z.int().nullable().default(null),
});
export type RoleGrant = z.infer<typeof grantSchema>;

/** An account as others see it: never its password or its second factor's secret. */
export const accountSchema = z.strictObject({
  id: accountIdSchema,
  login: z.string(),
  name: z.string(),
  grants: z.array(grantSchema),
  /** The operating organisation whose grants it acts under. */
  organisation: organisationIdSchema.nullable(),
  organisationName: z.string().nullable(),
  secondFactor: z.boolean(),
  mustChange: z.boolean(),
  disabled: z.boolean(),
  lockedUntilMs: z.int().nullable(),
  lastLoginAtMs: z.int().nullable(),
  createdAtMs: z.int(),
});
export type Account = z.infer<typeof accountSchema>;

export const loginSchema = z.strictObject({
  login: z.string().max(80),
  password: z.string().max(200),
  /** Six digits of the authenticator, or a recovery code; without it SECOND_FACTOR_NEEDED asks for it. */
  code: z.string().trim().max(40).optional(),
});

/** Who is logged in and what that allows. */
export const meSchema = z.strictObject({
  account: accountIdSchema,
  login: z.string(),
  name: z.string(),
  grants: z.array(grantSchema),
  organisation: z.strictObject({ id: organisationIdSchema, name: z.string() }).nullable(),
  /** Regions over whose subtrees each ability is held. */
  abilities: z.partialRecord(z.enum(ABILITIES), z.array(regionCodeSchema)),
  /** The password was set by somebody else and should be changed. */
  mustChange: z.boolean(),
  secondFactor: z.strictObject({
    set: z.boolean(),
    /** This center lets nobody change what is on air, or who may, without it. */
    demanded: z.boolean(),
    recoveryCodesLeft: z.int().min(0),
  }),
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

/** Begins setting up a second factor (TOTP, RFC 6238); nothing changes until a code confirms it. */
export const secondFactorBeginSchema = z.strictObject({ password: z.string().max(200) });
export const secondFactorOfferSchema = z.strictObject({
  /** Base32, for typing. */
  secret: z.string(),
  /** `otpauth://` for the QR code. */
  uri: z.string(),
});
export const secondFactorConfirmSchema = z.strictObject({ code: z.string().trim().max(40) });
export const recoveryCodesSchema = z.strictObject({
  /** Each works once in place of a code; shown this once. */
  recoveryCodes: z.array(z.string()),
});
export const secondFactorRemovalSchema = z.strictObject({
  password: z.string().max(200),
  code: z.string().trim().max(40),
});

export const accountCreationSchema = z.strictObject({
  login: loginNameSchema,
  name: z.string().trim().min(1).max(40),
  /** Left out: the center makes one and answers it once. */
  password: z.string().max(200).optional(),
  /** Empty for a member of an operating organisation, who acts inside its grants alone. */
  grants: z.array(grantSchema).max(50),
  organisation: organisationIdSchema.nullable().default(null),
});
export type AccountCreation = z.output<typeof accountCreationSchema>;

/** What is left out stays. */
export const accountPatchSchema = z.strictObject({
  name: z.string().trim().min(1).max(40).optional(),
  grants: z.array(grantSchema).max(50).optional(),
  disabled: z.boolean().optional(),
  /** Takes the second factor away, for somebody who lost it. */
  resetSecondFactor: z.literal(true).optional(),
  /** Makes a new password, answered this once, and ends all sessions. */
  resetPassword: z.literal(true).optional(),
});
export type AccountPatch = z.infer<typeof accountPatchSchema>;

export const accountCreatedSchema = z.strictObject({
  account: accountSchema,
  /** The generated password, shown this once; `null` where none was made. */
  password: z.string().nullable(),
});

export const accountQuerySchema = z.strictObject({
  text: z.string().trim().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
  offset: z.coerce.number().int().min(0).default(0),
});
export const accountListSchema = z.strictObject({ rows: z.array(accountSchema), total: z.int().min(0) });

/** One's own open sessions. */
export const sessionListSchema = z.strictObject({
  rows: z.array(
    z.strictObject({
      /** Names it without being its token. */
      id: z.string(),
      createdAtMs: z.int(),
      seenAtMs: z.int(),
      /** The one that asks. */
      current: z.boolean(),
    }),
  ),
});
