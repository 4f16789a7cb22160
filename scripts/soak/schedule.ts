import path from 'node:path';
import { LAWS } from '../../tests/shared/schedule/laws/all.ts';
import { runJobs } from './law-crew.ts';
import type { LawEnd, LawJob } from './law-job.ts';
import { table } from './table.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const TELL_EVERY_MS = 10_000;
const PATIENCE_MS = 4 * 3600_000;

export interface SoakOptions {
  readonly cases: number;
  readonly seed: number;
  /** Only laws whose name has it; `null` is all. */
  readonly law: string | null;
  readonly workers: number;
  readonly say: (line: string) => void;
}

/**
 * Puts every law of the timeline to its full number of cases. Says how far it is, and at last a table;
 * a counterexample with its seed and shrunk case. @returns whether every law held.
 */
export async function soakSchedule({ cases, seed, law, workers, say }: SoakOptions): Promise<boolean> {
  const chosen = LAWS.filter(({ name }) => law === null || name.includes(law));
  if (chosen.length === 0) {
    say(`没有这条定律。有：${LAWS.map(({ name }) => name).join('；')}`);
    return false;
  }
  const jobs = chosen.map(
    ({ name }): LawJob => ({
      law: name,
      cases,
      seed,
      sharedFolder: path.join(ROOT, 'shared'),
      shrink: true,
    }),
  );
  const done = new Map<string, number>();
  const began = Date.now();
  const ticking = setInterval(() => {
    const now = [...done].map(([name, count]) => `${name} ${count}`).join('，');
    say(`  ${Math.round((Date.now() - began) / 1000)} 秒：${now}`);
  }, TELL_EVERY_MS);
  const onEnd = (job: LawJob, end: LawEnd) => {
    done.delete(job.law);
    say(
      `${end.counterexample === null ? '✓' : '✗'} ${job.law}：${end.cases} 例，${end.seconds.toFixed(1)} 秒`,
    );
  };
  try {
    const ends = await runJobs(jobs, {
      workers,
      patienceMs: PATIENCE_MS,
      onProgress: (job, count) => done.set(job.law, count),
      onEnd,
    });
    say(tableOf(jobs, ends));
    return ends.every(({ counterexample }) => counterexample === null);
  } finally {
    clearInterval(ticking);
  }
}

function tableOf(jobs: readonly LawJob[], ends: readonly LawEnd[]): string {
  const rows = ends.map(({ cases, seconds, counterexample }, index) => [
    jobs[index]?.law ?? '',
    String(cases),
    seconds.toFixed(1),
    counterexample === null ? '-' : counterexample.why,
  ]);
  const examples = ends.flatMap(({ counterexample }, index) =>
    counterexample === null
      ? []
      : [
          `${jobs[index]?.law}: seed ${jobs[index]?.seed}, path ${counterexample.path}\n${counterexample.example}`,
        ],
  );
  return [table(['law', 'cases', 'seconds', 'counterexample'], rows), ...examples].join('\n\n');
}
