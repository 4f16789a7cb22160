import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppError } from '../../shared/core/errors.ts';
import type { Engine } from '../engine/engine.ts';
import type { Log } from '../engine/ports.ts';
import { jsonLog } from '../engine/system-ports.ts';
import { startHeadless } from './headless/headless.ts';
import { startKiosk } from './kiosk/kiosk.ts';
import { startPage } from './page/page.ts';
import { announce } from './announce.ts';
import type { ShellMessage } from './announce.ts';
import { parsePlayerSettings } from './player-settings.ts';
import type { PlayerSettings } from './player-settings.ts';
import type { RunningShell } from './running-shell.ts';

type Start = (settings: PlayerSettings, log: Log) => Promise<RunningShell>;

/** The shells that plain Node starts; Electron starts its own (`electron/main.ts`). */
export const SHELLS = {
  kiosk: startKiosk,
  headless: startHeadless,
  page: startPage,
} as const satisfies Record<string, Start>;

export const USAGE = `一块大屏的播放终端。
  --center URL       播控中心的地址（KEPU_CENTER）
  --data DIR         这台终端的数据目录（KEPU_PLAYER_DATA，默认 data/player）
  --shell NAME       kiosk（默认）、headless、page 或 electron
  --center-key ID:K  只认这个播控中心（KEPU_CENTER_KEY）；不给就认第一个
  --chromium FILE    kiosk 用的浏览器（KEPU_CHROMIUM）
  --stage-port N     播放页面的本机端口（KEPU_STAGE_PORT）
  --devtools 1       打开浏览器的调试端口，只在本机（KEPU_DEVTOOLS）`;

/** How often a waiting process looks whether there is a pairing code. */
const LOOK_MS = 250;

export interface ShellProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether this is a person's terminal. */
  readonly print: (line: string) => void;
  /** To a parent that forked this process, where there is one. */
  readonly tell?: ((message: ShellMessage) => void) | undefined;
  /** Resolves when the process is asked to end. */
  readonly ended: Promise<unknown>;
}

/**
 * Runs one player until the process is asked to end.
 * @returns the exit code: 0, or 2 where the settings are wrong.
 */
export async function runShell(
  kind: keyof typeof SHELLS,
  { argv, env, print, tell, ended }: ShellProcess,
): Promise<number> {
  if (argv.includes('--help')) {
    print(USAGE);
    return 0;
  }
  try {
    const running = await SHELLS[kind](parsePlayerSettings(argv, env), jsonLog());
    print(`播放终端 ${running.engine.device}`);
    print(running.note);
    const quiet = tell === undefined ? () => {} : announce(running.engine, running.note, tell);
    const code = await codeOnGlass(running.engine, ended);
    if (code !== null) print(`登记码 ${code}，在控制台的「登记」里输入`);
    await ended;
    quiet();
    await running.stop();
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { zh, en } = error.toBody().error;
    print(`${zh} (${en})`);
    return 2;
  }
}

/** The pairing code once there is one; `null` where none is needed, or the process ends first. */
async function codeOnGlass(engine: Engine, ended: Promise<unknown>): Promise<string | null> {
  const over = ended.then(() => true);
  for (;;) {
    const { pairingCode, screen } = engine.status();
    if (pairingCode !== null || screen !== null) return pairingCode;
    if (await Promise.race([over, sleep(LOOK_MS, false)])) return null;
  }
}

/** Which shell the arguments name. @throws AppError CONFIG_INVALID for an unknown one. */
export function shellOf(argv: readonly string[]): keyof typeof SHELLS | 'electron' {
  const { values } = parseArgs({
    args: [...argv],
    options: { shell: { type: 'string', default: 'kiosk' } },
    strict: false,
  });
  const shell = String(values.shell);
  if (shell === 'electron' || shell in SHELLS) return shell as keyof typeof SHELLS | 'electron';
  throw new AppError('CONFIG_INVALID', { detail: `--shell ${shell}：用 kiosk、headless、page 或 electron` });
}
