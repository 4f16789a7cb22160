import { shallowReactive } from 'vue';
import type { Asset, Card } from '../../../shared/asset/asset.schema.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { assetAddress, listAssets, readCard } from '../api/assets.ts';

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
      return { kind: 'still', src: assetAddress(sha256) };
    case 'card':
      return { kind: 'card', card: await readCard(sha256) };
    case 'video': {
      const still = queue.then(() => stillOf(assetAddress(sha256)));
      queue = still.catch(() => undefined);
      return { kind: 'still', src: await still };
    }
    // Browsers but Safari play HLS only through a library that a wall of stills does not need.
    case 'hls':
      return null;
    default:
      return asset.kind satisfies never;
  }
}

const STILL_WIDTH = 480;
const STILL_TIMEOUT_MS = 10_000;

/** A frame from the first third of a video as a data address. @throws Error when it cannot be shown here. */
async function stillOf(address: string): Promise<string> {
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';
  try {
    await within(video, 'loadedmetadata', () => {
      video.src = address;
    });
    await within(video, 'seeked', () => {
      video.currentTime = Math.min(3, video.duration / 3);
    });
    const canvas = document.createElement('canvas');
    canvas.width = STILL_WIDTH;
    canvas.height = Math.round((STILL_WIDTH * video.videoHeight) / Math.max(1, video.videoWidth));
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL('image/jpeg', 0.8);
  } finally {
    video.removeAttribute('src');
    video.load();
  }
}

/** Does `start` and waits for the video to say `event`. @throws Error when it fails or takes too long. */
function within(video: HTMLVideoElement, event: string, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event}`)), STILL_TIMEOUT_MS);
    const settle = (done: () => void) => () => {
      clearTimeout(timer);
      done();
    };
    video.addEventListener(event, settle(resolve), { once: true });
    video.addEventListener(
      'error',
      settle(() => reject(new Error('not playable'))),
      { once: true },
    );
    start();
  });
}
