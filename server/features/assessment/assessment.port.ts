import type { HeldRecord } from '../../../shared/assessment/boot-evidence.ts';
import type { Exemption, RequiredHoursVersion } from '../../../shared/assessment/assessment.schema.ts';
import type { BootId, DeviceId, RegionCode, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Plan } from '../../../shared/plan/plan.schema.ts';
import type { Denial } from '../../../shared/schedule/timeline.ts';
import type { WallReading } from '../../../shared/telemetry/clock.ts';
import type { ClockOffset } from '../../../shared/telemetry/record.schema.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

/** A boot as it is stored, with what its records add up to. */
export interface StoredBoot {
  readonly device: DeviceId;
  readonly boot: BootId;
  readonly begun: boolean;
  readonly osBoot: string;
  readonly panelReadable: boolean;
  readonly previous: { readonly boot: BootId; readonly lastSeq: number } | null;
  /** About where it began in center time; only to find it by. */
  readonly approxStartMs: number;
  readonly met: boolean;
  readonly lastMono: number;
  readonly maxSeq: number;
  readonly soundCount: number;
  readonly first: WallReading;
  readonly last: WallReading;
  /** Largest distance of a record's monotonic instant beyond its receipt. */
  readonly aheadMs: number;
}

export interface StoredOffset extends ClockOffset {
  /** The first record that carried it. */
  readonly seq: number;
}

export interface StoredRecord extends HeldRecord {
  readonly hash: Sha256;
  readonly quarantine: string | null;
}

export interface StoredContact {
  readonly device: DeviceId;
  readonly boot: BootId;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Reading the journal for its figures. Records come by sequence. */
export interface EvidenceStore {
  boots(device: DeviceId): Promise<StoredBoot[]>;
  offsets(device: DeviceId, boot: BootId): Promise<StoredOffset[]>;
  /** Sound records that touch `[fromMono, toMono]`. */
  recordsBetween(of: BootKey, fromMono: number, toMono: number): Promise<HeldRecord[]>;
  recordsAt(of: BootKey, seqs: readonly number[]): Promise<HeldRecord[]>;
  /** Every sequence held and not quarantined. */
  soundSeqs(of: BootKey): Promise<number[]>;
  /** Every record of a range, quarantined ones too. */
  recordRange(of: BootKey, first: number, last: number): Promise<StoredRecord[]>;
  /** First and last monotonic instant that records of a range name; `null` without any. */
  extent(of: BootKey, first: number, last: number): Promise<{ fromMono: number; toMono: number } | null>;
  contacts(devices: readonly DeviceId[], fromMs: number, toMs: number): Promise<StoredContact[]>;
  /** Devices that are no longer bound to a screen, by screen. */
  formerDevices(): Promise<ReadonlyMap<ScreenId, DeviceId[]>>;
  /** Stretches in which the center ran, that touch the range, by their start. */
  uptime(fromMs: number, toMs: number): Promise<{ readonly fromMs: number; readonly toMs: number }[]>;
}

export interface BootKey {
  readonly device: DeviceId;
  readonly boot: BootId;
}

/** Committed records whose days are not marked yet. */
export interface PendingEvidence extends BootKey {
  readonly first: number;
  readonly last: number;
}

/** What the journal proves of a screen's day; the denominator is computed when read. */
export interface ProvenDay {
  readonly screen: ScreenId;
  readonly day: LocalDay;
  readonly onS: number;
  readonly offS: number;
  readonly usedS: number;
  readonly verifiedS: number;
  readonly gradeAS: number;
  readonly panelSeen: boolean;
  readonly computedAtMs: number;
}

export interface DirtyDay {
  readonly screen: ScreenId;
  readonly day: LocalDay;
  /** Changes with every mark, so that a mark during a computation is not lost. */
  readonly revision: number;
}

export interface DayStore {
  pending(limit: number): Promise<PendingEvidence[]>;
  /** Marks the days and forgets the evidence, unless it has grown meanwhile; one transaction. */
  settlePending(
    pending: PendingEvidence,
    days: readonly Pick<DirtyDay, 'screen' | 'day'>[],
    nowMs: number,
  ): Promise<void>;
  markDirty(days: readonly Pick<DirtyDay, 'screen' | 'day'>[], nowMs: number): Promise<void>;
  /** Oldest mark first. */
  dirty(limit: number): Promise<DirtyDay[]>;
  /** Stores a day and takes its mark away if it is still the same; one transaction. */
  putDay(day: ProvenDay, revision: number): Promise<void>;
  /** Every computed day of screens on `day`. */
  daysOn(day: LocalDay): Promise<ProvenDay[]>;
  /** Computed days of a screen, both ends included. */
  daysOf(screen: ScreenId, from: LocalDay, to: LocalDay): Promise<ProvenDay[]>;
  /** Screens whose days were computed at or after an instant, with those days. */
  computedSince(sinceMs: number): Promise<Pick<DirtyDay, 'screen' | 'day'>[]>;
}

export interface RuleStore {
  rules(): Promise<RequiredHoursVersion[]>;
  /** Adds a version; one for the same region and first day is replaced. */
  /** `note` is committed with it; `null` for what the center begins with. */
  putRule(rule: RequiredHoursVersion, changedBy: string, note: AuditDraft | null): Promise<void>;
}

export interface StoredExemption extends Exemption {
  /** The region in whose name it was filed: one tier above approves. */
  readonly filerRegion: RegionCode;
}

export interface ExemptionStore {
  exemptions(): Promise<StoredExemption[]>;
  insertExemption(exemption: StoredExemption, note: AuditDraft): Promise<void>;
  /**
   * Approves, and marks the days that this changes, in one transaction; `false` where it was approved
   * before.
   */
  approve(
    id: string,
    approval: {
      readonly by: string;
      readonly atMs: number;
      readonly days: readonly { readonly screen: ScreenId; readonly day: LocalDay }[];
      readonly note: AuditDraft;
    },
  ): Promise<boolean>;
}

export interface AssessmentStore extends EvidenceStore, DayStore, RuleStore, ExemptionStore {}

/** Plans by their digest, for what a run record says was followed. */
export interface PlanSource {
  plan(digest: Sha256): Promise<Plan | null>;
}

/** What was denied, for expanding runs and for what they are worth. */
export interface DenialSource {
  /** What a device at a place went by that held a version of its deny list. */
  listAt(region: RegionCode, version: number): readonly Denial[];
  /** What was in force at a place at some time in `[from, to)`, Unix seconds, whoever had heard of it. */
  affecting(region: RegionCode, from: number, to: number): readonly Denial[];
}
