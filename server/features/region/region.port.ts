import type { RegionCode } from '../../../shared/core/ids.ts';
import type { LocalDay } from '../../../shared/core/time.ts';
import type { Region } from '../../../shared/region/region.schema.ts';

/** A code that is no longer used, and the region it became. */
export interface RegionAlias {
  readonly code: RegionCode;
  readonly name: string;
  readonly region: RegionCode;
  readonly validFrom: LocalDay | null;
  /** Last day on which the old code was right. */
  readonly validTo: LocalDay;
}

/** A province's divisions as one consistent version. */
export interface RegionData {
  /** Changes whenever anything in the data changes. */
  readonly version: string;
  readonly regions: readonly Region[];
  readonly aliases: readonly RegionAlias[];
}

export interface RegionStore {
  /** Version of the data in the store, or `null` while it is empty. */
  version(): Promise<string | null>;
  /** Puts all of `data` in, in one transaction. */
  replace(data: RegionData): Promise<void>;
  load(): Promise<{ readonly regions: readonly Region[]; readonly aliases: readonly RegionAlias[] }>;
}
