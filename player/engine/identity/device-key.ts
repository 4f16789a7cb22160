import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceId } from '../../../shared/core/ids.ts';
import { signingInput } from '../../../shared/core/signed.ts';
import type { Envelope, SignedKind } from '../../../shared/core/signed.ts';
import type { CenterKey } from '../../../shared/screen/protocol.ts';
import { readFileIfThere, writeFileAtomic } from '../files/atomic-file.ts';

/** The device's own Ed25519 key, which never leaves it (DESIGN.md section 9). */
export interface DeviceKey {
  readonly device: DeviceId;
  /** Raw 32 bytes, base64url. */
  readonly publicKey: string;
  sign(kind: SignedKind, text: string): Envelope;
}

export const DEVICE_KEY_FILE = 'device.key';

/**
 * Reads the device's key (PKCS#8 PEM, mode 0600) in `folder`, making it on the first start. A rotten
 * key file is kept aside and a new key made: the glass then shows a pairing code, which somebody on
 * the spot can act on, instead of nothing.
 */
export function openDeviceKey(folder: string): DeviceKey {
  const path = join(folder, DEVICE_KEY_FILE);
  const privateKey = readKey(path) ?? makeKey(path);
  const { x: publicKey } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (publicKey === undefined) throw new TypeError(`${path} holds no Ed25519 key`);
  const keyId = keyIdOf(publicKey);
  return {
    device: hashOf(publicKey).slice(0, 32) as DeviceId,
    publicKey,
    sign: (kind, text) => ({
      text,
      keyId,
      signature: sign(null, signingInput(kind, text), privateKey).toString('base64url'),
    }),
  };
}

/**
 * Whether `envelope` was signed as a document of `kind` by the pinned center key, over its exact
 * text. Never throws: what is malformed does not verify.
 */
export function verifyCenterEnvelope(kind: SignedKind, envelope: Envelope, center: CenterKey): boolean {
  try {
    if (envelope.keyId !== center.keyId || keyIdOf(center.publicKey) !== center.keyId) return false;
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: center.publicKey }, format: 'jwk' });
    return verify(null, signingInput(kind, envelope.text), key, Buffer.from(envelope.signature, 'base64url'));
  } catch {
    // What is no key or no signature cannot have signed this.
    return false;
  }
}

/** First 16 hex characters of SHA-256 over the raw public key. */
export function keyIdOf(publicKey: string): string {
  return hashOf(publicKey).slice(0, 16);
}

function readKey(path: string): KeyObject | null {
  const pem = readFileIfThere(path);
  if (pem === null) return null;
  try {
    const key = createPrivateKey(Buffer.from(pem));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Rotten: set aside below.
  }
  renameSync(path, `${path}.bad`);
  return null;
}

function makeKey(path: string): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileAtomic(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), 0o600);
  return privateKey;
}

function hashOf(publicKey: string): string {
  return createHash('sha256').update(Buffer.from(publicKey, 'base64url')).digest('hex');
}
