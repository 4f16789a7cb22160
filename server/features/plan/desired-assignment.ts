import { hash } from 'node:crypto';
import type { DeviceId, Sha256 } from '../../../shared/core/ids.ts';
import { DAY_S } from '../../../shared/core/time.ts';
import { textAtNoTime } from '../../../shared/plan/assignment-text.ts';
import type { AssignmentContent, assignmentWriter } from '../../../shared/plan/assignment-text.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { HeldAssignment } from './plan.port.ts';

/** For how long a device may accept an assignment, and how long before the end it is signed anew. */
export const ASSIGNMENT_LIFE_S = 30 * DAY_S;
export const REISSUE_BEFORE_S = 10 * DAY_S;

/** What a screen goes by: itself, its device, its plan, its required hours, its deny list. */
export interface Situation {
  readonly screen: Screen;
  readonly device: DeviceId;
  readonly regionNames: readonly string[];
  readonly plan: Sha256;
  readonly requiredHours: readonly Window[];
  readonly denyListVersion: number;
}

/** What a screen should be told now. */
export function desiredAssignment(situation: Situation): AssignmentContent {
  const { screen, device, regionNames, plan, requiredHours, denyListVersion } = situation;
  return {
    format: 'kepu-assignment/1',
    screen: screen.id,
    screenName: screen.name,
    device,
    region: screen.region,
    regionNames: [...regionNames],
    demo: screen.demo,
    plan,
    settings: { ...screen.settings, requiredHours: [...requiredHours] },
    denyListVersion,
  };
}

/** Names what an assignment says but for counter and times. */
export function contentDigest(write: ReturnType<typeof assignmentWriter>): Sha256 {
  return digestOf(textAtNoTime(write));
}

/** SHA-256 of bytes or a text's UTF-8. As `sha256Hex`, by Node's own hand: a province's plans are hundreds of megabytes. */
export function digestOf(content: Uint8Array | string): Sha256 {
  return hash('sha256', content) as Sha256;
}

/** Why a screen needs a new assignment; `null` while the one it has says the same for long enough. */
export function reasonToIssue(
  held: Pick<HeldAssignment, 'content' | 'expiresAtMs'> | undefined,
  content: Sha256,
  nowMs: number,
): 'first' | 'changed' | 'expiring' | null {
  if (held === undefined) return 'first';
  if (held.content !== content) return 'changed';
  return held.expiresAtMs - nowMs < REISSUE_BEFORE_S * 1000 ? 'expiring' : null;
}
