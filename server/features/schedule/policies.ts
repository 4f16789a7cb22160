import type { RegionCode } from '../../../shared/core/ids.ts';
import { lineageOf, tierOf, TIERS } from '../../../shared/region/tier.ts';
import type { Policies, TierShare } from '../../../shared/schedule/policy.api.ts';
import { DEFAULT_PERCENTS, tierWeights } from '../../../shared/schedule/quota.ts';
import { reviewDemand } from '../../../shared/schedule/review.schema.ts';
import type { ReviewPolicy } from '../../../shared/schedule/review.schema.ts';
import type { QuotaPolicy, ReservedWindow } from '../../../shared/schedule/schedule.schema.ts';
import type { Air } from './air.ts';

type NameOf = (code: RegionCode) => string;
interface Held<Body> {
  readonly version: number;
  readonly body: Body;
}

/**
 * What is in force for a region and who decided it: percents raised to locked minimums, windows
 * reserved above it, the reviews demanded of it.
 */
export function policiesFor(
  region: RegionCode,
  air: Air,
  { nameOf, names }: { readonly nameOf: NameOf; readonly names: readonly string[] },
): Policies {
  const { quotas, reserved, reviews } = policiesIn(air);
  // Highest first, as they are read.
  const line = lineageOf(region).reverse();
  const above = line.filter((code) => code !== region);
  const own = <Body extends { readonly region: RegionCode }>(held: readonly Held<Body>[]) =>
    held.filter(({ body }) => body.region === region);
  return {
    region,
    regionNames: [...names],
    tier: tierOf(region),
    quota: quotaFor(
      region,
      quotas.map(({ body }) => body),
      nameOf,
    ),
    reserved: above.flatMap((code) =>
      reserved
        .filter(({ body }) => body.region === code)
        .map(({ body }) => ({ region: code, regionName: nameOf(code), window: body })),
    ),
    review: reviewFor(
      region,
      reviews.map(({ body }) => body),
      nameOf,
    ),
    own: {
      quota: own(quotas)[0] ?? null,
      review: own(reviews)[0] ?? null,
      reserved: own(reserved),
    },
  };
}

function quotaFor(region: RegionCode, policies: readonly QuotaPolicy[], nameOf: NameOf): Policies['quota'] {
  const line = lineageOf(region).flatMap((code) => policies.filter((one) => one.region === code));
  const applies = line.find((policy) => policy.percents !== null);
  const locking = applies === undefined ? line : line.slice(line.indexOf(applies) + 1);
  const weights = tierWeights(policies, region);
  const sum = TIERS.reduce((total, tier) => total + weights[tier], 0);
  const tiers = TIERS.map((tier): TierShare => {
    const locked = locking
      .map(({ region: code, minimums }) => ({ percent: minimums[tier] ?? 0, region: code }))
      .filter(({ percent }) => percent > 0)
      .sort((a, b) => b.percent - a.percent || a.region.length - b.region.length)[0];
    return {
      tier,
      percent: (applies?.percents ?? DEFAULT_PERCENTS)[tier],
      minimum: locked === undefined ? null : { ...locked, regionName: nameOf(locked.region) },
      weight: weights[tier],
      share: sum === 0 ? 0 : (weights[tier] * 100) / sum,
    };
  });
  return {
    from: applies === undefined ? null : { region: applies.region, regionName: nameOf(applies.region) },
    tiers,
  };
}

function reviewFor(
  region: RegionCode,
  policies: readonly ReviewPolicy[],
  nameOf: NameOf,
): Policies['review'] {
  const { stages, final } = reviewDemand(policies, region);
  const demands = lineageOf(region)
    .reverse()
    .flatMap((code) => policies.filter((policy) => policy.region === code))
    .map((policy) => ({
      region: policy.region,
      regionName: nameOf(policy.region),
      stages: policy.stages[tierOf(region)] ?? 0,
      final: policy.final,
    }))
    .filter((demand) => demand.stages > 0);
  return { stages, final, finalName: nameOf(final), demands };
}

function policiesIn(air: Air) {
  const quotas: Held<QuotaPolicy>[] = [];
  const reserved: Held<ReservedWindow>[] = [];
  const reviews: Held<ReviewPolicy>[] = [];
  for (const { version: held, parsed } of air.byKey.values()) {
    const { version } = held;
    if (parsed.kind === 'quota') quotas.push({ version, body: parsed.value });
    if (parsed.kind === 'reserved') reserved.push({ version, body: parsed.value });
    if (parsed.kind === 'review') reviews.push({ version, body: parsed.value });
  }
  return { quotas, reserved, reviews };
}
