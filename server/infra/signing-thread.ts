import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { SignedKind } from '../../shared/core/signed.ts';
import { signingInput } from '../../shared/core/signed.ts';

/** The thread behind `Signer.signAll`: signs a batch of texts with the key it was begun with. */
const privateKey = workerData as KeyObject;

parentPort?.on('message', ({ kind, texts }: { kind: SignedKind; texts: readonly string[] }) => {
  const signatures = texts.map((text) =>
    sign(null, signingInput(kind, text), privateKey).toString('base64url'),
  );
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(signatures);
});
