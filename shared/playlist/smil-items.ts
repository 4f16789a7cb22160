import { sha256Schema } from '../core/ids.ts';
import type { Sha256 } from '../core/ids.ts';
import type { PlaylistItem } from '../schedule/schedule.schema.ts';
import type { SmilImportOptions } from './smil.ts';
import { demandOnly } from './smil-attributes.ts';
import { SmilError } from './smil-xml.ts';
import type { XmlElement } from './smil-xml.ts';
import { clockSeconds } from './wallclock.ts';

const MEDIA = ['img', 'video', 'text', 'ref'];
/** Which kinds of asset an element may mean. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  img: ['image'],
  video: ['video', 'hls'],
  text: ['card'],
  ref: ['video', 'hls', 'image', 'card'],
};
const FITS: Readonly<Record<string, PlaylistItem['fit']>> = { meet: 'contain', slice: 'cover' };
/** Most items that repeats may unfold to. */
const ITEMS_LIMIT = 10_000;

type Known = Pick<SmilImportOptions, 'assets' | 'files'>;

/**
 * The items of a seq in order; inner seqs and one-child pars are unfolded, whole repeats repeated.
 * @throws SmilError
 */
export function itemsOf(seq: XmlElement, known: Known): PlaylistItem[] {
  const items: PlaylistItem[] = [];
  for (const child of seq.children) {
    const own = MEDIA.includes(child.name) ? [mediaItem(child, known)] : innerItems(child, known);
    const times = timesOf(child);
    if (items.length + own.length * times > ITEMS_LIMIT)
      throw new SmilError(
        child.line,
        `展开后超过 ${ITEMS_LIMIT} 项`,
        `over ${ITEMS_LIMIT} items once unfolded`,
      );
    for (let turn = 0; turn < times; turn += 1) items.push(...own);
  }
  if (items.length === 0) throw new SmilError(seq.line, 'seq 是空的', 'the seq is empty');
  return items;
}

function innerItems(child: XmlElement, known: Known): PlaylistItem[] {
  const isBracket = child.name === 'seq' || (child.name === 'par' && child.children.length === 1);
  if (!isBracket)
    throw new SmilError(
      child.line,
      child.name === 'audio' ? '单独的声音放不了' : `${child.name} 不能放在 seq 里`,
      `${child.name} does not go into a seq`,
    );
  demandOnly(child, ['repeatCount', 'title']);
  return itemsOf(child, known);
}

function mediaItem(element: XmlElement, { assets, files }: Known): PlaylistItem {
  demandOnly(element, ['src', 'dur', 'fit', 'title', 'repeatCount', 'type']);
  const { src = '', dur, fit: how = 'meet' } = element.attributes;
  const sha256 = hashOf(src) ?? files?.get(src);
  const asset = sha256 === undefined ? undefined : assets.get(sha256);
  if (sha256 === undefined || asset === undefined)
    throw new SmilError(
      element.line,
      `没有素材 ${src.slice(0, 100)}：先上传，src 写成 urn:sha256:…，或给出文件名和素材的对照`,
      `no asset for ${src.slice(0, 100)}; upload it first`,
    );
  if (!(KINDS[element.name] ?? []).includes(asset.kind))
    throw new SmilError(
      element.line,
      `${element.name} 指的素材是 ${asset.kind}`,
      `its asset is of kind ${asset.kind}`,
    );
  const fit = FITS[how];
  if (fit === undefined)
    throw new SmilError(element.line, `fit="${how}"：收 meet 和 slice`, 'fit is meet or slice');
  const durationS = dur === undefined || dur === 'media' ? asset.durationS : clockSeconds(dur);
  if (durationS === null || durationS < 1 || durationS > 86_400)
    throw new SmilError(
      element.line,
      `要写整秒的 dur，如 dur="12s"${dur === undefined ? '' : `，不是 ${dur}`}`,
      'it needs a dur of whole seconds',
    );
  return { asset: sha256, durationS, fit };
}

function hashOf(src: string): Sha256 | undefined {
  const match = /^(?:urn:)?sha256:([0-9a-f]{64})$/.exec(src);
  return match === null ? undefined : sha256Schema.parse(match[1]);
}

function timesOf({ attributes: { repeatCount = '1' }, line, name }: XmlElement): number {
  if (!/^[1-9]\d{0,3}$/.test(repeatCount))
    throw new SmilError(
      line,
      `${name} 的 repeatCount="${repeatCount}"：节目单里收 1–9999 的整数`,
      'repeatCount inside a playlist is a whole number',
    );
  return Number(repeatCount);
}
