import type { AccountId, DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Instant } from '../../../shared/core/time.ts';
import type { Finding } from '../../../shared/plan/feasibility.api.ts';
import type { ContentKind } from '../../../shared/schedule/apply.api.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { OwnedAsset } from '../asset/asset.port.ts';
import type { AuditDraft } from '../audit/audit.port.ts';
import type { Person } from './draft.port.ts';

/** What is kept in versions: all that a document holds but assets, whose bytes never change. */
export type VersionedKind = Exclude<ContentKind, 'asset'>;

/** A schedule, playlist, quota policy or reserved window as one comparable text. */
export interface ContentItem {
  readonly kind: VersionedKind;
  readonly id: string;
  readonly region: RegionCode;
  /** Canonical JSON. */
  readonly body: string;
}

/** An item on air. */
export interface ContentVersion extends ContentItem {
  readonly version: number;
  readonly fromMs: number;
}

/** One change of what is on air: done whole or not at all. */
export interface ContentCommit {
  readonly atMs: number;
  /** The account that changes it. */
  readonly by: AccountId;
  /** The draft that it publishes, and the issuing regions of what changes; `null` for a withdrawal. */
  readonly draft: {
    readonly id: DraftId;
    readonly revision: number;
    readonly stages: number;
    readonly regions: readonly RegionCode[];
  } | null;
  /** Why what is taken off is taken off, where somebody said so. */
  readonly reason: string | null;
  /** New or changed items; `replaces` is the version that was on air when the change was decided. */
  readonly put: readonly { readonly item: ContentItem; readonly replaces: number | null }[];
  readonly remove: readonly ContentVersion[];
  readonly describe: readonly OwnedAsset[];
  readonly note: AuditDraft;
}

/** A version that is, or was, on air. */
export interface PastVersion extends ContentVersion {
  readonly by: Person;
  readonly toMs: number | null;
  readonly draft: DraftId | null;
  readonly end: {
    readonly kind: 'replaced' | 'withdrawn';
    readonly by: Person;
    readonly reason: string | null;
  } | null;
}

/** Every version of everything that was ever on air. */
export interface ScheduleStore {
  /** Another value after every change of what is on air. */
  mark(): Promise<string>;
  /** What is on air in the whole province, by kind and id. */
  onAir(): Promise<readonly ContentVersion[]>;
  /** What was on air at an instant, milliseconds since 1970. */
  onAirAt(atMs: number): Promise<readonly ContentVersion[]>;
  /** Latest first. */
  versions(kind: VersionedKind, id: string): Promise<readonly PastVersion[]>;
  /** The region of the last version of each of these that was ever on air, by kind and id with a blank between. */
  lastHolders(items: readonly Pick<ContentItem, 'kind' | 'id'>[]): Promise<ReadonlyMap<string, RegionCode>>;
  /** The last version of each schedule that is off air. */
  offAir(): Promise<readonly ContentVersion[]>;
  /** @throws AppError CONFLICT when something changed since the change was decided; nothing is done then. */
  commit(change: ContentCommit): Promise<void>;
}

/** What is on air changed. */
export interface Published {
  /** The draft it went through; `null` for a withdrawal, which is at once. */
  readonly draft: DraftId | null;
  /** The issuing regions of what changed: screens outside their subtrees keep their plans. */
  readonly regions: readonly RegionCode[];
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** Judges a draft before it is published (feature plan). */
export interface FeasibilityGate {
  /** `basis` names the draft's content and the world it was judged in ({@link Published} changes it). */
  errorsOf(draft: DraftId): Promise<{ readonly basis: Sha256; readonly errors: readonly Finding[] }>;
}

/** Which denials are in force. */
export interface DenialBook {
  /** Those that act on `region`, issued there or above, at some instant of `[from, to)`. */
  affecting(region: RegionCode, from: Instant, to: Instant): readonly Denial[] | Promise<readonly Denial[]>;
}
