import { expect, it } from 'vitest';
import { SAME_SIGNAL_MS, makeSignalJudge } from '../../server/stop-signals.ts';

it('stops at the first signal, ignores what comes with it, and ends at once at one that comes later', () => {
  let nowMs = 5_000;
  const judge = makeSignalJudge(() => nowMs);
  expect(judge()).toBe('stop');
  expect(judge()).toBe('echo');
  nowMs += SAME_SIGNAL_MS - 1;
  expect(judge()).toBe('echo');
  nowMs += 1;
  expect(judge()).toBe('force');
});
