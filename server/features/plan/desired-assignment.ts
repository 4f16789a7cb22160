import { canonicalText } from '../../../shared/core/canonical.ts';
import type { DeviceId, Sha256 } from '../../../shared/core/ids.ts';
import { DAY_S } from '../../../shared/core/time.ts';
import type { Instant } from '../../../shared/core/time.ts';
import { parseAssignment } from '../../../shared/plan/accept-assignment.ts';
import type { Assignment } from '../../../shared/plan/assignment.schema.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { IssuedAssignment } from './plan.port.ts';

/** For how long a device may accept an assignment, and how long before the end it is signed anew. */
export const ASSIGNMENT_LIFE_S = 30 * DAY_S;
export const REISSUE_BEFORE_S = 10 * DAY_S;

/** An assignment but for what the moment of issuing adds. */
export type DesiredAssignment = Omit<Assignment, 'counter' | 'issuedAt' | 'expiresAt'>;

/** What a screen goes by: itself, its device, its plan, its required hours. */
export interface Situation {
  readonly screen: Screen;
  readonly device: DeviceId;
  readonly regionNames: readonly string[];
  readonly plan: Sha256;
  readonly requiredHours: readonly Window[];
}

/** What a screen should be told now. */
export function desiredAssignment(situation: Situation): DesiredAssignment {
  const { screen, device, regionNames, plan, requiredHours } = situation;
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
    denyListVersion: 0,
  };
}

/** Why a screen needs a new assignment; `null` while the one it has says the same for long enough. */
export function reasonToIssue(
  current: IssuedAssignment | undefined,
  desired: DesiredAssignment,
  now: Instant,
): 'first' | 'changed' | 'expiring' | null {
  if (current === undefined) return 'first';
  const said = parseAssignment(current.envelope.text);
  if (said === null) return 'changed';
  const { counter: _counter, issuedAt: _issuedAt, expiresAt, ...content } = said;
  if (canonicalText(content) !== canonicalText(desired)) return 'changed';
  return expiresAt - now < REISSUE_BEFORE_S ? 'expiring' : null;
}
