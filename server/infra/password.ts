import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordHasher, TokenHasher } from '../features/identity/identity.port.ts';

const derive = promisify(argon2);

/** OWASP's Password Storage Cheat Sheet: 19 MiB, two passes, one lane. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_LENGTH = 32;

interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** Argon2id (RFC 9106), kept as `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, so that the cost may be raised later. */
export const argon2id: PasswordHasher = {
  async hash(password) {
    const salt = randomBytes(16);
    const tag = await tagOf(password, salt, COST);
    const { memory, passes, parallelism } = COST;
    return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(salt)}$${bare(tag)}`;
  },

  async verify(password, hashed) {
    const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(
      hashed,
    );
    if (match === null) return false;
    const [, memory, passes, parallelism, salt = '', tag = ''] = match;
    const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
    const expected = Buffer.from(tag, 'base64');
    const actual = await tagOf(password, Buffer.from(salt, 'base64'), cost);
    return expected.length === actual.length && timingSafeEqual(expected, actual);
  },
};

/** Tokens are 256 random bits, so a plain hash at rest is enough. */
export const sha256Token: TokenHasher = (token) => createHash('sha256').update(token).digest('hex');

function tagOf(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return derive('argon2id', { message: password, nonce: salt, tagLength: TAG_LENGTH, ...cost });
}

/** Base64 without padding, as PHC strings have it. */
function bare(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
