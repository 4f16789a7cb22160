import { schedule } from 'node-cron';
import type { PlanService } from './plan.service.ts';

/**
 * Recomputes plans at every local midnight: schedules begin and end on days, required hours are a
 * day's, and assignments that near their expiry are signed anew. @returns how to stop that.
 */
export function startPlanJobs(plans: PlanService): () => Promise<void> {
  const task = schedule('0 0 0 * * *', () => plans.trigger('midnight'), { timezone: 'Asia/Shanghai' });
  return async () => {
    await task.destroy();
  };
}
