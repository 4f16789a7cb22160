import type {
  AccountId,
  DenialId,
  DeviceId,
  RegionCode,
  ScreenId,
  Sha256,
} from '../../../shared/core/ids.ts';
import type { Envelope, SignedKind } from '../../../shared/core/signed.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { ListedDenial } from '../../../shared/schedule/denial.schema.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

/** A denial as it is kept. */
export interface StoredDenial extends ListedDenial {
  readonly name: string;
  /** In whose name it was issued: it is lifted there or above. */
  readonly issuer: RegionCode;
  readonly reason: string;
  /** The higher region whose content it stops. */
  readonly reportedTo: RegionCode | null;
  readonly version: number;
  readonly liftVersion: number | null;
  readonly issuedBy: AccountId;
  readonly issuedByName: string;
  readonly issuedAtMs: number;
  readonly liftAsked: LiftAsked | null;
  readonly liftedByName: string | null;
}

/** One person asked for a lift. */
export interface LiftAsked {
  readonly by: AccountId;
  readonly byName: string;
  readonly atMs: number;
  readonly reason: string;
}

/** One step of the counter that numbers deny lists. */
export interface DenyChange {
  readonly version: number;
  readonly region: RegionCode;
  readonly at: Instant;
}

/** A list that a device said to hold. */
export interface HeldList {
  readonly device: DeviceId;
  readonly region: RegionCode;
  readonly version: number;
  readonly atMs: number;
}

/** What a takedown names. */
export interface DeniedSubject {
  readonly name: string;
  /** The region that issued the schedule or described the asset. */
  readonly issuer: RegionCode;
}

/** A screen with a device inside a denial's region. */
export interface DeniedScreen {
  readonly screen: ScreenId;
  readonly name: string;
  readonly region: RegionCode;
  readonly device: DeviceId;
  readonly held: HeldList | null;
}

/** Makes the audit entries of a change once its number is known; all go into the change's transaction. */
export type VersionNotes = (version: number) => readonly AuditDraft[];

/** Every denial there ever was. Each issue and each lift takes the counter's next number. */
export interface DenialStore {
  load(): Promise<{ readonly denials: readonly StoredDenial[]; readonly changes: readonly DenyChange[] }>;
  /** @throws AppError DENIAL_TWICE where the same issuer's is in force in the same region. */
  issue(denial: Omit<StoredDenial, 'version'>, notes: VersionNotes): Promise<number>;
  /** Somebody asks for the lift. @throws AppError CONFLICT where that changed meanwhile. */
  ask(id: DenialId, asked: LiftAsked, note: AuditDraft): Promise<void>;
  /** The ask is withdrawn. @throws AppError CONFLICT where nobody asks any more. */
  keep(id: DenialId, note: AuditDraft): Promise<void>;
  /**
   * Another person than who asked lifts it.
   * @throws AppError CONFLICT where it was lifted, or the ask changed, meanwhile.
   */
  lift(
    id: DenialId,
    lift: { readonly by: AccountId; readonly byName: string; readonly atMs: number; readonly to: Instant },
    notes: VersionNotes,
  ): Promise<number>;
  /** Raises the counter above `above`; lists of `region` take the new number. */
  raise(region: RegionCode, above: number, at: Instant, notes: VersionNotes): Promise<number>;
  /**
   * The latest version of a schedule that a region at, above or below `region` ever had on air, or a
   * described asset; `null` where there is none.
   */
  subject(kind: 'schedule' | 'asset', subject: string, region: RegionCode): Promise<DeniedSubject | null>;
  noteHeld(held: readonly HeldList[]): Promise<void>;
  /** Screens of a subtree that have a device, and how many of those hold this version or a later one. */
  counts(region: RegionCode, version: number): Promise<{ readonly screens: number; readonly held: number }>;
  screens(filter: {
    readonly region: RegionCode;
    readonly version: number;
    readonly held: boolean | undefined;
    readonly limit: number;
    readonly offset: number;
  }): Promise<{ readonly rows: readonly DeniedScreen[]; readonly total: number }>;
}

/** Signs as the center. */
export interface DenyListSigner {
  sign(kind: SignedKind, text: string): Envelope;
}

/** The live connection to players. */
export interface DenialLink {
  isConnected(device: DeviceId): boolean;
  /**
   * Sends a device its list.
   * @returns the version it persisted; `null` where it is not connected or does not answer.
   */
  deny(device: DeviceId, envelope: Envelope): Promise<number | null>;
}

/** What the denial service asks of schedules: which places a subject reaches. */
export type ReachOf = (
  subject:
    | { readonly kind: 'schedule'; readonly id: string }
    | { readonly kind: 'asset'; readonly id: Sha256 },
) => Promise<(place: { region: RegionCode; tags: readonly string[]; groups: readonly string[] }) => boolean>;
