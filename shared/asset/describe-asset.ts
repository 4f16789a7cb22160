import { canonicalText } from '../core/canonical.ts';
import { AppError } from '../core/errors.ts';
import type { RegionCode } from '../core/ids.ts';
import { isWithin } from '../region/tier.ts';
import type { Asset } from './asset.schema.ts';

/** An asset and the region whose word its description is. */
export interface Described {
  readonly region: RegionCode;
  readonly asset: Asset;
}

/**
 * What it means that `region` says this of an asset. The region that described an asset first, and
 * those above it, may describe it anew; to others its bytes' description is given, so that no region
 * changes another's titles.
 * @throws AppError CONFLICT when two regions disagree on what the bytes alone decide.
 */
export function descriptionStep(
  held: Described | undefined,
  { region, asset }: Described,
): 'created' | 'updated' | 'same' {
  if (held === undefined) return 'created';
  if (canonicalText(held.asset) === canonicalText(asset)) return 'same';
  if (isWithin(held.region, region)) return 'updated';
  if (factsOf(held.asset) !== factsOf(asset))
    throw new AppError('CONFLICT', { detail: `asset ${asset.sha256} (${held.region})` });
  return 'same';
}

/** All but the title. */
function factsOf(asset: Asset): string {
  return canonicalText({ ...asset, title: '' });
}
