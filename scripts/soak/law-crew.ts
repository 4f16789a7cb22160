import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { lawNewsSchema } from './law-job.ts';
import type { LawEnd, LawJob } from './law-job.ts';

export interface CrewOptions {
  readonly workers: number;
  /** A job that takes longer has not ended, and the crew fails. */
  readonly patienceMs: number;
  /** Told now and then how many cases of a job are done. */
  readonly onProgress?: (job: LawJob, done: number) => void;
  readonly onEnd?: (job: LawJob, end: LawEnd) => void;
}

/**
 * Runs jobs in worker processes, each taking the next from the list, and answers how each ended, in the
 * jobs' order. @throws Error when a worker dies or a job outlasts the patience; no worker is left behind.
 */
export async function runJobs(jobs: readonly LawJob[], options: CrewOptions): Promise<LawEnd[]> {
  const ends: LawEnd[] = [];
  const children = new Set<ChildProcess>();
  let next = 0;
  const worker = async () => {
    const child = fork(path.join(import.meta.dirname, 'law-worker.ts'), { serialization: 'json' });
    children.add(child);
    for (let index = next++; index < jobs.length; index = next++) {
      const job = jobs[index] as LawJob;
      const end = await runOne(child, job, options);
      ends[index] = end;
      options.onEnd?.(job, end);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(options.workers, jobs.length) }, worker));
    return ends;
  } finally {
    for (const child of children) child.kill();
  }
}

function runOne(child: ChildProcess, job: LawJob, { patienceMs, onProgress }: CrewOptions): Promise<LawEnd> {
  return new Promise((resolve, reject) => {
    const finish = (act: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onError);
      act();
    };
    const onError = (error: Error) => finish(() => reject(error));
    const onExit = (code: number | null) =>
      finish(() => reject(new Error(`the worker of "${job.law}" ended with ${code}`)));
    const onMessage = (message: unknown) => {
      const news = lawNewsSchema.parse(message);
      if (news.kind === 'progress') return onProgress?.(job, news.done);
      const { kind: _, ...end } = news;
      finish(() => resolve(end));
    };
    const timer = setTimeout(
      () => finish(() => reject(new Error(`"${job.law}" has not ended in ${patienceMs} ms`))),
      patienceMs,
    );
    child.on('message', onMessage).on('exit', onExit).on('error', onError);
    child.send(job);
  });
}
