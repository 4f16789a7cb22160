/** Tables of publications: how far each publish got, screen by screen. Times are integer milliseconds. */

/** One publish of a draft; written in the transaction that puts it on air. */
export interface PublicationTable {
  draft: string;
  title: string;
  /** The region in whose name it was published. */
  region: string;
  /** JSON array: issuing regions of what it changed; no screen outside them is concerned. */
  regions: string;
  published_at_ms: number;
  published_by_name: string;
  /** When every screen inside `regions` had been looked at; `null` while plans are still being made. */
  computed_at_ms: number | null;
}

/** A screen whose plan changed by a publish, and how far that plan got there. */
export interface PublicationScreenTable {
  draft: string;
  screen: string;
  plan: string;
  told_at_ms: number | null;
  fetched_at_ms: number | null;
  verified_at_ms: number | null;
  on_air_at_ms: number | null;
  refused_at_ms: number | null;
  refused_code: string | null;
  /** When the screen was given another plan; `null` while this one is its current plan. */
  closed_at_ms: number | null;
}

export interface PublicationTables {
  publications: PublicationTable;
  publication_screens: PublicationScreenTable;
}
