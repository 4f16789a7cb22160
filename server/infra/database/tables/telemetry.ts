/**
 * Tables of the journal, live contact, required hours, exemptions and daily sums. Columns ending in
 * `_ms` are integer milliseconds: since 1970, or of a boot's monotonic clock where the name says mono.
 */

/** One boot of one device, with what its records add up to. */
export interface JournalBootTable {
  device: string;
  boot: string;
  /** Largest n whose 1..n are each held, quarantined or declared lost. */
  mark: number;
  /** From its first record; empty and null until that is held. */
  begun: number;
  os_boot: string;
  panel_readable: number;
  previous_boot: string | null;
  previous_last_seq: number | null;
  /** About where it began in center time, to find it by; never used to account. */
  approx_start_ms: number;
  /** 1 once a record carries an offset to the center. */
  met: number;
  last_mono_ms: number;
  max_seq: number;
  /** How many records are held and not quarantined. */
  sound_count: number;
  /** Machine clock of the first and the last record by sequence. */
  first_mono_ms: number;
  first_wall_ms: number;
  last_record_mono_ms: number;
  last_record_wall_ms: number;
  /** Largest distance of a record's instant beyond its receipt, before the offset is added. */
  ahead_ms: number;
  last_receipt_ms: number;
}

/** Every record ever received, as it was signed; the first content of a sequence number stays. */
export interface JournalRecordTable {
  device: string;
  boot: string;
  seq: number;
  kind: string;
  /** First and last monotonic instant that it names. */
  from_mono_ms: number;
  to_mono_ms: number;
  /** Canonical JSON. */
  text: string;
  /** The chain's hash before it and with it. */
  previous_hash: string;
  hash: string;
  receipt_ms: number;
  /** Why it counts for nothing, or null. */
  quarantine: string | null;
}

/** Ranges that a signed record declared gone. */
export interface JournalLostTable {
  device: string;
  boot: string;
  from_seq: number;
  to_seq: number;
  /** The record that says so. */
  said_in_boot: string;
  said_in_seq: number;
}

/** Distinct clock offsets that a boot's records carry, and the first record that carries each. */
export interface JournalOffsetTable {
  device: string;
  boot: string;
  at_mono_ms: number;
  lo_ms: number;
  hi_ms: number;
  seq: number;
}

/** What must not happen and did: other bytes under a known number, a broken chain. */
export interface JournalAlarmTable {
  id: string;
  device: string;
  boot: string;
  seq: number;
  kind: string;
  known_hash: string;
  claimed_hash: string;
  at_ms: number;
}

/** Committed records whose days were not marked dirty yet; written in the transaction of the records. */
export interface PendingEvidenceTable {
  device: string;
  boot: string;
  first_seq: number;
  last_seq: number;
}

/** Live contact of a boot: ticks received at most 90 s apart, from the first to the last. */
export interface ContactTable {
  device: string;
  boot: string;
  from_ms: number;
  to_ms: number;
}

/** Stretches in which the center itself was running. */
export interface CenterUptimeTable {
  from_ms: number;
  to_ms: number;
}

/** Versions of required hours; the latest `from_day` not after a day is the day's. */
export interface RequiredRuleTable {
  region: string;
  from_day: string;
  /** JSON array of windows. */
  windows: string;
  changed_by: string;
  changed_at_ms: number;
}

export interface ExemptionTable {
  id: string;
  kind: string;
  /** Exactly one of the two. */
  screen: string | null;
  region: string | null;
  /** Unix seconds, half-open. */
  from_s: number;
  to_s: number;
  reason: string;
  /** The region in whose name it was filed: one tier above approves. */
  filer_region: string;
  filed_by: string;
  filed_at_ms: number;
  approved_by: string | null;
  approved_at_ms: number | null;
}

/** What a screen's journal proves of one day's required seconds; the denominator is computed when read. */
export interface ScreenDayTable {
  screen: string;
  day: string;
  on_s: number;
  off_s: number;
  used_s: number;
  verified_s: number;
  grade_a_s: number;
  /** 1 where the panel confirmed a second of the day (ACCOUNTING.md rule 6). */
  panel_seen: number;
  computed_at_ms: number;
}

/** Screen days whose sums are out of date; `since_ms` orders the queue. */
export interface DirtyDayTable {
  screen: string;
  day: string;
  since_ms: number;
}

export interface TelemetryTables {
  journal_boots: JournalBootTable;
  journal_records: JournalRecordTable;
  journal_lost: JournalLostTable;
  journal_offsets: JournalOffsetTable;
  journal_alarms: JournalAlarmTable;
  pending_evidence: PendingEvidenceTable;
  contacts: ContactTable;
  center_uptime: CenterUptimeTable;
  required_rules: RequiredRuleTable;
  exemptions: ExemptionTable;
  screen_days: ScreenDayTable;
  dirty_days: DirtyDayTable;
}
