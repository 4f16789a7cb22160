import fc from 'fast-check';
import type { RegionCode } from '../../../../shared/core/ids.ts';
import type { QuotaPolicy, TierPercents } from '../../../../shared/schedule/schedule.schema.ts';

/** Five whole percents that sum to 100, many of them 0. */
export const percentsArb: fc.Arbitrary<TierPercents> = fc
  .tuple(...Array.from({ length: 4 }, () => fc.integer({ min: 0, max: 20 })))
  .map((cuts) => {
    const marks = [0, ...cuts.toSorted((a, b) => a - b), 20];
    const [province = 0, city = 0, county = 0, township = 0, village = 0] = marks
      .slice(1)
      .map((mark, index) => (mark - (marks[index] ?? 0)) * 5);
    return { province, city, county, township, village };
  });

/** Locks of up to 100 percent in all. */
const minimumsArb: fc.Arbitrary<QuotaPolicy['minimums']> = fc
  .tuple(percentsArb, fc.integer({ min: 0, max: 4 }))
  .map(([locked, quarters]) => ({
    province: Math.floor((locked.province * quarters) / 4),
    city: Math.floor((locked.city * quarters) / 4),
    village: Math.floor((locked.village * quarters) / 4),
  }));

/** Policies of a place's own line of regions and of others: any, none, or several. */
export const policiesArb: fc.Arbitrary<(place: string) => QuotaPolicy[]> = fc
  .array(
    fc.record({
      depth: fc.constantFrom(2, 4, 6, 9, 12),
      foreign: fc.boolean(),
      percents: fc.option(percentsArb, { freq: 4 }),
      minimums: minimumsArb,
    }),
    { maxLength: 4 },
  )
  .map((drawn) => (place) => {
    const regions = new Set<string>();
    return drawn.flatMap(({ depth, foreign, percents, minimums }) => {
      const own = place.slice(0, depth);
      const region = foreign && depth > 2 ? `${own.slice(0, -1)}9` : own;
      // A region sets one policy.
      if (regions.has(region)) return [];
      regions.add(region);
      return [{ region: region as RegionCode, percents, minimums }];
    });
  });
