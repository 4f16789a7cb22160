/** Tables of takedowns and stop-alls. Instants are integer seconds, other times integer milliseconds. */

/** A takedown or stop-all, once and for ever; a lifted one keeps its row, so that the past resolves as it did. */
export interface DenialTable {
  id: string;
  /** `schedule`, `asset` or `stop-all`. */
  kind: string;
  /** Schedule id or asset hash; empty for stop-all. */
  subject: string;
  /** What it was called when it was denied. */
  name: string;
  region: string;
  /** In whose name it was issued. */
  issuer: string;
  reason: string;
  /** The higher region whose content it stops, to which it is reported; `null` where there is none. */
  reported_to: string | null;
  from_s: number;
  to_s: number | null;
  version: number;
  lift_version: number | null;
  issued_by: string;
  issued_by_name: string;
  issued_at_ms: number;
  /** Who asked for the lift, which another person must confirm. */
  lift_asked_by: string | null;
  lift_asked_by_name: string | null;
  lift_asked_at_ms: number | null;
  lift_reason: string | null;
  lifted_by: string | null;
  lifted_by_name: string | null;
  lifted_at_ms: number | null;
}

/** The center's one counter of deny-list changes: every issue, every lift, and every raise after a backup. */
export interface DenyChangeTable {
  version: number;
  /** `issue`, `lift` or `raise`. */
  kind: string;
  /** Lists of this region, of those above and of those below take this version. */
  region: string;
  at_s: number;
  denial: string | null;
}

/** Which list each device last said to hold. */
export interface DenyHeldTable {
  device: string;
  /** Whose list it is. */
  region: string;
  version: number;
  at_ms: number;
}

export interface DenialTables {
  denials: DenialTable;
  deny_changes: DenyChangeTable;
  deny_held: DenyHeldTable;
}
