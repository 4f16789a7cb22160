import { z } from 'zod';
import { bootIdSchema, deviceIdSchema, sha256Schema } from '../core/ids.ts';
import type { Envelope } from '../core/signed.ts';
import type { Beat } from '../telemetry/live.schema.ts';
import { rendererSchema } from '../telemetry/record.schema.ts';
import type { BatchAnswer } from '../telemetry/record.schema.ts';

/**
 * What a player and the center say to each other. Enrolment is HTTP; everything live is Socket.IO
 * in the namespace {@link PLAYER_NAMESPACE}; plans, assets and the journal's fallback are HTTP with
 * the bearer token that `hello` answers.
 */
export const PLAYER_NAMESPACE = '/player';

/** Raw 32-byte Ed25519 public key, base64url without padding. */
export const publicKeySchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'a raw Ed25519 public key in base64url');

/** The signed text of an enrolment (envelope kind `kepu-enrolment/1`, signed by the device's own key). */
export const enrolmentSchema = z.strictObject({
  format: z.literal('kepu-enrolment/1'),
  publicKey: publicKeySchema,
  renderer: rendererSchema,
  version: z.string().max(40),
  /** What the technician reads on the glass and in the console, e.g. host name. */
  hardware: z.string().max(200),
  /** 16 random bytes in hex. A replayed enrolment only shows the code again, which its key owns anyway. */
  nonce: z.string().regex(/^[0-9a-f]{32}$/),
});
export type Enrolment = z.infer<typeof enrolmentSchema>;

/** Letters and digits of a pairing code, without those that look alike. */
export const PAIRING_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const PAIRING_CODE_LENGTH = 8;

export const centerKeySchema = z.strictObject({
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  publicKey: publicKeySchema,
});
export type CenterKey = z.infer<typeof centerKeySchema>;

export const enrolmentAnswerSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('waiting'),
    device: deviceIdSchema,
    /** Eight characters of {@link PAIRING_ALPHABET}. */
    code: z.string().length(PAIRING_CODE_LENGTH),
    codeExpiresAtMs: z.int(),
    /** Where a phone claims this code. */
    claimUrl: z.url(),
    center: centerKeySchema,
    nowMs: z.int(),
  }),
  z.strictObject({
    state: z.literal('claimed'),
    device: deviceIdSchema,
    center: centerKeySchema,
    nowMs: z.int(),
  }),
]);
export type EnrolmentAnswer = z.infer<typeof enrolmentAnswerSchema>;

/** The signed text of a hello (envelope kind `kepu-hello/1`): answers the socket's challenge. */
export const helloSchema = z.strictObject({
  format: z.literal('kepu-hello/1'),
  device: deviceIdSchema,
  boot: bootIdSchema,
  /** The nonce of the challenge, as sent. */
  nonce: z.string(),
  /** The center's key id that this device trusts, so that a relayed challenge of another center fails. */
  center: z.string(),
  renderer: rendererSchema,
  version: z.string().max(40),
  osBoot: z.string().max(64),
  /** What the device already has, so that the center sends only what is newer. */
  counter: z.int().min(0),
  plan: sha256Schema.nullable(),
  /** Version of the deny list it holds; 0: none. */
  denyListVersion: z.int().min(0).default(0),
});
export type Hello = z.infer<typeof helloSchema>;

export interface HelloAnswerOk {
  readonly ok: true;
  /** Bearer token for plans, assets and the journal by HTTP. */
  readonly token: string;
  readonly tokenExpiresAtMs: number;
  readonly nowMs: number;
}
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly detail: string;
}
export type HelloAnswer = HelloAnswerOk | Refusal;

export const planStateSchema = z.strictObject({
  plan: sha256Schema,
  state: z.enum(['fetched', 'verified', 'on-air', 'refused']),
  code: z.string().max(60).nullable(),
});
export type PlanStateReport = z.infer<typeof planStateSchema>;

/** Four-timestamp exchange: the device adds its own arrival time. All in milliseconds. */
export interface TimeAnswer {
  /** Center time when the request arrived. */
  readonly t1: number;
  /** Center time when the answer left. */
  readonly t2: number;
}

export interface CenterToPlayer {
  challenge: (challenge: { nonce: string }) => void;
  /** An envelope of kind `kepu-assignment/1`: the doorbell and the document in one. */
  assignment: (envelope: Envelope) => void;
  /** An envelope of kind `kepu-denials/1`: the place's whole deny list. Answered once it is persisted. */
  denials: (envelope: Envelope, answer: (result: { version: number }) => void) => void;
  /** Another engine with the same key connected, or the device was unbound. */
  dismissed: (reason: Refusal) => void;
}

export interface PlayerToCenter {
  hello: (envelope: Envelope, answer: (result: HelloAnswer) => void) => void;
  time: (answer: (result: TimeAnswer) => void) => void;
  beat: (beat: Beat, answer: (result: { ok: boolean }) => void) => void;
  journal: (envelope: Envelope, answer: (result: BatchAnswer) => void) => void;
  planState: (report: PlanStateReport, answer: (result: { ok: boolean }) => void) => void;
}

/** HTTP paths of the center that a player uses. */
export const playerPaths = {
  enrolment: '/api/enrolment',
  assignment: '/api/assignment',
  denials: '/api/denials/list',
  plan: (digest: string) => `/api/plans/${digest}`,
  asset: (sha256: string) => `/api/assets/${sha256}`,
  journal: '/api/journal',
} as const;
