import type { ErrorCode } from '../core/errors.ts';
import type { RegionCode } from '../core/ids.ts';
import { denyListSchema } from './denial.schema.ts';
import type { DenyList } from './denial.schema.ts';

export interface DenyListOffer {
  /** The envelope's text, exactly as it came. */
  readonly text: string;
  /** Whether the envelope's signature verifies under the center key that this device pinned. */
  readonly verified: boolean;
  /** Whose list this device goes by; `null` before its first assignment, when any county's may be its own. */
  readonly region: RegionCode | null;
  /** The highest version of that region's list that the device ever persisted, 0 before the first. */
  readonly floorOf: (region: RegionCode) => number;
  /** The text of the list it holds, to know a second delivery of it; `null` before the first. */
  readonly heldText: string | null;
}

export type DenyListVerdict =
  | {
      readonly ok: true;
      readonly list: DenyList /** It is the one held, delivered again. */;
      readonly repeated: boolean;
    }
  | {
      readonly ok: false;
      readonly code: Extract<ErrorCode, 'SIGNATURE_INVALID' | 'DENIAL_LIST_INVALID' | 'DENIAL_LIST_OLD'>;
      readonly detail: string;
    };

/**
 * Whether a device takes a deny list (DESIGN.md section 9). Nothing is parsed before the signature is
 * known to be good. A version below the highest persisted of that county is a rollback; the same
 * version is taken only where it is the very text held, or where the text was lost with the disk.
 * Whoever calls this persists the list before acting on it.
 */
export function acceptDenyList(offer: DenyListOffer): DenyListVerdict {
  if (!offer.verified) return refuse('SIGNATURE_INVALID', 'not signed by the center key this device trusts');
  const list = parseDenyList(offer.text);
  if (list === null) return refuse('DENIAL_LIST_INVALID', 'not a deny list of a known format');
  if (offer.region !== null && list.region !== offer.region)
    return refuse('DENIAL_LIST_INVALID', `it is the list of ${list.region}, ours is that of ${offer.region}`);
  if (offer.text === offer.heldText) return { ok: true, list, repeated: true };
  const floor = offer.floorOf(list.region);
  if (list.version < floor) return refuse('DENIAL_LIST_OLD', `version ${list.version}, held ${floor}`);
  const held = offer.heldText === null ? null : parseDenyList(offer.heldText);
  if (held !== null && held.region === list.region && held.version === list.version)
    return refuse('DENIAL_LIST_INVALID', `version ${list.version} of ${list.region} with another content`);
  return { ok: true, list, repeated: false };
}

function refuse(code: Extract<DenyListVerdict, { ok: false }>['code'], detail: string): DenyListVerdict {
  return { ok: false, code, detail };
}

/** The deny list in a verified text, or `null` where it is none. */
export function parseDenyList(text: string): DenyList | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null; // Not JSON is one of the ways of not being a deny list.
  }
  const parsed = denyListSchema.safeParse(content);
  return parsed.success ? parsed.data : null;
}
