import { parseArgs } from 'node:util';
import { benchChain } from './bench/chain.ts';
import { tableOf } from './bench/report.ts';
import { buildPages } from './setup/build.ts';

const HELP = `npm run bench -- chain [--runs N] [--demo] [--json]

  chain      发布到上屏的时延、每 GB 内存多少台无画面播放器、中心启动时间
  --runs N   发布多少次，默认 100
  --demo     在一份新克隆上测演示的第一次和第二次启动（会装依赖包）
  --json     只输出 {name, results: [{metric, value, unit, goal, met, peer, ratio}]}`;

process.exitCode = await main(process.argv.slice(2));

/** `npm run bench -- NAME`: measures, beside a peer or a limit measured in the same run. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '100' },
      demo: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const runs = Number(values.runs);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals[0] !== 'chain' || positionals.length > 1 || !Number.isInteger(runs) || runs < 1) {
    console.error(HELP);
    return 2;
  }
  const say = (line: string) => console.error(line);
  await buildPages(say);
  const report = await benchChain({ runs, demo: values.demo, say });
  console.log(values.json ? JSON.stringify(report, null, 2) : tableOf(report));
  return report.results.some(({ met }) => met === false) ? 1 : 0;
}
