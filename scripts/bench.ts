import { parseArgs } from 'node:util';
import { benchChain } from './bench/chain.ts';
import { tableOf } from './bench/report.ts';
import type { Report } from './bench/report.ts';
import { benchSchedule, SCHEDULE_PARTS } from './bench/schedule.ts';
import { buildPages } from './setup/build.ts';

const HELP = `npm run bench -- chain [--runs N] [--demo] [--json]
npm run bench -- schedule [--only ${SCHEDULE_PARTS.join('|')}] [--json]

  chain      发布到上屏的时延、每 GB 内存多少台无画面播放器、中心启动时间
  --runs N   发布多少次，默认 100
  --demo     在一份新克隆上测演示的第一次和第二次启动（会装依赖包）

  schedule   排一天、查一刻、说明原因、播出单大小、全省改动下发到五万块屏，各与朴素做法并列
  --only P   只测其中一项

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
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const bench = positionals.length === 1 ? benchOf(positionals[0] ?? '', values) : null;
  if (bench === null) {
    console.error(HELP);
    return 2;
  }
  const report = await bench();
  console.log(values.json ? JSON.stringify(report, null, 2) : tableOf(report));
  return report.results.some(({ met }) => met === false) ? 1 : 0;
}

interface Wanted {
  readonly runs: string;
  readonly demo: boolean;
  readonly only?: string | undefined;
}

/** What a name and its options ask for; `null` where that is nothing. */
function benchOf(name: string, { runs, demo, only }: Wanted): (() => Promise<Report>) | null {
  const say = (line: string) => console.error(line);
  if (name === 'chain') {
    const times = Number(runs);
    if (!Number.isInteger(times) || times < 1) return null;
    return async () => {
      await buildPages(say);
      return benchChain({ runs: times, demo, say });
    };
  }
  if (name !== 'schedule') return null;
  const part = SCHEDULE_PARTS.find((one) => one === only) ?? null;
  if (only !== undefined && part === null) return null;
  return () => benchSchedule({ only: part, say });
}
