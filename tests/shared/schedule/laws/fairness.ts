import type { PlanSchedule } from '../../../../shared/plan/plan.schema.ts';
import type { TimelineEntry } from '../../../../shared/schedule/timeline.ts';
import { addDays, dayOf, midnight, rankOf } from './calendar.ts';
import { readAlong } from './ledger.ts';
import type { Ledger, Open } from './ledger.ts';
import { defineLaw, LawBroken } from './law.ts';
import { worldArb } from './world.ts';
import type { World } from './world.ts';

/**
 * |A_f/w_f − A_g/w_g| ≤ L_f/w_f + L_g/w_g over every stretch of a local day in which f and g both stay
 * candidates and neither is passed over, in whole numbers: multiplied by w_f and w_g, nothing is
 * rounded (a day's seconds times two weights stay far below 2^53). L is the longest showing that the
 * flow had that day, which is at most the longest item of the sentence.
 *
 * A level sees only the items that are begun on it: while mandatory or filler is on, or another tier,
 * nothing of it moves, so a stretch goes on over such times. A flow is passed over where it would have
 * been next and does not fit; that takes its start tag, kept here as a fraction over one denominator.
 */
export interface Flow {
  readonly key: string;
  readonly weight: number;
  readonly fits: boolean;
  /** Which of two equal tags is first: the smaller. */
  readonly tie: number;
}

/** A level's decision: who could have been on, who was, and for how long. */
export interface Decision {
  readonly day: string;
  readonly flows: readonly Flow[];
  readonly chosen: string;
  readonly airtimeS: number;
}

interface Pair {
  readonly f: Flow;
  readonly g: Flow;
  /** A_f·w_g − A_g·w_f since the day began; its least and most since the stretch began. */
  now: number;
  least: number;
  most: number;
  widest: number;
}

/** @throws LawBroken where a level's decisions break the bound. */
export function holdFair(decisions: readonly Decision[]): void {
  for (const day of Map.groupBy(decisions, (one) => one.day).values()) holdFairDay(day);
}

function holdFairDay(decisions: readonly Decision[]): void {
  const weights = new Map(decisions.flatMap(({ flows }) => flows.map(({ key, weight }) => [key, weight])));
  // Tags over a common denominator, exact.
  const whole = [...weights.values()].reduce((product, weight) => product * BigInt(weight), 1n);
  const finish = new Map<string, bigint>();
  let virtual = 0n;
  const tagOf = (key: string) => {
    const last = finish.get(key) ?? 0n;
    return last > virtual ? last : virtual;
  };
  const longest = new Map<string, number>();
  const pairs = new Map<string, Pair>();
  for (const { flows, chosen, airtimeS } of decisions) {
    const winner = flows.find(({ key }) => key === chosen);
    if (winner === undefined) throw new LawBroken(`${chosen} is on and was no candidate`);
    const isPassedOver = (flow: Flow) =>
      !flow.fits &&
      (tagOf(flow.key) < tagOf(chosen) || (tagOf(flow.key) === tagOf(chosen) && flow.tie < winner.tie));
    const staying = flows.filter((flow) => !isPassedOver(flow));
    const together = new Set<string>();
    for (const f of staying) for (const g of staying) if (f.key < g.key) together.add(`${f.key} ${g.key}`);
    for (const [key, pair] of pairs) if (!together.has(key)) pair.least = pair.most = pair.now = NaN;
    for (const f of staying)
      for (const g of staying) {
        if (f.key >= g.key) continue;
        const pair = pairs.get(`${f.key} ${g.key}`) ?? { f, g, now: NaN, least: NaN, most: NaN, widest: 0 };
        pairs.set(`${f.key} ${g.key}`, pair);
        if (Number.isNaN(pair.now)) pair.now = pair.least = pair.most = 0;
        if (chosen === f.key) pair.now += airtimeS * g.weight;
        if (chosen === g.key) pair.now -= airtimeS * f.weight;
        pair.least = Math.min(pair.least, pair.now);
        pair.most = Math.max(pair.most, pair.now);
        pair.widest = Math.max(pair.widest, pair.most - pair.least);
      }
    longest.set(chosen, Math.max(longest.get(chosen) ?? 0, airtimeS));
    virtual = tagOf(chosen);
    finish.set(chosen, virtual + (BigInt(airtimeS) * whole) / BigInt(winner.weight));
  }
  for (const { f, g, widest } of pairs.values()) {
    const bound = (longest.get(f.key) ?? 0) * g.weight + (longest.get(g.key) ?? 0) * f.weight;
    if (widest > bound)
      throw new LawBroken(`${f.key}:${f.weight} and ${g.key}:${g.weight} are ${widest} apart, over ${bound}`);
  }
}

