import { once } from 'node:events';
import { runShell } from '../run-shell.ts';

const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
process.exitCode = await runShell('headless', {
  argv: process.argv.slice(2),
  env: process.env,
  print: (line) => console.log(line),
  tell: process.send?.bind(process),
  ended,
});
