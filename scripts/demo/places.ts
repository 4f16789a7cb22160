import { z } from 'zod';
import type { RegionCode } from '../../shared/core/ids.ts';
import { regionDetailSchema } from '../../shared/region/region.schema.ts';
import type { RegionRow } from '../../shared/region/region.schema.ts';
import type { CenterApi } from '../center/center-api.ts';

/** Where a demo screen hangs. */
export interface Place {
  readonly region: RegionCode;
  readonly name: string;
}

/** The province of the demo, and the village of the real player: all five tiers have schedules there. */
export const PROVINCE = '41' as RegionCode;
export const REAL_PLACE: Place = { region: '411224102203' as RegionCode, name: '毛坪村科普大屏' };

/** All counties that are no statistical area, in code order. */
export async function listCounties(api: CenterApi): Promise<RegionCode[]> {
  const below = await childrenOf(api, PROVINCE);
  const found: RegionCode[] = below.filter(({ tier }) => tier === 'county').map(({ code }) => code);
  for (const city of below.filter(({ tier }) => tier === 'city'))
    found.push(...(await childrenOf(api, city.code)).map(({ code }) => code));
  return found.toSorted();
}

/**
 * Villages for `count` screens: one per county, then a second one per county, and so on; never the
 * real player's.
 */
export async function choosePlaces(api: CenterApi, count: number): Promise<Place[]> {
  const counties = await listCounties(api);
  const townships = new Map<RegionCode, RegionRow[]>();
  const places: Place[] = [];
  for (let index = 0; index < count; index += 1) {
    const county = counties[index % counties.length];
    if (county === undefined) break;
    const towns = townships.get(county) ?? (await childrenOf(api, county));
    townships.set(county, towns);
    places.push(await villageIn(api, county, towns, Math.floor(index / counties.length)));
  }
  return places;
}

/** The `turn`-th village of a county, going round its townships; the county itself where it has none. */
async function villageIn(
  api: CenterApi,
  county: RegionCode,
  towns: readonly RegionRow[],
  turn: number,
): Promise<Place> {
  const town = towns[turn % towns.length];
  if (town === undefined) return { region: county, name: `科普大屏 ${turn + 1}` };
  const villages = (await childrenOf(api, town.code)).filter(({ code }) => code !== REAL_PLACE.region);
  const village = villages[Math.floor(turn / towns.length) % villages.length];
  return village === undefined
    ? { region: town.code, name: `${town.name}科普大屏` }
    : { region: village.code, name: `${shortName(village.name)}科普大屏` };
}

async function childrenOf(api: CenterApi, code: RegionCode): Promise<RegionRow[]> {
  const { children } = await api.get(
    `/api/regions/${code}`,
    z.object({ children: regionDetailSchema.shape.children }),
  );
  return children.filter(({ statOnly }) => !statOnly);
}

/** 碧沙岗社区居民委员会 → 碧沙岗社区: the committee is no place. */
export function shortName(name: string): string {
  const short = name.replace(/(村民委员会|村委会|居民委员会|居委会)$/, '');
  return short === '' ? name : short;
}
