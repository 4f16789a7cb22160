import fc from 'fast-check';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { QuotaPolicy } from '../../../../shared/schedule/schedule.schema.ts';
import { defineLaw, hold } from './law.ts';
import { percentsArb, policiesArb } from './policies.ts';

const TIERS = ['province', 'city', 'county', 'township', 'village'] as const;
const UNSET = { province: 40, city: 20, county: 20, township: 10, village: 10 };

/** The region and those above it, nearest first; 济源 (`..90..`) has no city above it. */
function lineOf(place: string): string[] {
  const isUnderProvince = place.slice(2, 4) === '90';
  return [12, 9, 6, ...(isUnderProvince ? [] : [4]), 2].map((length) => place.slice(0, length));
}

export const quotas = defineLaw({
  name: 'quotas',
  source:
    'DESIGN 4, SCHEDULING rule 10: the nearest policy, raised to the locked minimums, the others shrinking pro rata',
  shortRuns: 300,
  arbitrary: fc.tuple(
    fc.constantFrom('410122100201', '411724006003', '419001101205'),
    policiesArb,
    fc.option(percentsArb),
  ),
  check: (subject, [place, policies, own]) => {
    const made = policies(place);
    const all: QuotaPolicy[] =
      own === null || made.some(({ region }) => region === place)
        ? made
        : [...made, { region: place as RegionCode, percents: own, minimums: {} }];
    const line = lineOf(place);
    const setter = line.find((region) => all.some((one) => one.region === region && one.percents !== null));
    const percents = all.find((one) => one.region === setter)?.percents ?? UNSET;
    const above = setter === undefined ? line : line.slice(line.indexOf(setter) + 1);
    const locks = all.filter(({ region }) => above.includes(region));
    const minimum = (tier: (typeof TIERS)[number]) =>
      Math.max(0, ...locks.map(({ minimums }) => minimums[tier] ?? 0));
    const weights = subject.tierWeights(all, place as RegionCode);
    const told = () =>
      `weights ${JSON.stringify(weights)} of ${JSON.stringify(percents)}, locks ${TIERS.map(minimum).join()}`;
    const total = TIERS.reduce((sum, tier) => sum + weights[tier], 0);
    const locked = TIERS.reduce((sum, tier) => sum + minimum(tier), 0);
    hold(total > 0, told);
    for (const tier of TIERS) {
      hold(Number.isSafeInteger(weights[tier]) && weights[tier] >= 0, told);
      // A minimum is given; where the locks of several regions pass 100 together, they share pro rata.
      hold(weights[tier] * Math.max(100, locked) >= minimum(tier) * total, told);
      hold(weights[tier] > 0 || Math.max(percents[tier], minimum(tier)) === 0 || locked >= 100, told);
    }
    // Where the policy already grants every minimum, nothing is changed.
    if (TIERS.every((tier) => percents[tier] >= minimum(tier)))
      for (const tier of TIERS) hold(weights[tier] * 100 === percents[tier] * total, told);
    if (locked >= 100) return;
    // What a tier has over its minimum is pro rata to what it would have had over it, multiplied out.
    const over = (tier: (typeof TIERS)[number]) => weights[tier] * 100 - minimum(tier) * total;
    const had = (tier: (typeof TIERS)[number]) => Math.max(percents[tier], minimum(tier)) - minimum(tier);
    for (const a of TIERS) for (const b of TIERS) hold(over(a) * had(b) === over(b) * had(a), told);
  },
});
