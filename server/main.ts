import process from 'node:process';
import type { Logger } from 'pino';
import { pino } from 'pino';
import pretty from 'pino-pretty';
import { AppError } from '../shared/core/errors.ts';
import type { Center } from './app.ts';
import { buildCenter } from './app.ts';
import { systemClock } from './infra/clock.ts';
import type { CenterConfig } from './infra/config.ts';
import { VARIABLE_NAMES, parseConfig } from './infra/config.ts';
import { demandFreePort } from './infra/http/free-port.ts';
import { systemRandom } from './infra/random.ts';
import { makeSignalJudge } from './stop-signals.ts';

/** Exit codes: 0 stopped as asked, 1 a bug or the machine, 2 something the operator sets right. */
const EXIT = { ok: 0, failed: 1, operator: 2 } as const;
/** A stop that takes longer is cut short. */
const STOP_WITHIN_MS = 10_000;

/** What a parent process that forked this one is told. */
export type CenterMessage =
  | { readonly kind: 'first-login'; readonly login: string; readonly password: string }
  | { readonly kind: 'ready'; readonly url: string };

const HELP = `播控中心。用环境变量配置，每一项见 .env.example 和 README；启动时逐项检查。
The center. Configured by environment variables, listed in .env.example and the README:

  ${VARIABLE_NAMES.join('\n  ')}`;

if (process.argv.includes('--help')) process.stdout.write(`${HELP}\n`);
else await main();

async function main(): Promise<void> {
  let config: CenterConfig;
  try {
    config = parseConfig(process.env);
  } catch (error) {
    return fail(error, null);
  }
  const log = makeLog(config);
  try {
    await demandFreePort(config);
    const center = await buildCenter({
      config,
      clock: systemClock,
      random: systemRandom,
      log,
      onFirstLogin: showFirstLogin,
    });
    stopOnSignals(center, log);
    const url = await center.listen({ host: config.host, port: config.port });
    log.info({ url, dataFolder: config.dataFolder, demo: config.demo }, 'center is ready');
    say({ kind: 'ready', url });
  } catch (error) {
    fail(error, log);
  }
}

/** JSON lines on standard output; readable lines where that is a terminal. */
function makeLog({ logLevel }: CenterConfig): Logger {
  const options = { level: logLevel, base: null };
  if (!process.stdout.isTTY) return pino(options);
  return pino(options, pretty({ translateTime: 'SYS:HH:MM:ss', sync: true }));
}

/** To the terminal and a waiting parent only: never into the log. */
function showFirstLogin({ login, password }: { readonly login: string; readonly password: string }): void {
  process.stderr.write(
    '\n  第一个管理员已建好，密码只显示这一次，登录后请改掉：\n' +
      '  The first administrator; this password is shown only now:\n\n' +
      `    账号 account   ${login}\n    密码 password  ${password}\n\n`,
  );
  say({ kind: 'first-login', login, password });
}

function say(message: CenterMessage): void {
  process.send?.(message);
}

/** The first SIGINT or SIGTERM stops gracefully; one that comes later than its echo, at once. */
function stopOnSignals(center: Center, log: Logger): void {
  const judge = makeSignalJudge(systemClock.monotonicMs);
  const stop = (signal: NodeJS.Signals) => {
    const wish = judge();
    if (wish === 'echo') return;
    if (wish === 'force') process.exit(EXIT.failed);
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(EXIT.failed), STOP_WITHIN_MS).unref();
    center.stop().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => fail(error, log),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

/** What the operator can set right is said in words; anything else is a bug, with its stack. */
function fail(error: unknown, log: Logger | null): never {
  const known = error instanceof AppError ? error : listenError(error);
  if (known !== null) {
    const { code, zh, en } = known.toBody().error;
    // Each line of a configuration error is in both languages by itself.
    process.stderr.write(code === 'CONFIG_INVALID' ? `${zh}\n` : `${zh}\n${en}\n`);
    process.exit(EXIT.operator);
  }
  if (log === null) process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
  else log.fatal({ err: error }, 'center failed');
  process.exit(EXIT.failed);
}

/** A port that is taken or not ours is the operator's to change. */
function listenError(error: unknown): AppError | null {
  const { code, port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  const why = {
    EADDRINUSE: '已被占用，换 KEPU_PORT（is taken; change KEPU_PORT）',
    EACCES: '不许监听，换 KEPU_PORT（may not be listened on; change KEPU_PORT）',
    EADDRNOTAVAIL: '不是本机地址，改 KEPU_HOST（is not an address of this machine; change KEPU_HOST）',
  }[code ?? ''];
  if (why === undefined || port === undefined) return null;
  return new AppError('CONFIG_INVALID', { detail: `${address ?? ''}:${port} ${why}` }, error);
}
