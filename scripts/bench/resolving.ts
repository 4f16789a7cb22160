import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { regionCodeSchema } from '../../shared/core/ids.ts';
import type { Instant } from '../../shared/core/time.ts';
import { DAY_S, dayNumberOfLocalDay, midnightOf } from '../../shared/core/time.ts';
import { encodePlan } from '../../shared/plan/plan-bytes.ts';
import type { Plan } from '../../shared/plan/plan.schema.ts';
import { createExplainer } from '../../shared/schedule/explain.ts';
import { createResolver } from '../../shared/schedule/resolve.ts';
import { resolveStepByStep } from '../../tests/shared/schedule/reference.ts';
import { loadScheduleFolder } from '../schedules/load-folder.ts';
import { planOf } from '../schedules/offline.ts';
import { ROOT } from '../setup/command.ts';
import { DAY, madePlan, seeded } from './made-world.ts';
import { makeResult, percentile } from './report.ts';
import type { Result } from './report.ts';

const SCHEDULES = 200;
/** 毛坪村 of the demo. */
const VILLAGE = regionCodeSchema.parse('411224102203');
/** Schedules of a tier that show one playlist. */
const SHARING = 4;
const RUNS = 200;
const LOOKUPS = 200_000;
const MIDNIGHT = midnightOf(dayNumberOfLocalDay(DAY));
/** Every time in a made plan is a multiple of it, so the naive scan may step by it. */
const STEP_S = 5;

/** One screen-day resolved, beside a scan that asks every rule at every step; and as schedules grow. */
export function measureResolve(): Result[] {
  const grown = [10, 50, SCHEDULES, 1_000].map((schedules) => {
    const plan = madePlan(schedules);
    const value = median(RUNS, () => createResolver(plan).at((MIDNIGHT + DAY_S / 2) as Instant));
    const target = schedules === SCHEDULES;
    return makeResult({
      metric: `resolve one screen-day, ${schedules} schedules on five tiers, median of ${RUNS}`,
      value,
      unit: 'ms',
      ...(target && { goal: { atMost: 2 } }),
      ...(schedules <= SCHEDULES && { peer: { name: 'naive scan', value: naiveMs(plan) } }),
    });
  });
  return grown;
}

/** An instant looked up in a resolved day, beside a scan of its entries from the first on. */
export function measureLookup(): Result[] {
  const resolver = createResolver(madePlan(SCHEDULES));
  const entries = resolver.timeline(MIDNIGHT, (MIDNIGHT + DAY_S) as Instant);
  const random = seeded(1);
  const instants = Array.from({ length: 1_000 }, () => (MIDNIGHT + Math.floor(random() * DAY_S)) as Instant);
  const each = (look: (at: Instant) => unknown, times: number): number => {
    const startedMs = performance.now();
    for (let run = 0; run < times; run += 1) look(instants[run % instants.length] as Instant);
    return ((performance.now() - startedMs) * 1_000) / times;
  };
  each((at) => resolver.at(at), LOOKUPS / 10);
  return [
    makeResult({
      metric: `look up an instant in a resolved day of ${entries.length} showings`,
      value: each((at) => resolver.at(at), LOOKUPS),
      unit: 'µs',
      goal: { atMost: 5 },
      peer: {
        name: 'scan of the day',
        value: each((at) => entries.find((entry) => entry.end > at), LOOKUPS / 20),
      },
    }),
  ];
}

/** Why this is on and every other schedule is not, on a plan never asked before; beside the naive resolving alone. */
export function measureExplain(): Result[] {
  const plan = madePlan(SCHEDULES);
  const at = (MIDNIGHT + 14 * 3_600) as Instant;
  return [
    makeResult({
      metric: `explain an instant, ${SCHEDULES} schedules, plan never asked before, median of ${RUNS}`,
      value: median(RUNS, () => createExplainer(plan).at(at)),
      unit: 'ms',
      goal: { atMost: 5 },
      peer: { name: 'naive scan of the day', value: naiveMs(plan) },
    }),
  ];
}

/** What a plan weighs on the link, beside its bytes as they are: of a village in the demo, and made ones. */
export async function measureBytes(): Promise<Result[]> {
  const { document } = await loadScheduleFolder(path.join(ROOT, 'schedules', 'henan'));
  if (document === null) throw new Error('schedules/henan does not load');
  const village = planOf(document, { region: VILLAGE, tags: [], groups: [] }, DAY);
  const weighed = [
    { what: `the demo's village plan, ${village.schedules.length} schedules`, plan: village },
    {
      what: `a plan of ${SCHEDULES} schedules, a playlist on at ${SHARING} times`,
      plan: madePlan(SCHEDULES, SHARING),
    },
    {
      what: `a plan of ${SCHEDULES} schedules, each with a playlist of its own`,
      plan: madePlan(SCHEDULES),
    },
  ];
  return weighed.map(({ what, plan }) => {
    const { bytes } = encodePlan(plan);
    return makeResult({
      metric: `${what}, gzip`,
      value: gzipSync(bytes).length / 1_024,
      unit: 'KiB',
      goal: { atMost: 32 },
      peer: { name: 'uncompressed', value: bytes.length / 1_024 },
    });
  });
}

/** The tests' reference: it keeps nothing prepared, and asks every rule at every step of the day. */
function naiveMs(plan: Plan): number {
  const startedMs = performance.now();
  resolveStepByStep(plan, [], { from: MIDNIGHT, to: MIDNIGHT + DAY_S, stepS: STEP_S });
  return performance.now() - startedMs;
}

function median(runs: number, work: () => unknown): number {
  for (let run = 0; run < runs / 10; run += 1) work();
  const samples = Array.from({ length: runs }, () => {
    const startedMs = performance.now();
    work();
    return performance.now() - startedMs;
  });
  return percentile(samples, 0.5);
}
