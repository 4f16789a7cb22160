import { parseArgs } from 'node:util';
import { soakMutants } from './soak/mutants.ts';
import { soakSchedule } from './soak/schedule.ts';

const HELP = `npm run soak -- schedule [--cases 10000] [--seed N] [--law 名称]
npm run soak -- mutants  [--cases 2000] [--seed N] [--law 名称]

  schedule   排期定律：每条定律跑满例数，两个进程；有反例时打印种子和缩小后的例子
  mutants    改坏的解析器：每处改动都要被它的定律找出反例
  --cases N  每条定律（每处改动）最多多少例
  --seed N   随机种子，默认取当前时间
  --law 名称 只跑名称里有它的定律`;

process.exitCode = await main(process.argv.slice(2));

/** `npm run soak -- NAME`: the full figure of what the tests run in a short, seeded form. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cases: { type: 'string' },
      seed: { type: 'string' },
      law: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [name] = positionals;
  const cases = Number(values.cases ?? (name === 'mutants' ? 2_000 : 10_000));
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const isKnown = name === 'schedule' || name === 'mutants';
  if (
    !isKnown ||
    positionals.length > 1 ||
    !Number.isInteger(cases) ||
    cases < 1 ||
    !Number.isInteger(seed)
  ) {
    console.error(HELP);
    return 2;
  }
  const say = (line: string) => console.log(line);
  say(`种子 ${seed}`);
  const options = { cases, seed, law: values.law ?? null, workers: 2, say };
  const held = name === 'schedule' ? await soakSchedule(options) : await soakMutants(options);
  return held ? 0 : 1;
}
