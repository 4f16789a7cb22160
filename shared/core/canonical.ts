import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';
import type { Sha256 } from './ids.ts';

/**
 * The one text of a JSON value (RFC 8785, JSON Canonicalization Scheme), so that equal values
 * have equal bytes on every machine.
 * @throws TypeError when the value is not JSON (undefined, function, NaN).
 */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}

/** UTF-8 bytes of {@link canonicalText}. */
export function canonicalBytes(value: unknown): Uint8Array {
  return utf8ToBytes(canonicalText(value));
}

/** SHA-256 (FIPS 180-4) of bytes or of a text's UTF-8 bytes, in lower-case hex. */
export function sha256Hex(data: Uint8Array | string): Sha256 {
  return bytesToHex(sha256(typeof data === 'string' ? utf8ToBytes(data) : data)) as Sha256;
}
