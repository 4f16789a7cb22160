import { canonicalText } from '../../../shared/core/canonical.ts';
import type { Asset } from '../../../shared/asset/asset.schema.ts';
import { AppError } from '../../../shared/core/errors.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
import { isWithin } from '../../../shared/region/tier.ts';
import type { ContentChange } from '../../../shared/schedule/apply.api.ts';
import type { OwnedAsset } from '../asset/asset.port.ts';
import { keyOf, nameOf } from './document-items.ts';
import type { ContentCommit, ContentItem, ContentVersion } from './schedule.port.ts';

/** What has to be done so that exactly the wanted is on air. */
export interface Difference {
  readonly put: ContentCommit['put'];
  readonly remove: ContentCommit['remove'];
  readonly describe: ContentCommit['describe'];
  /** The same for people, by kind and id. */
  readonly changes: readonly ContentChange[];
  readonly unchanged: number;
}

/** The step from what is on air in a subtree to what is wanted there. */
export function diffItems(
  wanted: readonly ContentItem[],
  onAir: readonly ContentVersion[],
): Omit<Difference, 'describe'> {
  const current = new Map(onAir.map((item) => [keyOf(item), item]));
  const kept = new Set(wanted.map(keyOf));
  const changed = wanted.filter((item) => current.get(keyOf(item))?.body !== item.body);
  const put = changed.map((item) => ({ item, replaces: current.get(keyOf(item))?.version ?? null }));
  const remove = onAir.filter((item) => !kept.has(keyOf(item)));
  const changes = [
    ...put.map(({ item, replaces }) => changeOf(item, replaces === null ? 'created' : 'updated')),
    ...remove.map((item) => changeOf(item, 'removed')),
  ];
  return { put, remove, changes: changes.sort(byKindAndId), unchanged: wanted.length - put.length };
}

/**
 * Which descriptions of assets are news. The region that described an asset first, and those above
 * it, may describe it anew; to others its bytes' description is given, so that no region changes
 * another's titles.
 * @throws AppError CONFLICT when two regions disagree on what the bytes alone decide.
 */
export function diffAssets(
  region: RegionCode,
  wanted: readonly Asset[],
  known: ReadonlyMap<Sha256, OwnedAsset>,
): Omit<Difference, 'put' | 'remove'> {
  const describe: OwnedAsset[] = [];
  const changes: ContentChange[] = [];
  const note = (asset: Asset, change: ContentChange['change']) => {
    describe.push({ region, asset });
    changes.push({ kind: 'asset', id: asset.sha256, name: asset.title, region, change });
  };
  for (const asset of wanted) {
    const held = known.get(asset.sha256);
    if (held === undefined) note(asset, 'created');
    else if (canonicalText(held.asset) === canonicalText(asset)) continue;
    else if (isWithin(held.region, region)) note(asset, 'updated');
    else if (factsOf(held.asset) !== factsOf(asset))
      throw new AppError('CONFLICT', { detail: `asset ${asset.sha256} (${held.region})` });
  }
  return { describe, changes: changes.sort(byKindAndId), unchanged: wanted.length - describe.length };
}

/** All but the title. */
function factsOf(asset: Asset): string {
  return canonicalText({ ...asset, title: '' });
}

function changeOf(item: ContentItem, change: ContentChange['change']): ContentChange {
  return { kind: item.kind, id: item.id, name: nameOf(item), region: item.region, change };
}

function byKindAndId(a: ContentChange, b: ContentChange): number {
  return `${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1;
}
