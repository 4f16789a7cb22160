import { describe, expect, test } from 'vitest';
import { planSteps } from '../../../server/console/model/plan-steps.ts';
import type { ScreenPlanState } from '../../../shared/plan/plan.api.ts';
import { screenPlanStateSchema } from '../../../shared/plan/plan.api.ts';

function makeState(patch: Partial<ScreenPlanState> = {}): ScreenPlanState {
  return screenPlanStateSchema.parse({
    screen: 's-aaaaaaaaaaaaaaaa',
    name: '毛坪村文化广场屏',
    region: '411224102203',
    regionName: '毛坪村',
    device: 'd'.repeat(32),
    plan: 'a'.repeat(64),
    counter: 1,
    issuedAtMs: 1_000,
    toldAtMs: null,
    fetchedAtMs: null,
    verifiedAtMs: null,
    onAirAtMs: null,
    refusedAtMs: null,
    refusedCode: null,
    ...patch,
  });
}

describe('how far a plan got', () => {
  test('is told by what is behind it, what is ahead, and since when', () => {
    expect(planSteps(makeState({ toldAtMs: 1_100, fetchedAtMs: 1_200 }))).toMatchObject({
      done: ['通知', '已取到'],
      open: ['校验', '上屏'],
      refused: null,
      atMs: 1_200,
    });
    expect(planSteps(makeState())).toMatchObject({ done: [], atMs: 1_000 });
    expect(planSteps(null)).toBeNull();
  });

  test('counts a plan the box still had as fetched, because it is on air', () => {
    const steps = planSteps(makeState({ toldAtMs: 1_100, verifiedAtMs: 1_150, onAirAtMs: 1_300 }));
    expect(steps).toMatchObject({ open: [], atMs: 1_300 });
    expect(steps?.done).toHaveLength(4);
  });

  test('says that the box refused it, unless it took it after all', () => {
    const refused = { toldAtMs: 1_100, refusedAtMs: 1_200, refusedCode: 'PLAN_INVALID' };
    expect(planSteps(makeState(refused))).toMatchObject({ refused: 'PLAN_INVALID', atMs: 1_200 });
    expect(planSteps(makeState({ ...refused, onAirAtMs: 1_500 }))?.refused).toBeNull();
  });
});
