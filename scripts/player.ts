import { once } from 'node:events';
import { runShell, shellOf } from '../player/shells/run-shell.ts';
import { buildPages } from './setup/build.ts';
import { runElectron } from '../player/shells/electron/run-electron.ts';

/**
 * `npm run player -- --center URL --data DIR [--shell kiosk|headless|electron|page]`: one player,
 * joined to a center, until Ctrl-C.
 */
const argv = process.argv.slice(2);
const shell = shellOf(argv);
if (shell !== 'headless' && !argv.includes('--help')) await buildPages((line) => console.log(line));
const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
process.exitCode =
  shell === 'electron' && !argv.includes('--help')
    ? await runElectron(argv, ended)
    : await runShell(shell === 'electron' ? 'kiosk' : shell, {
        argv,
        env: process.env,
        print: (line) => console.log(line),
        ended,
      });
