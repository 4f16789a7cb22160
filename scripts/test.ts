import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { buildPages } from './setup/build.ts';
import { BIN, ROOT, runCommand } from './setup/command.ts';
import { bootEntries } from './setup/entries.ts';
import { ensureSystemParts } from './setup/system-parts.ts';

/**
 * `npm test`: everything, in the order that fails soonest. Arguments go to vitest, and then only the
 * tests run: `npm test -- tests/shared`. The last line is always `N passed, N failed`.
 */
interface Step {
  readonly name: string;
  /** @returns what is wrong, or `null`. */
  run(): Promise<string | null>;
}

const say = (line: string) => console.log(line);

const tool = (name: string, program: string, args: readonly string[]): Step => ({
  name,
  async run() {
    const { code, output } = await runCommand(path.join(BIN, program), args);
    return code === 0 ? null : output.trim();
  },
});

const CHECKS: readonly Step[] = [
  tool('类型检查', 'tsc', ['-p', '.']),
  tool('类型检查：控制台', 'vue-tsc', ['-p', 'server/console', '--noEmit']),
  tool('代码检查', 'oxlint', []),
  tool('格式检查', 'biome', ['format', '--max-diagnostics=20']),
  { name: '入口在 Node 下能起', run: bootEntries },
  {
    name: '生成页面',
    async run() {
      await buildPages(() => {});
      return null;
    },
  },
];

/** What is read of vitest's report. */
const reportSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
});

const filters = process.argv.slice(2);
const failedSteps: string[] = [];
if (filters.length === 0) {
  await ensureSystemParts(say);
  for (const step of CHECKS) if (!(await passes(step))) failedSteps.push(step.name);
} else {
  await buildPages(say);
}
const tests = await runTests(filters);
if (failedSteps.length > 0) say(`\n没过的检查：${failedSteps.join('、')}`);
const failed = tests.failed + failedSteps.length;
say(
  `\n${tests.passed + (filters.length === 0 ? CHECKS.length - failedSteps.length : 0)} passed, ${failed} failed`,
);
process.exitCode = failed === 0 && tests.passed > 0 ? 0 : 1;

async function passes(step: Step): Promise<boolean> {
  const started = Date.now();
  const wrong = await step.run().catch((error: unknown) => String(error));
  say(`${wrong === null ? '✓' : '✗'} ${step.name} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (wrong !== null) say(wrong);
  return wrong === null;
}

/** Counts come from vitest's own report; a run that leaves none is one failure. */
async function runTests(args: readonly string[]): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kepu-test-'));
  const report = path.join(folder, 'report.json');
  try {
    const { code } = await runCommand(
      path.join(BIN, 'vitest'),
      [
        'run',
        '--root',
        ROOT,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...args,
      ],
      { show: true },
    );
    const counts = reportSchema.parse(JSON.parse(await readFile(report, 'utf8')));
    // A file that could not be read, or an error outside any test, fails the run without failing a test.
    const brokenFiles = counts.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    ).length;
    const failed = counts.numFailedTests + brokenFiles;
    return { passed: counts.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
  } catch (error) {
    say(`vitest 没有留下报告：${String(error)}`);
    return { passed: 0, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
