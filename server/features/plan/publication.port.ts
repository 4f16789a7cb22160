import type { DraftId, RegionCode, ScreenId } from '../../../shared/core/ids.ts';
import type {
  Publication,
  PublicationScreens,
  PublicationStep,
} from '../../../shared/plan/publication.api.ts';

/** A publish whose screens were not all looked at yet. */
export interface Unfinished {
  readonly draft: DraftId;
  /** Issuing regions of what it changed: only screens inside them are concerned. */
  readonly regions: readonly RegionCode[];
}

/** A publish as it is kept. */
export interface StoredPublication {
  readonly draft: DraftId;
  readonly title: string;
  /** The region in whose name it was published. */
  readonly region: RegionCode;
  readonly publishedAtMs: number;
  readonly publishedByName: string;
  /** `null` while its screens were not all looked at. */
  readonly computedAtMs: number | null;
}

export type PublicationCounts = Publication['counts'];

export interface PublicationScreensFilter {
  readonly region: RegionCode | undefined;
  readonly step: PublicationStep | undefined;
  readonly reached: boolean;
  readonly limit: number;
  readonly offset: number;
}

export interface PublicationStore {
  get(draft: DraftId): Promise<StoredPublication | null>;
  /** Those of these subtrees, the latest first. */
  list(filter: {
    readonly scope: readonly RegionCode[];
    readonly region: RegionCode | undefined;
    readonly limit: number;
    readonly offset: number;
  }): Promise<{ readonly rows: readonly StoredPublication[]; readonly total: number }>;
  /** Those whose screens were not all looked at yet. */
  unfinished(): Promise<readonly Unfinished[]>;
  /** Notes that every screen of these was looked at. */
  finish(drafts: readonly DraftId[], atMs: number): Promise<void>;
  counts(draft: DraftId): Promise<PublicationCounts>;
  /** Sorted by region, then screen. */
  screens(
    draft: DraftId,
    filter: PublicationScreensFilter,
  ): Promise<{
    readonly rows: readonly Omit<PublicationScreens['rows'][number], 'regionName'>[];
    readonly total: number;
  }>;
}

/** The publishes that a screen's new plan is due to. */
export interface Attribution {
  readonly screen: ScreenId;
  readonly drafts: readonly DraftId[];
}
