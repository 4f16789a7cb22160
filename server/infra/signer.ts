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
import { Worker } from 'node:worker_threads';
import type { DeviceId } from '../../shared/core/ids.ts';
import type { Envelope, SignedKind } from '../../shared/core/signed.ts';
import { signingInput } from '../../shared/core/signed.ts';
import type { CenterKey } from '../../shared/screen/protocol.ts';
import { readOrCreateSecret } from './secret-file.ts';

/** Signs as the center. A port: a hardware key or SM2 can stand behind it (DESIGN.md section 9). */
export interface Signer {
  readonly publicKey: CenterKey;
  sign(kind: SignedKind, text: string): Envelope;
  /** The same of many: more than a few on a thread of their own, so that they do not hold the event loop. */
  signAll(kind: SignedKind, texts: readonly string[]): Promise<Envelope[]>;
  /** Ends that thread. What it still had to sign is refused. */
  stop(): Promise<void>;
}

/** So many signatures, a millisecond's work, are not worth another thread. */
const AT_ONCE = 16;

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
  const thread = signingThread(privateKey);
  const sign: Signer['sign'] = (kind, text) => ({
    text,
    keyId,
    signature: edSign(null, signingInput(kind, text), privateKey).toString('base64url'),
  });
  return {
    publicKey: { keyId, publicKey },
    sign,
    async signAll(kind, texts) {
      if (texts.length <= AT_ONCE) return texts.map((text) => sign(kind, text));
      const signatures = await thread.signatures(kind, texts);
      return texts.map((text, index) => ({ text, keyId, signature: signatures[index] as string }));
    },
    stop: () => thread.stop(),
  };
}

interface SigningThread {
  signatures(kind: SignedKind, texts: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** A thread that signs, begun when it is first needed; batches are answered in the order they came. */
function signingThread(privateKey: KeyObject): SigningThread {
  let worker: Worker | null = null;
  const waiting: PromiseWithResolvers<readonly string[]>[] = [];
  const begin = (): Worker => {
    const made = new Worker(new URL('./signing-thread.ts', import.meta.url), { workerData: privateKey });
    made.unref();
    made.on('message', (signatures: readonly string[]) => {
      waiting.shift()?.resolve(signatures);
      if (waiting.length === 0) made.unref();
    });
    const ended = (error: Error) => {
      if (worker !== made) return;
      worker = null;
      for (const one of waiting.splice(0)) one.reject(error);
    };
    made.on('error', ended);
    made.on('exit', () => ended(new Error('the signing thread ended')));
    return made;
  };
  return {
    signatures(kind, texts) {
      worker ??= begin();
      const answer = Promise.withResolvers<readonly string[]>();
      waiting.push(answer);
      worker.ref();
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      worker.postMessage({ kind, texts });
      return answer.promise;
    },
    async stop() {
      await worker?.terminate();
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
