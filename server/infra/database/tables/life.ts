/** Tables of drafts, their reviews, and suspensions. Times are integer milliseconds. */

/** A change of what is on air, from its first saving to its publication. */
export interface DraftTable {
  id: string;
  region: string;
  title: string;
  state: string;
  /** Counts changes of its content, from 1. */
  revision: number;
  /** Canonical JSON array. */
  edits: string;
  /** Canonical JSON array of the assets that it describes anew when published. */
  describes: string;
  hash: string;
  edit_count: number;
  /** 1 where it changes quotas, reserved windows or review demands. */
  policies: number;
  /** Tiers in whose name its edits are, joined by commas. */
  tiers: string;
  /** Counts submissions. */
  round: number;
  /** The stages demanded when it was published. */
  stages: number | null;
  author: string;
  changed_by: string;
  created_at_ms: number;
  changed_at_ms: number;
  submitted_by: string | null;
  submitted_at_ms: number | null;
  published_by: string | null;
  published_at_ms: number | null;
}

/** Everybody who ever changed a draft: none of them reviews it. */
export interface DraftEditorTable {
  draft: string;
  account: string;
}

export interface DraftReviewTable {
  draft: string;
  round: number;
  stage: number;
  verdict: string;
  comment: string;
  hash: string;
  /** JSON array: the assets that the reviewer looked at. */
  assets: string;
  /** The highest region over which the reviewer could review the draft. */
  held: string;
  by: string;
  at_ms: number;
}

/** That an asset passed a review for a region and all below it. */
export interface AssetReviewTable {
  sha256: string;
  region: string;
  draft: string;
  by: string;
  at_ms: number;
}

export interface SuspensionTable {
  id: string;
  region: string;
  /** In whose name it was suspended: this region and those above may lift it, and act all the same. */
  issuer: string;
  reason: string;
  by: string;
  at_ms: number;
  lifted_by: string | null;
  lifted_at_ms: number | null;
}

export interface LifeTables {
  drafts: DraftTable;
  draft_editors: DraftEditorTable;
  draft_reviews: DraftReviewTable;
  asset_reviews: AssetReviewTable;
  suspensions: SuspensionTable;
}