const TIERS = ['province', 'city', 'county', 'township', 'village'] as const;

interface Moment {
  readonly entry: TimelineEntry;
  readonly candidates: readonly (Open & { readonly fits: boolean })[];
}

function momentsOf(subject: Parameters<typeof readAlong>[0], world: World) {
  const moments: Moment[] = [];
  let plan: Ledger['plan'] | null = null;
  readAlong(subject, world, (entry, ledger) => {
    plan = ledger.plan;
    if (entry.class !== 'rotation') return;
    const { start: at } = entry;
    const candidates = ledger
      .openAt(at, 'rotation')
      .filter(({ window }) => weightOf(ledger.plan, window.schedule) > 0 && ledger.next(window, at) >= 0)
      .map((open) => ({ ...open, fits: ledger.fits(open, at) }));
    moments.push({ entry, candidates });
  });
  return { moments, plan: plan as Ledger['plan'] | null };
}

function weightOf(plan: Ledger['plan'], schedule: PlanSchedule): number {
  const tier = TIERS[rankOf(schedule)];
  return tier === undefined ? 0 : plan.tierWeights[tier];
}

/** Rotation alone to rotation among everything else. */
const WORLDS = worldArb({ schedules: 9, denials: 2 });

export const fairTiers = defineLaw({
  name: 'fairness between tiers',
  source: 'DESIGN 4: the bound between two tiers that stay candidates (rules 7–10)',
  shortRuns: 150,
  arbitrary: WORLDS,
  check: (subject, world) => {
    const { moments, plan } = momentsOf(subject, world);
    if (plan === null) return;
    holdFair(
      moments.map(({ entry, candidates }): Decision => {
        const ranks = Map.groupBy(candidates, ({ window }) => rankOf(window.schedule));
        return {
          day: dayOf(entry.start),
          chosen: TIERS[rankOf({ region: entry.region ?? '' })] ?? '-',
          airtimeS: entry.end - entry.start,
          flows: [...ranks].map(([rank, open]) => ({
            key: TIERS[rank] ?? '-',
            weight: plan.tierWeights[TIERS[rank] ?? 'village'],
            fits: open.some(({ fits }) => fits),
            tie: rank,
          })),
        };
      }),
    );
  },
});

export const fairSchedules = defineLaw({
  name: 'fairness inside a tier',
  source: 'DESIGN 4: the bound between two schedules of one tier (rules 7–9)',
  shortRuns: 150,
  arbitrary: WORLDS.map((world): World => ({ ...world, made: { ...world.made, schedules: huddled(world) } })),
  check: (subject, world) => {
    const { moments, plan } = momentsOf(subject, world);
    if (plan === null) return;
    const byTier = Map.groupBy(moments, ({ entry }) => rankOf({ region: entry.region ?? '' }));
    for (const [rank, ofTier] of byTier) {
      const siblings = plan.schedules
        .filter((one) => one.class === 'rotation' && rankOf(one) === rank)
        .map(({ id }) => id as string)
        .sort();
      holdFair(
        ofTier.map(
          ({ entry, candidates }): Decision => ({
            day: dayOf(entry.start),
            chosen: entry.schedule ?? '-',
            airtimeS: entry.end - entry.start,
            flows: candidates
              .filter(({ window }) => rankOf(window.schedule) === rank)
              .map(({ window: { schedule }, fits }) => ({
                key: schedule.id,
                weight: schedule.weight,
                fits,
                tie: (siblings.indexOf(schedule.id) + daysSince1970(entry.start)) % siblings.length,
              })),
          }),
        ),
      );
    }
  },
});

/** The same schedules on two tiers only, so that many share one. */
function huddled({ made }: World): World['made']['schedules'] {
  return made.schedules.map((one) => ({
    ...one,
    tier: one.tier === 'province' || one.tier === 'city' ? 'city' : 'township',
  }));
}

function daysSince1970(at: number): number {
  return (midnight(dayOf(at)) - midnight(addDays('1970-01-01', 0))) / 86_400;
}
