import type { Instant } from '../../shared/core/time.ts';
import type { PlanAsset } from '../../shared/plan/plan.schema.ts';
import { deniedAssets } from './denials/denied-assets.ts';
import { assetsByNeed, assetsShown } from './plan/plan-library.ts';
import type { LoadedPlan } from './plan/plan-library.ts';

/** A new plan waits for the assets of this many hours while an old one can go on. */
const AHEAD_HOURS = 2;
/** After this long only what is on now and next is waited for; with nothing on air, nothing is. */
const PATIENCE_MS = 120_000;
const PATIENCE_DARK_MS = 10_000;

export interface Readiness {
  readonly now: Instant;
  /** How long the plan has been verified and waiting. */
  readonly waitedMs: number;
  /** Whether some plan is on air, so that waiting costs nothing. */
  readonly somethingOnAir: boolean;
  readonly isReady: (asset: PlanAsset) => boolean;
}

/** Whether a verified plan may take the glass (DESIGN.md section 5: "once what it needs for the next hours is cached and verified"). */
export function mayTakeGlass(
  plan: LoadedPlan,
  { now, waitedMs, somethingOnAir, isReady }: Readiness,
): boolean {
  if (!somethingOnAir) return waitedMs >= PATIENCE_DARK_MS || nowAndNext(plan, now).every(isReady);
  const needed: readonly PlanAsset[] =
    waitedMs >= PATIENCE_MS
      ? nowAndNext(plan, now)
      : assetsShown(plan, now, (now + AHEAD_HOURS * 3600) as Instant);
  return needed.every(isReady);
}

/** What to keep and fetch, the most urgent first: what the plan on air needs soon, then the one to come. */
export function wantedAssets(onAir: LoadedPlan | null, coming: LoadedPlan | null, now: Instant): PlanAsset[] {
  const plans = [onAir, coming].filter((plan) => plan !== null);
  const denied = new Set<string>(
    plans.flatMap((plan) => deniedAssets(plan, now)).map(({ sha256 }) => sha256),
  );
  const wanted = [
    ...plans.flatMap((plan) => assetsShown(plan, now, (now + AHEAD_HOURS * 3600) as Instant)),
    ...plans.toReversed().flatMap((plan) => assetsByNeed(plan, now, AHEAD_HOURS)),
  ];
  return wanted.filter(({ sha256 }) => !denied.has(sha256));
}

/** What these plans name and must not be kept: denied, and no part of anything that is wanted. */
export function unwantedAssets(plans: readonly LoadedPlan[], now: Instant): PlanAsset[] {
  return plans.flatMap((plan) => deniedAssets(plan, now));
}

function nowAndNext({ resolver, plan }: LoadedPlan, now: Instant): PlanAsset[] {
  const current = resolver.at(now);
  return [current, resolver.at(current.end)]
    .map(({ asset }) => (asset === null ? undefined : plan.assets[asset]))
    .filter((asset) => asset !== undefined);
}
