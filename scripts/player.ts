import { once } from 'node:events';
import { AppError } from '../shared/core/errors.ts';
import { parsePlayerSettings } from '../player/shells/player-settings.ts';
import { runShell, shellOf } from '../player/shells/run-shell.ts';
import { buildPages } from './setup/build.ts';
import { runElectron } from '../player/shells/electron/run-electron.ts';

/**
 * `npm run player -- --center URL --data DIR [--shell kiosk|headless|electron|page]`: one player,
 * joined to a center, until Ctrl-C.
 */
const argv = process.argv.slice(2);
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(error.toBody().error.zh);
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const shell = shellOf(argv);
  const isHelp = argv.includes('--help');
  // What is typed wrong is said before anything is built.
  if (!isHelp) parsePlayerSettings(argv, process.env);
  if (shell !== 'headless' && !isHelp) await buildPages((line) => console.log(line));
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  if (shell === 'electron' && !isHelp) return runElectron(argv, ended);
  return runShell(shell === 'electron' ? 'kiosk' : shell, {
    argv,
    env: process.env,
    print: (line) => console.log(line),
    ended,
  });
}
