import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditHead } from '../../shared/audit/audit.schema.ts';
import { auditAnchorSchema } from '../../shared/audit/audit.schema.ts';
import type { AnchorReading } from '../../shared/audit/check-chain.ts';
import { canonicalText } from '../../shared/core/canonical.ts';
import { envelopeSchema, SignedKind } from '../../shared/core/signed.ts';
import type { AuditAnchor } from '../features/audit/audit.port.ts';
import type { Signer } from './signer.ts';
import { CENTER_KEY_FILE, verifyEnvelope } from './signer.ts';

/** Name of the anchor in the data folder. */
export const AUDIT_ANCHOR_FILE = 'audit.head';

/** The audit log's head in a file of its own, signed by the center's key: beside the database, not in it. */
export function openAuditAnchor(folder: string, signer: Signer): AuditAnchor {
  const path = join(folder, AUDIT_ANCHOR_FILE);
  return {
    read: async () => readAnchor(folder, signer.publicKey.publicKey),
    async write({ seq, hash }, atMs) {
      const text = canonicalText({ format: SignedKind.auditHead, seq, hash, atMs });
      const draft = `${path}.new`;
      const file = await open(draft, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(signer.sign(SignedKind.auditHead, text)));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
  };
}

/** The anchor in `folder` by the key that is kept there, for who only looks; nothing is made or changed. */
export function readAuditAnchor(folder: string): AnchorReading {
  return readAnchor(folder, readPublicKey(folder));
}

function readAnchor(folder: string, publicKey: string): AnchorReading {
  let bytes: string;
  try {
    bytes = readFileSync(join(folder, AUDIT_ANCHOR_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { kind: 'missing' };
    throw error;
  }
  const head = headIn(bytes, publicKey);
  return head === null ? { kind: 'forged' } : { kind: 'held', head };
}

function headIn(bytes: string, publicKey: string): AuditHead | null {
  try {
    const envelope = envelopeSchema.parse(JSON.parse(bytes));
    if (!verifyEnvelope(SignedKind.auditHead, envelope, publicKey)) return null;
    const { seq, hash } = auditAnchorSchema.parse(JSON.parse(envelope.text));
    return { seq, hash };
  } catch {
    // Whatever it is, the center did not write it.
    return null;
  }
}

/** Empty where there is no key: then nothing verifies. */
function readPublicKey(folder: string): string {
  try {
    return (
      createPublicKey(readFileSync(join(folder, CENTER_KEY_FILE), 'utf8')).export({ format: 'jwk' }).x ?? ''
    );
  } catch {
    // Missing or no key at all: the anchor's signature cannot be told good.
    return '';
  }
}
