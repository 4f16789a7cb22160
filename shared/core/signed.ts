import { utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';

/**
 * A signed document: the exact text that was signed travels as a string, so that it is verified
 * before it is parsed (DESIGN.md section 9). Signing itself is a port: `sign(signingInput(...))`.
 */
export const SignedKind = {
  assignment: 'kepu-assignment/1',
  batch: 'kepu-batch/1',
  hello: 'kepu-hello/1',
  enrolment: 'kepu-enrolment/1',
  denials: 'kepu-denials/1',
  auditHead: 'kepu-audit-head/1',
} as const;
export type SignedKind = (typeof SignedKind)[keyof typeof SignedKind];

export const envelopeSchema = z.strictObject({
  /** The signed document's exact text (canonical JSON). */
  text: z.string().max(4_000_000),
  /** First 16 hex characters of SHA-256 over the signer's raw Ed25519 public key. */
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Ed25519 signature over {@link signingInput}, base64url without padding. */
  signature: z.base64url().max(128),
});
export type Envelope = z.infer<typeof envelopeSchema>;

/**
 * The bytes that an Ed25519 signature covers: the kind, a zero byte, then the text. The kind in
 * front keeps a signature made for one kind of document from being used for another.
 */
export function signingInput(kind: SignedKind, text: string): Uint8Array {
  return utf8ToBytes(`${kind}\0${text}`);
}
