import type { RegionCode } from '../core/ids.ts';
import { lineageOf, TIERS } from '../region/tier.ts';
import type { QuotaPolicy, TierPercents } from './schedule.schema.ts';

/** How the tiers share rotation airtime where no policy says otherwise (SCHEDULING.md rule 10). */
export const DEFAULT_PERCENTS: TierPercents = {
  province: 40,
  city: 20,
  county: 20,
  township: 10,
  village: 10,
};

/**
 * The integer weights between the tiers for a screen in `region` (SCHEDULING.md rule 10): the percents of
 * the nearest policy, raised to the minimums that regions strictly above that policy's region locked,
 * the others shrinking pro rata. Divided by their common divisor, so that equal shares are equal bytes.
 * @param policies every policy that may concern the region; others are ignored
 */
export function tierWeights(policies: readonly QuotaPolicy[], region: RegionCode): TierPercents {
  const lineage = lineageOf(region);
  const inLine = lineage.flatMap((code) => policies.filter((policy) => policy.region === code));
  const own = inLine.find((policy) => policy.percents !== null);
  const above = own === undefined ? inLine : inLine.filter((one) => one.region.length < own.region.length);
  const percents = own?.percents ?? DEFAULT_PERCENTS;
  const minimums = mapTiers((tier) => Math.max(0, ...above.map((policy) => policy.minimums[tier] ?? 0)));
  return reduced(raised(percents, minimums));
}

/** Rule 10's formula: a minimum the policy already grants changes nothing; one above it is given. */
function raised(percents: TierPercents, minimums: TierPercents): TierPercents {
  const raisedTo = mapTiers((tier) => Math.max(percents[tier], minimums[tier]));
  const locked = sum(minimums);
  const spare = sum(raisedTo) - locked;
  // The locks alone fill the day: nothing is left to share, and rule 10's product would be all zero.
  if (locked >= 100) return minimums;
  return mapTiers((tier) => minimums[tier] * spare + (raisedTo[tier] - minimums[tier]) * (100 - locked));
}

function reduced(weights: TierPercents): TierPercents {
  const divisor = TIERS.reduce((common, tier) => gcd(common, weights[tier]), 0);
  return divisor === 0 ? weights : mapTiers((tier) => weights[tier] / divisor);
}

function mapTiers(valueOf: (tier: (typeof TIERS)[number]) => number): TierPercents {
  return {
    province: valueOf('province'),
    city: valueOf('city'),
    county: valueOf('county'),
    township: valueOf('township'),
    village: valueOf('village'),
  };
}

function sum(percents: TierPercents): number {
  return TIERS.reduce((total, tier) => total + percents[tier], 0);
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
