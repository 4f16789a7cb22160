import type { DayNumber } from '../core/time.ts';
import type { Program, Rule } from './compile.ts';
import type { FairQueue } from './fair-queue.ts';

/** How the tiers, and inside each its schedules, share one local day's rotation airtime. */
export interface DayQueue {
  /** Whether the tier may have airtime at all; one whose weight is 0 may not. */
  admits(rank: number): boolean;
  /** Negative when tier `a` is next before tier `b`: smaller start tag, ties to the higher tier. */
  compareTiers(a: number, b: number): number;
  /** The same inside a tier; ties by the rank that turns daily (SCHEDULING.md rule 9). */
  compareRules(a: Rule, b: Rule): number;
  /** Charges the airtime an item really had, on both levels. */
  charge(rule: Rule, airtimeS: number): void;
}

/** A fresh day: all tags at zero. */
export function makeDayQueue(program: Program, day: DayNumber): DayQueue {
  const tiers = program.tierQueue();
  const inside: FairQueue[] = program.scheduleQueues.map((make) => make());
  const tierFlow = (rank: number): number => program.tierFlows[rank] as number;
  const turn = (rule: Rule): number => (rule.flow + day) % (program.flowCounts[rule.rank] as number);
  return {
    admits: (rank) => tierFlow(rank) >= 0,
    compareTiers: (a, b) => tiers.compare(tierFlow(a), tierFlow(b)) || a - b,
    compareRules: (a, b) => (inside[a.rank] as FairQueue).compare(a.flow, b.flow) || turn(a) - turn(b),
    charge(rule, airtimeS) {
      tiers.charge(tierFlow(rule.rank), airtimeS);
      (inside[rule.rank] as FairQueue).charge(rule.flow, airtimeS);
    },
  };
}
