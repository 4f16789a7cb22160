import type { Feasibility, Finding } from '../../../shared/plan/feasibility.api.ts';
import type { Tier } from '../../../shared/region/tier.ts';

export type PlanKind = Feasibility['kinds'][number];

/** One tier of one kind of plan, as a bar against its converted target. */
export interface TierBar {
  readonly tier: Tier;
  readonly percent: number;
  readonly airtimeS: number;
  readonly targetS: number;
  /** Of the longest bar or target of the kind. */
  readonly width: number;
  readonly mark: number;
  /** Airtime minus target, seconds. */
  readonly differenceS: number;
  readonly empty: boolean;
}

/** The tiers of a kind of plan as bars on one scale. */
export function tierBars(kind: PlanKind): TierBar[] {
  const longest = Math.max(1, ...kind.tiers.flatMap(({ airtimeS, targetS }) => [airtimeS, targetS]));
  return kind.tiers.map(({ tier, percent, airtimeS, targetS, empty }) => ({
    tier,
    percent,
    airtimeS,
    targetS,
    width: airtimeS / longest,
    mark: targetS / longest,
    differenceS: Math.round(airtimeS - targetS),
    empty,
  }));
}

/** The classes of a day with their shares, those without time left out. */
export function classShares(
  kind: PlanKind,
): { readonly of: keyof PlanKind['classes']; readonly seconds: number; readonly share: number }[] {
  const { mandatory, rotation, filler, empty } = kind.classes;
  const total = Math.max(1, mandatory + rotation + filler + empty);
  return (['mandatory', 'rotation', 'filler', 'empty'] as const)
    .map((of) => ({ of, seconds: kind.classes[of], share: kind.classes[of] / total }))
    .filter(({ seconds }) => seconds > 0);
}

/** Findings counted by how grave they are. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<Finding['severity'], number>> {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  return { error: count('error'), warning: count('warning'), info: count('info') };
}

/** `+12 分`, `−40 秒`, `不变`: how a schedule's airtime changes. */
export function changeText(beforeS: number, afterS: number, words: (seconds: number) => string): string {
  if (beforeS === afterS) return '不变';
  return `${afterS > beforeS ? '+' : '−'}${words(Math.abs(afterS - beforeS))}`;
}
