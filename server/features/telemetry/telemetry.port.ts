import type { BootId, DeviceId, RegionCode, ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { Envelope, SignedKind } from '../../../shared/core/signed.ts';
import type { JournalRecord } from '../../../shared/telemetry/record.schema.ts';

/** A record with its place in the chain. */
export interface ChainedRecord {
  readonly record: JournalRecord;
  /** Canonical JSON of the record. */
  readonly text: string;
  /** The chain's hash before it and with it. */
  readonly previousHash: Sha256;
  readonly hash: Sha256;
}

export interface JournalCommit {
  readonly device: DeviceId;
  readonly boot: BootId;
  readonly records: readonly ChainedRecord[];
  /** Center time at which they arrived, milliseconds. */
  readonly receiptMs: number;
  /** Names the alarms that this commit may raise. */
  readonly alarmId: () => string;
}

/** What must not happen and did. */
export interface JournalAlarm {
  /** Other bytes under a known number (the first stay), or a chain that does not join. */
  readonly kind: 'content-differs' | 'chain-broken';
  readonly seq: number;
  readonly knownHash: Sha256;
  readonly claimedHash: Sha256;
}

export interface CommitResult {
  /** Largest n whose 1..n are each held, quarantined or declared lost. */
  readonly mark: number;
  /** Records that were new. */
  readonly added: number;
  readonly alarms: readonly JournalAlarm[];
}

export interface JournalStore {
  /**
   * Commits records, lost ranges, offsets, the mark and what has to be assessed anew in one
   * transaction; once it resolves, all of it survives a power cut. Sending the same again changes nothing.
   */
  commit(commit: JournalCommit): Promise<CommitResult>;
  /** 0 for an unknown boot. */
  mark(device: DeviceId, boot: BootId): Promise<number>;
}

/** Live contact of one boot: ticks received at most 90 s apart, center ms. */
export interface Contact {
  readonly device: DeviceId;
  readonly boot: BootId;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ContactStore {
  /** Contact that ended at or after an instant. */
  recentContacts(sinceMs: number): Promise<Contact[]>;
  /** Adds contacts, or moves the end of those that begin alike, and the end of the center's uptime. */
  putContacts(
    contacts: readonly Contact[],
    uptime: { readonly fromMs: number; readonly toMs: number },
  ): Promise<void>;
  /** Last live contact or receipt of every device ever heard from, center ms. */
  lastHeard(): Promise<ReadonlyMap<DeviceId, number>>;
}

/** What telemetry asks of the screens. */
export interface TelemetryScreen {
  readonly id: ScreenId;
  readonly name: string;
  readonly region: RegionCode;
  readonly demo: boolean;
  readonly settings: { readonly tickS: number };
}

export interface Screens {
  all(): Promise<readonly TelemetryScreen[]>;
  onChange(listener: (change: { readonly kind: string; readonly screen: ScreenId }) => void): () => void;
  device(id: DeviceId): Promise<{ readonly publicKey: string } | null>;
}

/** Verifying what a device signed. */
export type Verify = (kind: SignedKind, envelope: Envelope, publicKeyRaw: string) => boolean;
