import type { ScreenPlanState } from '../../../shared/plan/plan.api.ts';

/** The way of a plan to the glass, in the order in which it is gone. */
const STEPS = [
  { zh: '通知', atMs: (state: ScreenPlanState) => state.toldAtMs },
  { zh: '取到', atMs: (state: ScreenPlanState) => state.fetchedAtMs },
  { zh: '校验', atMs: (state: ScreenPlanState) => state.verifiedAtMs },
  { zh: '上屏', atMs: (state: ScreenPlanState) => state.onAirAtMs },
] as const;

export interface PlanSteps {
  readonly plan: string;
  /** What is behind it, the last of it marked as reached, and what is still ahead, in words. */
  readonly done: readonly string[];
  readonly open: readonly string[];
  /** The code under which the box refused it; `null` where it did not, or took it later. */
  readonly refused: string | null;
  /** When it got this far, milliseconds. */
  readonly atMs: number;
}

/**
 * How far a plan got on a screen. A later step stands for the earlier ones: a plan that the box still
 * had is never fetched, and one that it pulled is never told.
 */
export function planSteps(state: ScreenPlanState | null): PlanSteps | null {
  if (state === null) return null;
  const reached = STEPS.findLastIndex((step) => step.atMs(state) !== null) + 1;
  const reachedAtMs = STEPS[reached - 1]?.atMs(state) ?? state.issuedAtMs;
  const isRefused =
    state.refusedAtMs !== null && state.onAirAtMs === null && state.refusedAtMs >= reachedAtMs;
  return {
    plan: state.plan,
    done: STEPS.slice(0, reached).map(({ zh }, at) => (at === reached - 1 ? `已${zh}` : zh)),
    open: STEPS.slice(reached).map(({ zh }) => zh),
    refused: isRefused ? (state.refusedCode ?? '?') : null,
    atMs: isRefused ? (state.refusedAtMs ?? reachedAtMs) : reachedAtMs,
  };
}
