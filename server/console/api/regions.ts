import type { RegionDetail, RegionRow } from '../../../shared/region/region.schema.ts';
import { regionDetailSchema, regionListSchema } from '../../../shared/region/region.schema.ts';
import { call } from './client.ts';

/** One region with its ancestors and children. */
export function regionDetail(code: string, signal?: AbortSignal): Promise<RegionDetail> {
  return call(regionDetailSchema, `/api/regions/${code}`, signal === undefined ? {} : { signal });
}

/** Regions whose name or code matches `text`, best first. */
export async function searchRegions(text: string, signal?: AbortSignal): Promise<RegionRow[]> {
  const list = await call(regionListSchema, '/api/regions', {
    query: { q: text },
    ...(signal === undefined ? {} : { signal }),
  });
  return list.rows;
}
