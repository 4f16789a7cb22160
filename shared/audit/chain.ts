import { canonicalText, sha256Hex } from '../core/canonical.ts';
import type { Sha256 } from '../core/ids.ts';
import type { AuditEntry } from './audit.schema.ts';

/** What the first entry follows. */
export const CHAIN_START = sha256Hex('kepu-audit/1');

/** What is said in an entry, apart from where it stands in the chain. */
export type AuditContent = Omit<AuditEntry, 'previous' | 'hash'>;

/** The entry that says `content` after the one whose hash is `previous`. */
export function chainEntry(previous: Sha256, content: AuditContent): AuditEntry {
  return { ...content, previous, hash: sha256Hex(`${previous}\0${canonicalText(content)}`) };
}

/** Whether an entry's hash is that of its own content and of what it claims to follow. */
export function isOwnHash({ hash, previous, ...content }: AuditEntry): boolean {
  return chainEntry(previous, content).hash === hash;
}
