import { journalForTest } from './journal-fixture.ts';

/**
 * A process to be killed: writes records and ticks as fast as it can, and says on standard output
 * what it has been promised is durable.
 */
const { journal, clock, run } = journalForTest(process.argv[2] ?? '');
process.stdout.write(`boot ${journal.boot}\n`);
for (let n = 1; ; n += 1) {
  journal.record({ kind: 'refusal', what: 'asset', code: 'TEST', detail: String(n) });
  process.stdout.write(`seq ${n + 1}\n`);
  if (n % 7 === 0) {
    run.paint(25, clock.monoMs());
    journal.tick();
  }
  // Lets the pipe take what was said.
  if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
}
