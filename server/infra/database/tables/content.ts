/** Tables of assets, playlists, schedules, plans and assignments. Times are integer milliseconds. */

/** Bytes in the asset store, by hash. */
export interface AssetFileTable {
  sha256: string;
  media_type: string;
  size_bytes: number;
  stored_at_ms: number;
  /** Account that sent them. */
  stored_by: string;
}

/** What is said of an asset; its bytes and its parts' are in `asset_files`. */
export interface AssetTable {
  sha256: string;
  /** The region that described it: only it and those above may describe it anew. */
  region: string;
  kind: string;
  mime: string;
  size_bytes: number;
  title: string;
  duration_s: number | null;
  /** JSON array. */
  parts: string;
  described_at_ms: number;
}

/**
 * Every version that a schedule, playlist, quota policy or reserved window ever had, so that the past
 * can be resolved. The one with no `to_ms` is on air; an item with none is off air.
 */
export interface ContentVersionTable {
  /** `schedule`, `playlist`, `quota`, `reserved` or `review`. */
  kind: string;
  /** Its id; a quota or review policy's is its region. */
  id: string;
  version: number;
  region: string;
  /** Canonical JSON. */
  body: string;
  from_ms: number;
  to_ms: number | null;
  /** Account that put it on air. */
  changed_by: string;
  /** The draft through which it went on air; `null` for what was there before drafts were. */
  draft: string | null;
  /** `replaced` by a newer version or `withdrawn`; `null` while it is on air. */
  end_kind: string | null;
  /** Why it was withdrawn, where somebody said so. */
  end_reason: string | null;
  /** Account that ended it. */
  ended_by: string | null;
}

/** Plans by the SHA-256 of their bytes; never deleted. */
export interface PlanTable {
  digest: string;
  /** The canonical text; its UTF-8 is the bytes. */
  text: string;
  made_at_ms: number;
}

/** Every assignment ever signed; the one with no `superseded_at_ms` is the screen's current one. */
export interface AssignmentTable {
  screen: string;
  counter: number;
  device: string;
  plan: string;
  text: string;
  key_id: string;
  signature: string;
  issued_at_ms: number;
  expires_at_ms: number;
  superseded_at_ms: number | null;
  /** SHA-256 over what it says but for counter and times; `null` where it was signed before this was kept. */
  content: string | null;
}

/** How far a plan got on a screen: the first time each was reported. */
export interface PlanStateTable {
  screen: string;
  plan: string;
  device: string;
  told_at_ms: number | null;
  fetched_at_ms: number | null;
  verified_at_ms: number | null;
  on_air_at_ms: number | null;
  refused_at_ms: number | null;
  refused_code: string | null;
}

export interface ContentTables {
  asset_files: AssetFileTable;
  assets: AssetTable;
  content_versions: ContentVersionTable;
  plans: PlanTable;
  assignments: AssignmentTable;
  plan_states: PlanStateTable;
}
