import type { DeviceId, DraftId, RegionCode, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { Envelope, SignedKind } from '../../../shared/core/signed.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { ScreenPlanState, PlanStates } from '../../../shared/plan/plan.api.ts';
import type { Window } from '../../../shared/schedule/schedule.schema.ts';
import type { Screen } from '../../../shared/screen/screen.schema.ts';
import type { Attribution } from './publication.port.ts';

/** A signed assignment as it is kept. */
export interface IssuedAssignment {
  readonly screen: ScreenId;
  readonly device: DeviceId;
  readonly plan: Sha256;
  readonly counter: number;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** SHA-256 over what it says but for counter and times; `null` for one from before that was kept. */
  readonly content: Sha256 | null;
  readonly envelope: Envelope;
}

/** Of a current assignment, what decides whether another is due. */
export type HeldAssignment = Omit<IssuedAssignment, 'envelope' | 'issuedAtMs'>;

/** Assignments that become current together. */
export interface Issue {
  readonly assignments: readonly IssuedAssignment[];
  /** Bytes of the plans that may be new. */
  readonly plans: ReadonlyMap<Sha256, Uint8Array>;
  /** Screens that get another plan than they had. */
  readonly changed: readonly ScreenId[];
  /** The publishes that some of those changes are due to. */
  readonly attributions: readonly Attribution[];
}

/** An assignment and when another took its place. */
export interface PastAssignment {
  readonly plan: Sha256;
  readonly issuedAtMs: number;
  readonly supersededAtMs: number | null;
}

/** Steps of a plan on its way to the glass; each keeps the first time it was reached. */
export type PlanStep = 'told' | 'fetched' | 'verified' | 'on-air' | 'refused';

/** A plan on a screen, by the device that has it. */
export interface PlanOnScreen {
  readonly screen: ScreenId;
  readonly device: DeviceId;
  readonly plan: Sha256;
}

export interface PlanStore {
  /** The canonical text of a plan. */
  text(digest: Sha256): Promise<string | null>;
  /** Keeps a plan for ever; again is no-op. */
  addPlan(digest: Sha256, bytes: Uint8Array, nowMs: number): Promise<void>;
  /** The current assignments of these screens, whoever their device is. */
  current(screens: readonly ScreenId[]): Promise<ReadonlyMap<ScreenId, IssuedAssignment>>;
  /** The same without their texts. */
  held(screens: readonly ScreenId[]): Promise<ReadonlyMap<ScreenId, HeldAssignment>>;
  /** The highest counter that each of these devices was ever given, by any screen. */
  countersOf(devices: readonly DeviceId[]): Promise<ReadonlyMap<DeviceId, number>>;
  /**
   * Makes these the current assignments of their screens, all or none. What was open of earlier publishes
   * on a screen that gets another plan is over, and that plan's steps there are still to come.
   * @returns the publishes that were overtaken on some screen.
   */
  issue(issue: Issue): Promise<readonly DraftId[]>;
  /** Assignments of a screen in force at some time in `[fromMs, toMs)`, in order. */
  history(screen: ScreenId, fromMs: number, toMs: number): Promise<readonly PastAssignment[]>;
  /** Plans a screen was ever assigned, the latest first. */
  latestPlans(screen: ScreenId, limit: number): Promise<readonly Sha256[]>;
  /** Whether a screen was ever assigned a plan. */
  wasAssigned(screen: ScreenId, plan: Sha256): Promise<boolean>;
  /**
   * Notes that plans reached a step on screens; only the first time counts, but for refusals.
   * @returns the publishes that got further by it.
   */
  reached(
    places: readonly PlanOnScreen[],
    step: PlanStep,
    atMs: number,
    code: string | null,
  ): Promise<readonly DraftId[]>;
  states(filter: { readonly region: RegionCode; readonly limit: number; readonly offset: number }): Promise<{
    readonly counts: PlanStates['counts'];
    readonly rows: readonly Omit<ScreenPlanState, 'regionName'>[];
  }>;
}

/** Signs as the center. */
export interface AssignmentSigner {
  /** Signs each text, many of them beside the event loop: fifty thousand signatures are seconds of work. */
  signAll(kind: SignedKind, texts: readonly string[]): Promise<Envelope[]>;
}

/** The live connection to players. */
export interface PlayerLink {
  /** Sends if the device is connected; answers whether it was. */
  send(device: DeviceId, envelope: Envelope): boolean;
  /** Screens whose device is connected now. */
  screens(): ReadonlySet<ScreenId>;
}

/** The deny list (撤播) that a place must hold. */
export interface DenyLists {
  versionFor(region: RegionCode): number;
}

/** When screens must be on (应开机时段). */
export interface RequiredHours {
  /** Prepares to answer for any screen on a day. */
  on(day: LocalDay): Promise<(screen: Screen) => readonly Window[]>;
}
