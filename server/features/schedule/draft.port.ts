import type { AccountId, DraftId, RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import type { Tier } from '../../../shared/region/tier.ts';
import type { DraftEdit, DraftState } from '../../../shared/schedule/draft.api.ts';
import type { OwnedAsset } from '../asset/asset.port.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

export interface Person {
  readonly account: AccountId;
  readonly name: string;
}

/** What a draft is made of. */
export interface DraftContent {
  readonly title: string;
  readonly edits: readonly DraftEdit[];
  /** Assets that a document describes anew: they change when it is published. */
  readonly describes: readonly OwnedAsset[];
  readonly hash: Sha256;
}

/** A draft without its edits, which may be megabytes. */
export interface DraftHead {
  readonly id: DraftId;
  readonly region: RegionCode;
  readonly title: string;
  readonly state: DraftState;
  readonly revision: number;
  readonly hash: Sha256;
  readonly count: number;
  /** It changes quotas, reserved windows or review demands. */
  readonly policies: boolean;
  /** In whose name its edits are, highest first: regions above may demand reviews of them. */
  readonly tiers: readonly Tier[];
  /** Counts submissions; reviews belong to one. */
  readonly round: number;
  /** The stages that were demanded when it was published. */
  readonly stages: number | null;
  readonly author: Person;
  readonly changedBy: Person;
  /** Everybody who ever changed it. */
  readonly editors: readonly AccountId[];
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly submittedBy: AccountId | null;
  readonly submittedAtMs: number | null;
  readonly publishedAtMs: number | null;
}

export interface DraftRecord extends DraftHead, DraftContent {}

/** A review that was made. */
export interface ReviewRecord {
  readonly draft: DraftId;
  readonly round: number;
  readonly stage: number;
  readonly verdict: 'approve' | 'return';
  readonly comment: string;
  readonly hash: Sha256;
  /** The assets that the reviewer looked at. */
  readonly assets: readonly Sha256[];
  /** The highest region over which the reviewer could review it. */
  readonly held: RegionCode;
  readonly by: Person;
  readonly atMs: number;
}

/** A draft as it is first kept. */
export interface NewDraft extends DraftContent {
  readonly id: DraftId;
  readonly region: RegionCode;
  readonly state: 'draft' | 'submitted' | 'approved';
  readonly by: AccountId;
  readonly atMs: number;
}

/** A step of a draft's life that leaves its content as it is. */
export interface DraftMove {
  readonly id: DraftId;
  readonly revision: number;
  /** The state it is in now; another in between means that nothing is done. */
  readonly from: DraftState;
  readonly to: DraftState;
  /** A submission, by whom and when: it begins a new round of reviews. */
  readonly submitted?: { readonly by: AccountId; readonly atMs: number };
  readonly review?: ReviewRecord;
  /** Assets that thereby passed a review for a region and all below it. */
  readonly passed?: { readonly region: RegionCode; readonly assets: ReadonlyMap<Sha256, AccountId> };
  readonly note: AuditDraft;
}

export interface DraftFilter {
  /** Drafts of these regions and of those below them. */
  readonly scope: readonly RegionCode[];
  readonly region: RegionCode | undefined;
  readonly states: readonly DraftState[] | undefined;
  /** Only what this person began. */
  readonly author?: AccountId | undefined;
  readonly text: string | undefined;
}

export interface DraftStore {
  /** @param note left out while it is work in progress. */
  insert(draft: NewDraft, note: AuditDraft | null): Promise<void>;
  /** Saves a new revision over the one that was read; `false` when it is not that any more, or not open. */
  change(
    change: DraftContent & Pick<DraftHead, 'id' | 'revision'> & { by: AccountId; atMs: number },
  ): Promise<boolean>;
  /** `false` when it is not in that revision and state any more; nothing is done then. */
  move(move: DraftMove): Promise<boolean>;
  get(id: DraftId): Promise<DraftRecord | null>;
  head(id: DraftId): Promise<DraftHead | null>;
  /** The open draft of a region that says the same, waiting for its reviews or its publication. */
  waitingLike(region: RegionCode, hash: Sha256): Promise<DraftId | null>;
  /** Latest change first. @param page left out: all. */
  page(
    filter: DraftFilter,
    page?: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly rows: readonly DraftHead[]; readonly total: number }>;
  /** In order of round and stage. */
  reviews(drafts: readonly DraftId[]): Promise<ReadonlyMap<DraftId, readonly ReviewRecord[]>>;
  /** Those of `assets` that passed a review for `region` or a region above it. */
  reviewed(assets: readonly Sha256[], region: RegionCode): Promise<ReadonlySet<Sha256>>;
}
