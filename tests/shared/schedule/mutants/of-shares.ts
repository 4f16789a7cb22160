import type { Mutant } from './mutant.ts';

/** Who gets how much airtime. */
export const MUTANTS_OF_SHARES: readonly Mutant[] = [
  {
    breaks: 'V stands still: what was passed over or idle keeps its credit',
    law: 'the oracle, by the minute',
    file: 'schedule/fair-queue.ts',
    find: 'virtual = start;',
    replace: '',
  },
  {
    breaks: 'tags in doubles, rounded',
    law: 'the oracle, by the second',
    file: 'schedule/fair-queue.ts',
    find: 'advance: (tag, airtimeS, unit) => tag + airtimeS * unit,',
    replace: 'advance: (tag, airtimeS, unit) => Math.round((tag + airtimeS * unit) / 7) * 7,',
  },
  {
    breaks: 'weights between tiers are not minded',
    law: 'fairness between tiers',
    file: 'schedule/compile.ts',
    find: 'tierQueue: fairQueues(present),',
    replace: 'tierQueue: fairQueues(present.map(() => 1)),',
  },
  {
    breaks: 'what is cut is charged the length it was planned for',
    law: 'fairness between tiers',
    file: 'schedule/resolve-segment.ts',
    find: 'progress.begun(choice, end - at);',
    replace: 'progress.begun(choice, durationOf(choice.opening, choice.item));',
  },
  {
    breaks: 'weights inside a tier are not minded',
    law: 'fairness inside a tier',
    file: 'schedule/compile.ts',
    find: 'weights[rank]?.push(schedule.weight);',
    replace: 'weights[rank]?.push(1);',
  },
  {
    breaks: 'inside a tier the least weight is served most',
    law: 'fairness inside a tier',
    file: 'schedule/fair-queue.ts',
    find: 'const units = weights.map((weight) => scale / BigInt(weight));',
    replace: 'const units = weights.map((weight) => BigInt(weight));',
  },
  {
    breaks: 'ties go to the lower tier',
    law: 'the oracle, by the minute',
    file: 'schedule/day-queue.ts',
    find: 'tiers.compare(tierFlow(a), tierFlow(b)) || a - b',
    replace: 'tiers.compare(tierFlow(a), tierFlow(b)) || b - a',
  },
  {
    breaks: 'ties inside a tier go the same way every day',
    law: 'a short shared window starves none',
    file: 'schedule/day-queue.ts',
    find: '(rule.flow + day) %',
    replace: 'rule.flow %',
  },
  {
    breaks: 'a minimum that is already granted is given once more',
    law: 'quotas',
    file: 'schedule/quota.ts',
    find: 'Math.max(percents[tier], minimums[tier])',
    replace: 'percents[tier] + minimums[tier]',
  },
  {
    breaks: 'a region’s own locks bind its own policy',
    law: 'quotas',
    file: 'schedule/quota.ts',
    find: 'one.region.length < own.region.length',
    replace: 'one.region.length <= own.region.length',
  },
  {
    breaks: 'the policy of any region of the line counts, not the nearest',
    law: 'quotas',
    file: 'schedule/quota.ts',
    find: 'inLine.find((policy) => policy.percents !== null)',
    replace: 'inLine.findLast((policy) => policy.percents !== null)',
  },
];
