import { shallowReactive } from 'vue';
import type { Asset, Card } from '../../../shared/asset/asset.schema.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { assetAddress, listAssets, readCard } from '../api/assets.ts';
import { hlsStill, imageStill, videoStill } from './stills.ts';

/** What a wall shows of an asset: a still of its picture, or a card's words; `null` where there is neither. */
export type Picture =
  | { readonly kind: 'still'; readonly src: string }
  | { readonly kind: 'card'; readonly card: Card }
  | null;

const known = shallowReactive(new Map<Sha256, Picture>());
let assets: Promise<ReadonlyMap<Sha256, Asset>> | null = null;
/** Videos are looked into one after another: a wall needs few stills and no burst of decoders. */
let queue: Promise<unknown> = Promise.resolve();

/** The asset's picture; `null` until it is there. A wall of many screens asks for each asset once. */
export function pictureOf(sha256: Sha256): Picture {
  if (!known.has(sha256)) {
    known.set(sha256, null);
    void make(sha256).then(
      (picture) => known.set(sha256, picture),
      // Without its picture a card still says what is on: nothing to tell the person.
      () => undefined,
    );
  }
  return known.get(sha256) ?? null;
}

async function make(sha256: Sha256): Promise<Picture> {
  assets ??= listAssets().catch((cause: unknown) => {
    assets = null;
    throw cause;
  });
  const asset = (await assets).get(sha256);
  if (asset === undefined) return null;
  switch (asset.kind) {
    case 'image':
      return { kind: 'still', src: await imageStill(assetAddress(sha256)) };
    case 'card':
      return { kind: 'card', card: await readCard(sha256) };
    case 'video':
    case 'hls': {
      const look = asset.kind === 'hls' ? hlsStill : videoStill;
      const still = queue.then(() => look(assetAddress(sha256)));
      queue = still.catch(() => undefined);
      return { kind: 'still', src: await still };
    }
    default:
      return asset.kind satisfies never;
  }
}
