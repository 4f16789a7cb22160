import { assetPageSchema } from '../../../shared/asset/asset.api.ts';
import type { AssetPage } from '../../../shared/asset/asset.api.ts';
import type { Asset, Card } from '../../../shared/asset/asset.schema.ts';
import { cardSchema } from '../../../shared/asset/asset.schema.ts';
import type { Sha256 } from '../../../shared/core/ids.ts';
import { call } from './client.ts';

const PAGE = 500;

/** Where an asset's bytes are; the browser keeps them for good. */
export function assetAddress(sha256: Sha256): string {
  return `/api/assets/${sha256}`;
}

/** The described assets, by hash. */
export async function listAssets(): Promise<ReadonlyMap<Sha256, Asset>> {
  const page = await call(assetPageSchema, '/api/assets', { query: { limit: PAGE } });
  return new Map(page.rows.map(({ asset }) => [asset.sha256, asset]));
}

/** A text card's content. */
export function readCard(sha256: Sha256): Promise<Card> {
  return call(cardSchema, assetAddress(sha256));
}

/** One page of the library, by title. */
export function pageOfAssets(
  question: { readonly text: string; readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
): Promise<AssetPage> {
  return call(assetPageSchema, '/api/assets', {
    query: { ...question },
    ...(signal === undefined ? {} : { signal }),
  });
}
