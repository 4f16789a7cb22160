/**
 * The ports through which time and randomness reach the rules (DESIGN.md section 2): a test or a
 * simulation passes its own, so nothing above `infra/` asks the machine.
 */
export interface Clock {
  /** Milliseconds since 1970 by the machine's wall clock; may jump. */
  nowMs(): number;
  /** Milliseconds since some fixed instant of this process; never jumps, never runs backwards. */
  monotonicMs(): number;
}

export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `length` unpredictable lower-case base32 characters, each carrying five bits; what ids are made of. */
export function randomBase32(random: Random, length: number): string {
  return Array.from(random.bytes(length), (byte) => BASE32[byte & 31]).join('');
}

/** `count` unpredictable bytes in lower-case hex. */
export function randomHex(random: Random, count: number): string {
  return Array.from(random.bytes(count), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
