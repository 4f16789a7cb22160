import type { KeyObject } from 'node:crypto';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as edSign,
  verify as edVerify,
  generateKeyPairSync,
} from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DeviceId } from '../../shared/core/ids.ts';
import type { Envelope, SignedKind } from '../../shared/core/signed.ts';
import { signingInput } from '../../shared/core/signed.ts';
import type { CenterKey } from '../../shared/screen/protocol.ts';
import { readOrCreateSecret } from './secret-file.ts';

const edSignSoon = promisify(edSign);

/** Signs as the center. A port: a hardware key or SM2 can stand behind it (DESIGN.md section 9). */
export interface Signer {
  readonly publicKey: CenterKey;
  sign(kind: SignedKind, text: string): Envelope;
  /** The same on another thread, so that many signatures neither wait for each other nor hold the event loop. */
  signSoon(kind: SignedKind, text: string): Promise<Envelope>;
}

/** Name of the center's private key in the data folder. */
export const CENTER_KEY_FILE = 'center.key';

/**
 * The center's online Ed25519 key, kept as PKCS#8 PEM (mode 0600) in `folder` and made on the first
 * start.
 */
export function openSigner(folder: string): Signer {
  const pem = readOrCreateSecret(join(folder, CENTER_KEY_FILE), () =>
    String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })),
  );
  const privateKey = createPrivateKey(pem);
  const publicKey = rawPublicKey(createPublicKey(privateKey));
  const keyId = keyIdOf(publicKey);
  return {
    publicKey: { keyId, publicKey },
    sign: (kind, text) => ({
      text,
      keyId,
      signature: edSign(null, signingInput(kind, text), privateKey).toString('base64url'),
    }),
    async signSoon(kind, text) {
      const signature = await edSignSoon(null, signingInput(kind, text), privateKey);
      return { text, keyId, signature: signature.toString('base64url') };
    },
  };
}

/**
 * Whether `envelope` was signed as a document of `kind` by the key `publicKeyRaw` (32 raw bytes in
 * base64url). Never throws: a malformed key or signature does not verify.
 */
export function verifyEnvelope(kind: SignedKind, envelope: Envelope, publicKeyRaw: string): boolean {
  try {
    if (envelope.keyId !== keyIdOf(publicKeyRaw)) return false;
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKeyRaw }, format: 'jwk' });
    const signature = Buffer.from(envelope.signature, 'base64url');
    return edVerify(null, signingInput(kind, envelope.text), key, signature);
  } catch {
    // What is no key or no signature cannot have signed this.
    return false;
  }
}

/** First 16 hex characters of SHA-256 over the raw key. */
export function keyIdOf(publicKeyRaw: string): string {
  return hashOf(publicKeyRaw).slice(0, 16);
}

/** The device id that a raw public key names: first 32 hex characters of its SHA-256. */
export function deviceIdOf(publicKeyRaw: string): DeviceId {
  return hashOf(publicKeyRaw).slice(0, 32) as DeviceId;
}

function hashOf(publicKeyRaw: string): string {
  return createHash('sha256').update(Buffer.from(publicKeyRaw, 'base64url')).digest('hex');
}

function rawPublicKey(key: KeyObject): string {
  const { x } = key.export({ format: 'jwk' });
  if (x === undefined) throw new TypeError('not an Ed25519 key');
  return x;
}
