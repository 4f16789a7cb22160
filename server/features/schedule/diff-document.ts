import type { Asset } from '../../../shared/asset/asset.schema.ts';
import { descriptionStep } from '../../../shared/asset/describe-asset.ts';
import type { RegionCode, Sha256 } from '../../../shared/core/ids.ts';
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
 * Which descriptions of assets are news.
 * @throws AppError CONFLICT when two regions disagree on what the bytes alone decide.
 */
export function diffAssets(
  region: RegionCode,
  wanted: readonly Asset[],
  known: ReadonlyMap<Sha256, OwnedAsset>,
): Omit<Difference, 'put' | 'remove'> {
  const describe: OwnedAsset[] = [];
  const changes: ContentChange[] = [];
  for (const asset of wanted) {
    const change = descriptionStep(known.get(asset.sha256), { region, asset });
    if (change === 'same') continue;
    describe.push({ region, asset });
    changes.push({ kind: 'asset', id: asset.sha256, name: asset.title, region, change });
  }
  return { describe, changes: changes.sort(byKindAndId), unchanged: wanted.length - describe.length };
}

function changeOf(item: ContentItem, change: ContentChange['change']): ContentChange {
  return { kind: item.kind, id: item.id, name: nameOf(item), region: item.region, change };
}

function byKindAndId(a: ContentChange, b: ContentChange): number {
  return `${a.kind} ${a.id}` < `${b.kind} ${b.id}` ? -1 : 1;
}
