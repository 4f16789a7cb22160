import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { SecretBox } from '../features/identity/identity.port.ts';
import { readOrCreateSecret } from './secret-file.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D: 96 random bits, well below 2^32 uses of one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a key kept in the data folder: who reads only the database, or a backup of it,
 * reads no secret. What a secret is about goes in as associated data, so that it fits nothing else.
 */
export function openSecretBox(folder: string): SecretBox {
  const key = Buffer.from(
    readOrCreateSecret(join(folder, 'second-factor.secret'), () =>
      randomBytes(KEY_BYTES).toString('base64url'),
    ),
    'base64url',
  );
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(
        Buffer.from(about),
      );
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `1.${sealed.toString('base64url')}`;
    },
    open(sealed, about) {
      const bytes = Buffer.from(/^1\.([A-Za-z0-9_-]+)$/.exec(sealed)?.[1] ?? '', 'base64url');
      if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new TypeError('not a sealed secret');
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    },
  };
}
