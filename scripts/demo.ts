import process from 'node:process';
import { missingOf } from './demo/check.ts';
import { Demo } from './demo/demo.ts';
import { DEMO_HELP, readOptions } from './demo/options.ts';
import type { DemoOptions } from './demo/options.ts';
import { ToldError } from './demo/told-error.ts';

/** `npm run demo`: puts a province on air on this machine. `--help` says how. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
/** A terminal and npm may both pass the same Ctrl-C on; a second one later means it. */
const SAME_SIGNAL_MS = 1_500;
const STATUS_EVERY_MS = 60_000;

const say = (line: string) => console.log(line);
const options = optionsOrUsage();
if (options !== null) {
  if (options.help) say(DEMO_HELP);
  else process.exit(await run(options));
}

async function run(demoOptions: DemoOptions): Promise<number> {
  const demo = new Demo(demoOptions, say);
  process.on('exit', () => demo.kill());
  const asked = askedToStop();
  const work = (async () => {
    await demo.start();
    return demoOptions.check ? checked(demo) : stayed(demo);
  })();
  const code = await Promise.race([work, asked]).catch((error: unknown) => {
    console.error(error instanceof ToldError ? `\n${error.message}` : error);
    return EXIT.failed;
  });
  // What start() was still doing when it was stopped ends in errors that nobody needs to read.
  work.catch(() => {});
  say('停下…');
  await demo.stop();
  say('都停了');
  return code;
}

async function checked(demo: Demo): Promise<number> {
  const missing = missingOf(await demo.check());
  demo.sayWhereToLook();
  for (const line of missing) say(`缺：${line}`);
  say(missing.length === 0 ? '检查通过' : '检查没过');
  return missing.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Until a process of the demo ends by itself; being asked to stop ends the race elsewhere. */
async function stayed(demo: Demo): Promise<number> {
  await demo.playerStarted();
  demo.sayWhereToLook();
  const telling = setInterval(() => {
    const line = demo.fleetLine();
    if (line !== null) say(line);
  }, STATUS_EVERY_MS);
  const gone = await demo.failed().finally(() => clearInterval(telling));
  throw new ToldError(`${gone.name}自己停了：\n${gone.lastErrors.join('\n')}`);
}

function askedToStop(): Promise<number> {
  return new Promise((resolve) => {
    let firstMs = 0;
    const onSignal = () => {
      if (firstMs === 0) firstMs = Date.now();
      else if (Date.now() - firstMs > SAME_SIGNAL_MS) process.exit(EXIT.failed);
      resolve(EXIT.ok);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

function optionsOrUsage(): DemoOptions | null {
  try {
    return readOptions(process.argv.slice(2), process.env);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${DEMO_HELP}`);
    process.exitCode = EXIT.usage;
    return null;
  }
}
