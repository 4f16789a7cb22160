import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../../../shared/core/time.ts';
import { DAY_S } from '../../../shared/core/time.ts';
import { createResolver } from '../../../shared/schedule/resolve.ts';
import type { TimelineEntry } from '../../../shared/schedule/timeline.ts';
import { instant, makePlan } from './make-plan.ts';
import type { TierName } from './make-plan.ts';
import { resolveByTheMinute } from './reference.ts';
import { denialsArb, FIRST_DAY, madePlanArb, scheduleArb } from './worlds.ts';

const TIER_NAMES: readonly TierName[] = ['province', 'city', 'county', 'township', 'village'];
const START = instant(FIRST_DAY, '00:00');
const END = (START + 2 * DAY_S) as Instant;

describe('the laws of the timeline', () => {
  it('says what the fine print says, read minute by minute', () => {
    fc.assert(
      fc.property(madePlanArb, denialsArb, (made, denials) => {
        const plan = makePlan(made);
        // The reference starts cold, so it is given two days to reach a midnight that nothing crosses.
        const cold = (START - 2 * DAY_S) as Instant;
        const resolver = createResolver(plan, denials);
        const expected = resolveByTheMinute(plan, denials, cold, END);
        const clean = resolver.timeline(START, END);
        for (const entry of clean)
          for (let at: number = Math.max(entry.start, START); at < Math.min(entry.end, END); at += 60)
            expect({ at, schedule: entry.schedule, item: entry.item, start: entry.start }).toEqual({
              at,
              ...expected[(at - cold) / 60],
            });
      }),
      { numRuns: 40 },
    );
  });

  it('gives the same answer whatever was asked before, and one without gaps or overlaps', () => {
    fc.assert(
      fc.property(
        madePlanArb,
        denialsArb,
        fc.array(fc.integer({ min: -3 * DAY_S, max: 5 * DAY_S }), { minLength: 1, maxLength: 20 }),
        (made, denials, asked) => {
          const plan = makePlan(made);
          const whole = createResolver(plan, denials).timeline(START, END);
          const worn = createResolver(plan, denials);
          for (const offset of asked) worn.at((START + offset) as Instant);
          expect(worn.timeline(START, END)).toEqual(whole);
          expect(whole[0]?.start).toBeLessThanOrEqual(START);
          expect(whole.at(-1)?.end).toBeGreaterThanOrEqual(END);
          for (const [index, entry] of whole.entries()) {
            expect(entry.end).toBeGreaterThan(entry.start);
            expect(entry.end).toBeLessThanOrEqual(entry.plannedEnd);
            if (index > 0) expect(entry.start).toBe(whole[index - 1]?.end);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('resolves a stretch alone as it does within a longer one', () => {
    fc.assert(
      fc.property(
        madePlanArb,
        denialsArb,
        fc.tuple(fc.integer({ min: 0, max: 2879 }), fc.integer({ min: 1, max: 600 })),
        (made, denials, [minute, length]) => {
          const plan = makePlan(made);
          const from = (START + minute * 60) as Instant;
          const to = (from + length * 60) as Instant;
          const whole = createResolver(plan, denials).timeline(
            (START - DAY_S) as Instant,
            (to + DAY_S) as Instant,
          );
          const alone = createResolver(plan, denials).timeline(from, to);
          expect(alone).toEqual(whole.filter((entry) => entry.end > from && entry.start < to));
          expect(createResolver(plan, denials).at(from)).toEqual(alone[0]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('never lets a lower tier change when a higher mandatory is on', () => {
    fc.assert(
      fc.property(madePlanArb, scheduleArb('z-lower'), denialsArb, (made, added, denials) => {
        const lowest = { ...added, tier: 'village' as const, priority: -1 };
        const higher = (entries: readonly TimelineEntry[]) =>
          entries.filter((entry) => entry.class === 'mandatory' && (entry.region?.length ?? 12) < 12);
        const before = createResolver(makePlan(made), denials).timeline(START, END);
        const after = createResolver(
          makePlan({ ...made, schedules: [...made.schedules, lowest] }),
          denials,
        ).timeline(START, END);
        expect(higher(after).map(essence)).toEqual(higher(before).map(essence));
      }),
      { numRuns: 80 },
    );
  });

  it('cuts nothing but filler while nothing is denied', () => {
    fc.assert(
      fc.property(madePlanArb, (made) => {
        for (const entry of createResolver(makePlan(made)).timeline(START, END))
          if (entry.class !== 'filler') expect(entry.end).toBe(entry.plannedEnd);
      }),
      { numRuns: 60 },
    );
  });

  it('shares airtime within the bound, between tiers and inside them', () => {
    const weight = fc.integer({ min: 1, max: 9 });
    const flow = fc.record({
      tier: fc.constantFrom(...TIER_NAMES),
      weight,
      items: fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 4 }),
    });
    const weightsArb = fc.record({
      province: weight,
      city: weight,
      county: weight,
      township: weight,
      village: weight,
    });
    fc.assert(
      fc.property(fc.array(flow, { minLength: 2, maxLength: 8 }), weightsArb, (flows, weights) => {
        const plan = makePlan({
          schedules: flows.map((one, index) => ({ ...one, id: `s${index}` })),
          weights,
        });
        // Before the last 15 minutes every item fits, so nobody is passed over.
        const entries = createResolver(plan)
          .timeline(START, (START + DAY_S) as Instant)
          .filter((entry) => entry.end <= START + DAY_S - 900);
        const longest = (ids: readonly number[]) => Math.max(...ids.flatMap((id) => flows[id]?.items ?? []));
        const idsOf = (tier: TierName) => flows.flatMap((one, id) => (one.tier === tier ? [id] : []));
        const tiers = TIER_NAMES.filter((tier) => idsOf(tier).length > 0).map((tier) => ({
          ids: idsOf(tier),
          weight: weights[tier],
        }));
        for (const group of [
          tiers,
          ...tiers.map(({ ids }) => ids.map((id) => ({ ids: [id], weight: flows[id]?.weight ?? 1 }))),
        ])
          for (const f of group)
            for (const g of group) {
              const bound = longest(f.ids) / f.weight + longest(g.ids) / g.weight;
              expect(spread(entries, f, g)).toBeLessThanOrEqual(bound + 1e-9);
            }
      }),
      { numRuns: 30 },
    );
  });

  it('reaches every item of a playlist within a bounded number of days', () => {
    const plan = makePlan({
      schedules: [{ id: 'a', items: [60, 60, 60, 60, 60], windows: ['08:00-08:01'], days: 'weekdays' }],
    });
    const seen = new Set(
      createResolver(plan)
        .timeline(START, (START + 7 * DAY_S) as Instant)
        .flatMap((entry) => (entry.schedule === null ? [] : [entry.item])),
    );
    expect(seen).toEqual(new Set([0, 1, 2, 3, 4]));
  });
});

/** All of an entry but the reason: who is displaced by whom may change, not what is on. */
function essence({ start, end, schedule, item }: TimelineEntry): object {
  return { start, end, schedule, item };
}

interface Flow {
  readonly ids: readonly number[];
  readonly weight: number;
}

/** Largest |A_f/w_f - A_g/w_g| over every stretch of whole items. */
function spread(entries: readonly TimelineEntry[], f: Flow, g: Flow): number {
  let difference = 0;
  let least = 0;
  let most = 0;
  for (const entry of entries) {
    const id = Number(entry.schedule?.slice(1));
    const length = entry.end - entry.start;
    if (f.ids.includes(id)) difference += length / f.weight;
    if (g.ids.includes(id)) difference -= length / g.weight;
    least = Math.min(least, difference);
    most = Math.max(most, difference);
  }
  return most - least;
}
