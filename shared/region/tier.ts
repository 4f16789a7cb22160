import type { RegionCode } from '../core/ids.ts';

/** The five tiers of 分级播控, highest first. */
export const TIERS = ['province', 'city', 'county', 'township', 'village'] as const;
export type Tier = (typeof TIERS)[number];

/** Each tier's one character, shown wherever a tier has a colour. */
export const TIER_ZH: Readonly<Record<Tier, string>> = {
  province: '省',
  city: '市',
  county: '县',
  township: '乡',
  village: '村',
};

const LENGTHS: ReadonlyMap<number, Tier> = new Map([
  [2, 'province'],
  [4, 'city'],
  [6, 'county'],
  [9, 'township'],
  [12, 'village'],
]);

/** Tier by code length (GB/T 2260 + NBS). @throws RangeError for any other length. */
export function tierOf(code: RegionCode): Tier {
  const tier = LENGTHS.get(code.length);
  if (tier === undefined) throw new RangeError(`not a region code: ${code}`);
  return tier;
}

/** 0 for province … 4 for village: the smaller outranks the larger. */
export function tierRank(tier: Tier): number {
  return TIERS.indexOf(tier);
}

/**
 * The region one tier up, or `null` for a province. Prefix `..90` is no region but the statistical
 * shelf of county-level cities directly under the province (济源 419001), whose parent is the province.
 */
export function parentOf(code: RegionCode): RegionCode | null {
  switch (code.length) {
    case 2:
      return null;
    case 4:
      return code.slice(0, 2) as RegionCode;
    case 6:
      return (code.slice(2, 4) === '90' ? code.slice(0, 2) : code.slice(0, 4)) as RegionCode;
    case 9:
      return code.slice(0, 6) as RegionCode;
    default:
      return code.slice(0, 9) as RegionCode;
  }
}

/** The code itself and every region above it, nearest first. */
export function lineageOf(code: RegionCode): RegionCode[] {
  const line: RegionCode[] = [];
  for (let at: RegionCode | null = code; at !== null; at = parentOf(at)) line.push(at);
  return line;
}

/** Whether `code` is `ancestor` or lies in its subtree. */
export function isWithin(code: RegionCode, ancestor: RegionCode): boolean {
  return code.startsWith(ancestor);
}

/** The county (6 digits) that holds a region at or below county tier, else `null`. */
export function countyOf(code: RegionCode): RegionCode | null {
  return code.length >= 6 ? (code.slice(0, 6) as RegionCode) : null;
}
