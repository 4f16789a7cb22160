import type { ErrorCode } from '../core/errors.ts';
import type { DeviceId } from '../core/ids.ts';
import type { Instant } from '../core/time.ts';
import { assignmentSchema } from './assignment.schema.ts';
import type { Assignment } from './assignment.schema.ts';

export interface AssignmentOffer {
  /** The envelope's text, exactly as it came. */
  readonly text: string;
  /** Whether the envelope's signature verifies under the center key that this device pinned. */
  readonly verified: boolean;
  /** Who we are. */
  readonly device: DeviceId;
  /** The highest counter this device ever accepted, 0 before the first. */
  readonly acceptedCounter: number;
  /** The text of the assignment in force, to know a second delivery of it; `null` before the first. */
  readonly acceptedText: string | null;
  /** Center time as the device knows it. */
  readonly now: Instant;
}

export type AssignmentVerdict =
  | {
      readonly ok: true;
      readonly assignment: Assignment;
      /** It is the one already in force, delivered again: nothing to do, and nothing to report. */
      readonly repeated: boolean;
    }
  | {
      readonly ok: false;
      readonly code: Extract<
        ErrorCode,
        | 'SIGNATURE_INVALID'
        | 'ASSIGNMENT_INVALID'
        | 'ASSIGNMENT_FOREIGN'
        | 'ASSIGNMENT_OLD'
        | 'ASSIGNMENT_EXPIRED'
      >;
      readonly detail: string;
    };

/**
 * Whether a device takes an assignment (DESIGN.md sections 5 and 9). Nothing is parsed before the
 * signature is known to be good; a counter that is not above the accepted one is a rollback; expiry
 * limits accepting only, so it is never asked again once accepted. Whoever calls this persists the
 * counter before acting on the assignment.
 */
export function acceptAssignment(offer: AssignmentOffer): AssignmentVerdict {
  if (!offer.verified) return refuse('SIGNATURE_INVALID', 'not signed by the center key this device trusts');
  const assignment = parseAssignment(offer.text);
  if (assignment === null) return refuse('ASSIGNMENT_INVALID', 'not an assignment of a known format');
  if (assignment.device !== offer.device)
    return refuse('ASSIGNMENT_FOREIGN', `it is for device ${assignment.device}`);
  if (offer.text === offer.acceptedText) return { ok: true, assignment, repeated: true };
  if (assignment.counter <= offer.acceptedCounter)
    return refuse('ASSIGNMENT_OLD', `counter ${assignment.counter}, accepted ${offer.acceptedCounter}`);
  if (assignment.expiresAt <= offer.now)
    return refuse('ASSIGNMENT_EXPIRED', `expired at ${assignment.expiresAt}, now ${offer.now}`);
  return { ok: true, assignment, repeated: false };
}

function refuse(code: Extract<AssignmentVerdict, { ok: false }>['code'], detail: string): AssignmentVerdict {
  return { ok: false, code, detail };
}

/** The assignment in a verified text, or `null` where it is none. */
export function parseAssignment(text: string): Assignment | null {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return null; // Not JSON is one of the ways of not being an assignment.
  }
  const parsed = assignmentSchema.safeParse(content);
  return parsed.success ? parsed.data : null;
}
