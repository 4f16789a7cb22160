import { Document, isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Asset } from '../asset/asset.schema.ts';
import type { RegionCode, Sha256 } from '../core/ids.ts';
import { lineageOf } from '../region/tier.ts';
import type { ScheduleDocument } from './schedule-document.ts';
import type { Audience, Playlist, ReservedWindow, Schedule, Window } from './schedule.schema.ts';

export interface WriteOptions {
  /** Names of regions, for a line of comment. */
  readonly names: ReadonlyMap<RegionCode, string>;
  /** Where an asset's file lies in the folder; `null`: it is named by its hash alone. */
  readonly fileOf: (asset: Asset | Asset['parts'][number]) => string | null;
}

/** The JSON Schema that lies beside the files: editors check and complete by it. */
export const SCHEMA_FILE = 'schedule-file.schema.json';

/**
 * Writes a document as schedule files, the reverse of reading a folder: one for the assets, one for
 * each issuing region, named by its code. What stands by default is left out.
 * @returns text by file name
 */
export function writeScheduleFiles(document: ScheduleDocument, options: WriteOptions): Map<string, string> {
  const keys = keysOf(document.assets);
  const files = new Map<string, string>();
  if (document.assets.length > 0) {
    const assets = document.assets.map((asset) => [keys.get(asset.sha256) ?? '', assetEntry(asset, options)]);
    files.set('assets.yaml', textOf('素材', { assets: Object.fromEntries(assets) }));
  }
  for (const region of issuersOf(document)) {
    const line = lineageOf(region).toReversed();
    const title = line.map((code) => options.names.get(code) ?? code).join(' › ');
    files.set(`${region}.yaml`, textOf(title, regionFile(document, region, keys)));
  }
  return files;
}

/** Every region that issues something, and the one that the document is for. */
function issuersOf(document: ScheduleDocument): RegionCode[] {
  const { region, playlists, schedules, quotas, reserved, reviews } = document;
  const all = [playlists, schedules, quotas, reserved, reviews].flat().map((one) => one.region);
  return [...new Set([region, ...all])].sort();
}

/** A readable key for each asset: its kind and the beginning of its hash. */
function keysOf(assets: readonly Asset[]): ReadonlyMap<Sha256, string> {
  const keys = new Map<Sha256, string>();
  for (let length = 8; length <= 64; length *= 2) {
    keys.clear();
    for (const { sha256, kind } of assets) keys.set(sha256, `${kind}-${sha256.slice(0, length)}`);
    if (new Set(keys.values()).size === assets.length) break;
  }
  return keys;
}

function assetEntry(asset: Asset, { fileOf }: WriteOptions): object {
  const { sha256, kind, mime, sizeBytes, title, durationS, parts } = asset;
  const file = fileOf(asset);
  const length = durationS === null ? {} : { durationS };
  if (file === null)
    return { kind, title, ...length, sha256, mime, sizeBytes, ...(parts.length > 0 && { parts }) };
  const [picture] = kind === 'card' ? parts : [];
  return { kind, title, file, ...length, sha256, ...(picture !== undefined && { picture: fileOf(picture) }) };
}

function regionFile(
  document: ScheduleDocument,
  region: RegionCode,
  keys: ReadonlyMap<Sha256, string>,
): object {
  const own = <T extends { readonly region: RegionCode }>(all: readonly T[]) =>
    all.filter((one) => one.region === region);
  const section = <T extends { readonly id: string }>(all: readonly T[], entry: (one: T) => object) =>
    all.length === 0 ? undefined : Object.fromEntries(all.map((one) => [one.id, entry(one)]));
  const [quota] = own(document.quotas);
  const [review] = own(document.reviews);
  return withoutUndefined({
    scope: region === document.region ? region : undefined,
    region,
    playlists: section(own(document.playlists), (one) => playlistEntry(one, keys)),
    schedules: section(own(document.schedules), scheduleEntry),
    quota:
      quota &&
      withoutUndefined({
        percents: quota.percents ?? undefined,
        minimums: Object.keys(quota.minimums).length > 0 ? quota.minimums : undefined,
      }),
    reserved: section(own(document.reserved), whenEntry),
    review: review && { stages: review.stages, final: review.final },
  });
}

function playlistEntry({ name, items }: Playlist, keys: ReadonlyMap<Sha256, string>): object {
  return {
    name,
    items: items.map(({ asset, durationS, fit }) => ({
      asset: keys.get(asset) ?? asset,
      durationS,
      ...(fit !== 'contain' && { fit }),
    })),
  };
}

function scheduleEntry(schedule: Schedule): object {
  const { name, playlist, audience, priority, weight, once } = schedule;
  return withoutUndefined({
    name,
    class: schedule.class,
    playlist,
    audience: audienceEntry(audience),
    ...whenEntry(schedule),
    priority: priority === 0 ? undefined : priority,
    weight: weight === 1 ? undefined : weight,
    once: once ? true : undefined,
  });
}

function audienceEntry({ regions, tags, groups, exclude }: Audience): object | undefined {
  const named = (words: Pick<Audience, 'regions' | 'tags' | 'groups'>) =>
    Object.fromEntries(Object.entries(words).filter(([, list]) => list.length > 0));
  const shut = named(exclude);
  const wanted = {
    ...named({ regions, tags, groups }),
    ...(Object.keys(shut).length > 0 && { exclude: shut }),
  };
  return Object.keys(wanted).length > 0 ? wanted : undefined;
}

function whenEntry({ days, excludeDates, windows, validity }: Schedule | ReservedWindow): object {
  const { from, to } = validity;
  return withoutUndefined({
    days: days === 'every' ? undefined : days,
    excludeDates: excludeDates.length > 0 ? excludeDates : undefined,
    windows: windows.map(windowText),
    validity: to === null ? { from } : { from, to },
  });
}

function windowText({ start, end }: Window): string {
  return `${start}-${end}`;
}

function withoutUndefined(entries: object): object {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}

/** Entries of these sections stand on one line each. */
const ONE_LINE = ['assets', 'reserved'];

/** YAML as people write it: sections and entries are blocks, what is inside an entry is one line. */
function textOf(title: string, content: object): string {
  const document = new Document(content, { version: '1.2', schema: 'core', aliasDuplicateObjects: false });
  visit(document, {
    Collection(_key, node, path) {
      const keys = path.flatMap((one) => (isPair(one) && isScalar(one.key) ? [String(one.key.value)] : []));
      const [section = '', , field] = keys;
      const isEntry = keys.length === 2 && !ONE_LINE.includes(section) && isMap(node);
      const isItems = section === 'playlists' && field === 'items' && isSeq(node);
      node.flow =
        keys.length >= 2 && !(isEntry && (section === 'playlists' || section === 'schedules')) && !isItems;
    },
  });
  document.commentBefore = ` yaml-language-server: $schema=./${SCHEMA_FILE}\n ${title}`;
  return document.toString({ lineWidth: 110, flowCollectionPadding: true });
}
