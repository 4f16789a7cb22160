import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runJobs } from '../../../scripts/soak/law-crew.ts';
import type { LawJob } from '../../../scripts/soak/law-job.ts';
import { foundBy, runMutants } from '../../../scripts/soak/mutants.ts';
import { ROOT } from '../../helpers/source-files.ts';

const job = (patch: Partial<LawJob> = {}): LawJob => ({
  law: 'quotas',
  cases: 50,
  seed: 1,
  sharedFolder: path.join(ROOT, 'shared'),
  shrink: true,
  ...patch,
});

describe('a crew of law workers', () => {
  it('runs each job to its number of cases and answers in the jobs’ order', async () => {
    const jobs = [job({ cases: 70 }), job({ law: 'a short shared window starves none', cases: 20 }), job()];
    const ended: string[] = [];
    const ends = await runJobs(jobs, { workers: 2, patienceMs: 60_000, onEnd: ({ law }) => ended.push(law) });
    expect(ends.map(({ cases, counterexample }) => ({ cases, counterexample }))).toEqual([
      { cases: 70, counterexample: null },
      { cases: 20, counterexample: null },
      { cases: 50, counterexample: null },
    ]);
    expect(ended.toSorted()).toEqual(jobs.map(({ law }) => law).toSorted());
  });

  it('fails, and does not go on, where a worker dies', async () => {
    const crew = runJobs([job({ law: 'no such law' })], { workers: 2, patienceMs: 60_000 });
    await expect(crew).rejects.toThrow('the worker of "no such law" ended with 1');
  });

  it('fails where a job outlasts its patience', async () => {
    const endless = job({ law: 'the oracle, by the minute', cases: 1_000_000 });
    await expect(runJobs([endless], { workers: 1, patienceMs: 1_000 })).rejects.toThrow('has not ended');
  });
});

describe('mutants', () => {
  it('says that one is stale whose text is not there, or there twice, and runs the others', async () => {
    const mutant = (find: string) => ({
      breaks: 'x',
      law: 'quotas',
      file: 'schedule/quota.ts',
      find,
      replace: 'percents[tier] + minimums[tier]',
    });
    const finds = ['no such text', 'tier', 'Math.max(percents[tier], minimums[tier])'];
    const ends = await runMutants(finds.map(mutant), { cases: 500, seed: 1, workers: 1 });
    expect(ends.map(({ places }) => Math.min(places, 2))).toEqual([0, 2, 1]);
    expect(ends.map((end) => foundBy(end) !== null)).toEqual([false, false, true]);
  });
});
