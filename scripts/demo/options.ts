import path from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ROOT } from '../setup/command.ts';

export interface DemoOptions {
  readonly help: boolean;
  /** Bring everything up, see one item painted and one figure computed, stop. */
  readonly check: boolean;
  /** Begin with an empty data folder. */
  readonly fresh: boolean;
  /** Headless players; `null`: one per county. */
  readonly screens: number | null;
  /** Whether a real player is started too. */
  readonly player: boolean;
  /** Whether its Chromium shows no window even where there is a display. */
  readonly headless: boolean;
  /** Given when the demo account's password was changed. */
  readonly password: string | null;
  readonly port: number;
  readonly dataFolder: string;
}

export const DEMO_HELP = `npm run demo [-- 选项]    一条命令让一个省上屏：中心、全省排期、一个真实播放器、一批无画面播放器

  --check          全部起来，等真实播放器画出排期内的节目、县区数字从它的日志算出来，说看到了什么，停下；
                   成了退出码 0，缺什么就说缺什么，退出码 1
  --screens N      无画面播放器的台数，默认每个县（市、区）一台，共 157 台；0 就不起
  --no-player      不起真实播放器
  --headless       真实播放器不开窗口（没有显示器时自动如此）
  --fresh          清空演示数据，从头来
  --password 密码  演示账号的密码在控制台改过时用
  --help           这段话

环境变量
  KEPU_PORT        中心的端口，默认 8080；被占用就自动换下一个
  KEPU_DATA        演示的数据目录，默认 data/demo

English: --check brings all up, waits for a painted item and a computed county figure, then stops.`;

/**
 * Reads the demo's arguments and its two environment variables.
 * @throws TypeError for an unknown argument, RangeError for a wrong value; both say which.
 */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      check: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      screens: { type: 'string' },
      'no-player': { type: 'boolean', default: false },
      headless: { type: 'boolean', default: false },
      password: { type: 'string' },
    },
  });
  const player = !values['no-player'];
  if (values.check && !player) throw new RangeError('--check 要看真实播放器，不能和 --no-player 一起用');
  return {
    help: values.help,
    check: values.check,
    fresh: values.fresh,
    screens: values.screens === undefined ? null : whole('--screens', values.screens, 5_000),
    player,
    headless: values.headless,
    password: values.password ?? null,
    port:
      env['KEPU_PORT'] === undefined || env['KEPU_PORT'] === ''
        ? 8080
        : whole('KEPU_PORT', env['KEPU_PORT'], 65_535),
    dataFolder: path.resolve(
      ROOT,
      env['KEPU_DATA'] === undefined || env['KEPU_DATA'] === '' ? 'data/demo' : env['KEPU_DATA'],
    ),
  };
}

function whole(name: string, text: string, max: number): number {
  const parsed = z.coerce.number().int().min(0).max(max).safeParse(text);
  if (!parsed.success || text.trim() === '') throw new RangeError(`${name} 填 0–${max} 的整数，不是 ${text}`);
  return parsed.data;
}
