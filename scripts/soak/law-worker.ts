import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { LAWS } from '../../tests/shared/schedule/laws/all.ts';
import type { Subject } from '../../tests/shared/schedule/laws/law.ts';
import { lawJobSchema } from './law-job.ts';
import type { LawJob, LawNews } from './law-job.ts';

/** A process that runs laws one after the other, as its parent sends them. */
const TELL_EVERY_MS = 2_000;

process.on('message', (message) => {
  void run(lawJobSchema.parse(message));
});

async function run(job: LawJob): Promise<void> {
  const law = LAWS.find(({ name }) => name === job.law);
  if (law === undefined) throw new Error(`no law is named ${job.law}`);
  const subject = await load(job.sharedFolder);
  const began = performance.now();
  let done = 0;
  let toldAt = began;
  const holds = fc.property(law.arbitrary, (one) => {
    done += 1;
    if (performance.now() - toldAt > TELL_EVERY_MS) {
      toldAt = performance.now();
      tell({ kind: 'progress', done });
    }
    law.check(subject, one);
  });
  const found = fc.check(holds, { seed: job.seed, numRuns: job.cases, endOnFailure: !job.shrink });
  tell({
    kind: 'ended',
    cases: found.numRuns,
    seconds: (performance.now() - began) / 1000,
    counterexample: found.failed
      ? {
          why:
            found.errorInstance instanceof Error ? found.errorInstance.message : String(found.errorInstance),
          example: fc.stringify(found.counterexample?.[0]),
          path: found.counterexamplePath ?? '',
        }
      : null,
  });
}

/** The rules of a folder, which may be a broken copy. */
async function load(sharedFolder: string): Promise<Subject> {
  const file = (name: string) => pathToFileURL(path.join(sharedFolder, 'schedule', name)).href;
  const resolve = (await import(file('resolve.ts'))) as Pick<Subject, 'createResolver'>;
  const quota = (await import(file('quota.ts'))) as Pick<Subject, 'tierWeights'>;
  return { createResolver: resolve.createResolver, tierWeights: quota.tierWeights };
}

function tell(news: LawNews): void {
  // Whoever asked is gone, perhaps killed: nobody waits for the rest.
  if (!process.connected) process.exit(1);
  process.send?.(news);
}
