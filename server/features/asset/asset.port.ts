import type { Readable } from 'node:stream';
import type { MediaType } from '../../../shared/asset/media-type.ts';
import type { ByteRange } from '../../../shared/core/byte-range.ts';
import type { Described } from '../../../shared/asset/describe-asset.ts';
import type { ScreenId, Sha256 } from '../../../shared/core/ids.ts';
import type { AuditDraft } from '../audit/audit.port.ts';

/** How bytes are taken in: at most so many, and only if `judge` lets them pass once their hash agreed. */
export interface Intake {
  readonly limitBytes: number;
  /** Sees the first bytes and the whole length; throws to refuse. */
  judge(head: Uint8Array, sizeBytes: number): void;
}

/** Where asset bytes rest, by hash: a folder, or later an object store. */
export interface AssetFiles {
  /**
   * Takes in `source`, durable and whole when it returns, nothing kept when it throws.
   * @throws AppError TOO_LARGE over the limit, ASSET_BYTES_DIFFER when the hash is another.
   */
  put(sha256: Sha256, source: Readable, intake: Intake): Promise<{ readonly sizeBytes: number }>;
  /** The bytes, or those of a range. @throws AppError ASSET_UNKNOWN when they are not here. */
  read(sha256: Sha256, range: ByteRange | null): Promise<Readable>;
}

/** A row for bytes that are in the store. */
export interface AssetFile {
  readonly sha256: Sha256;
  readonly mediaType: MediaType;
  readonly sizeBytes: number;
}

/** A described asset, with the region whose word it is. */
export type OwnedAsset = Described;

export interface AssetFilter {
  /** Part of a title; all where missing. */
  readonly text: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** What a screen's device may fetch. */
export interface AssetReach {
  /** Whether a plan of the screen names the file. */
  namesFile(screen: ScreenId, file: Sha256): Promise<boolean>;
}

/** What is known of assets. */
export interface AssetStore {
  file(sha256: Sha256): Promise<AssetFile | null>;
  /** Those of `hashes` whose bytes are in the store. */
  files(hashes: readonly Sha256[]): Promise<ReadonlyMap<Sha256, AssetFile>>;
  addFile(file: AssetFile, storedBy: string, nowMs: number): Promise<void>;
  /** Those of `hashes` that are described. */
  assets(hashes: readonly Sha256[]): Promise<ReadonlyMap<Sha256, OwnedAsset>>;
  /** Describes an asset, or describes it anew; with its audit entry. */
  describe(owned: OwnedAsset, atMs: number, note: AuditDraft): Promise<void>;
  list(filter: AssetFilter): Promise<{ readonly rows: readonly OwnedAsset[]; readonly total: number }>;
}
