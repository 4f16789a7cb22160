// The way in on any machine with Node 20 or newer and npm: plain JavaScript, no packages.
// `node scripts/bootstrap.mjs <command> [arguments]` installs the packages where they are missing or
// older than the lockfile, then runs the command's TypeScript under the project's own Node 24.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '..');
const MODULES = path.join(ROOT, 'node_modules');
const LOCK = path.join(ROOT, '.install.lock');
const LEAST_NODE = 20;
const LOCK_PATIENCE_MS = 10 * 60_000;

/** Command → entry; every other command is `scripts/<command>.ts`. */
const ENTRIES = { start: 'server/main.ts', player: 'scripts/player.ts' };

const [command, ...rest] = process.argv.slice(2);
process.exitCode = await main();

async function main() {
  if (Number(process.versions.node.split('.')[0]) < LEAST_NODE) {
    console.error(`这里的 Node 是 ${process.versions.node}，至少要 ${LEAST_NODE}：https://nodejs.org`);
    return 1;
  }
  const entry = command === undefined ? undefined : (ENTRIES[command] ?? `scripts/${command}.ts`);
  if (entry === undefined || !/^[\w/-]+\.ts$/.test(entry) || !existsSync(path.join(ROOT, entry))) {
    console.error(
      '用法：npm run demo | start | test | build | bench | soak | schedules | audit | player | lock',
    );
    return 2;
  }
  if (!(await ensurePackages())) return 1;
  // The center serves the pages: they are built where their sources changed.
  if (command === 'start' && !rest.includes('--help')) {
    const code = await run(projectNode(), [path.join(ROOT, 'scripts/build.ts'), '--quiet'], {});
    if (code !== 0) return code;
  }
  return run(projectNode(), [path.join(ROOT, entry), ...rest], {});
}

/** Installs when node_modules does not match the lockfile. One run at a time; the others wait for it. */
async function ensurePackages() {
  if (isInstalled()) return true;
  if (!(await takeLock())) return true;
  try {
    return isInstalled() || (await install());
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/**
 * Whether every package that the lockfile demands is there in its version. npm writes its own record
 * as the last step of an install, so a broken-off install has none.
 */
function isInstalled() {
  const wanted = packagesIn(path.join(ROOT, 'package-lock.json'));
  const found = packagesIn(path.join(MODULES, '.package-lock.json'));
  if (wanted === null || found === null || !existsSync(projectNode())) return false;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional === true || found[name]?.version === version,
  );
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    // Not there, or half written: the same as not installed.
    return null;
  }
}

async function install() {
  const started = Date.now();
  console.log(
    existsSync(MODULES) ? '依赖包比锁文件旧，重新安装…' : '安装依赖包（约 300 个，第一次要一两分钟）…',
  );
  const ticking = setInterval(
    () => console.log(`  …已用 ${Math.round((Date.now() - started) / 1000)} 秒`),
    15_000,
  );
  const code = await run(npm(), ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: process.env.ELECTRON_SKIP_BINARY_DOWNLOAD ?? '1' },
    shell: process.platform === 'win32',
  }).finally(() => clearInterval(ticking));
  if (code === 0 && existsSync(projectNode())) {
    console.log(`依赖包装好了，用时 ${Math.round((Date.now() - started) / 1000)} 秒`);
    return true;
  }
  if (code === 0) {
    console.error('依赖包装了，但没有 node_modules/.bin/node：npm 可能禁止了安装脚本（ignore-scripts）。');
    console.error('试：npm ci --ignore-scripts=false');
    return false;
  }
  console.error(`没装成：npm ci 退出码 ${code}。先看上面的原因；常见的三种：`);
  console.error('  连不上软件源：检查网络，或 npm config set registry 换一个源');
  console.error('  磁盘不够：依赖包约要 700 MB');
  console.error('  锁文件和 package.json 对不上：git checkout package-lock.json package.json');
  return false;
}

/** `true` with the lock held; `false` once somebody else's install has made the packages ready. */
async function takeLock() {
  const mine = `${process.pid}@${os.hostname()}`;
  const deadline = Date.now() + LOCK_PATIENCE_MS;
  for (let told = false; ; ) {
    try {
      writeFileSync(LOCK, mine, { flag: 'wx' });
      // Two that clear a stale lock at once may remove each other's: look again before trusting it.
      await sleep(100);
      if (holder() === mine) return true;
      continue;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isInstalled()) return false;
    if (holderIsGone() || Date.now() > deadline) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!told) console.log('另一个命令正在安装依赖包，等它装完…');
    told = true;
    await sleep(500);
  }
}

function holder() {
  return existsSync(LOCK) ? readFileSync(LOCK, 'utf8') : '';
}

function holderIsGone() {
  try {
    const [pid, host] = readFileSync(LOCK, 'utf8').split('@');
    if (host !== os.hostname()) return false;
    // An empty file is one being written right now; only an old one was left behind.
    if (pid === '') return Date.now() - statSync(LOCK).mtimeMs > 5_000;
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

function projectNode() {
  return path.join(MODULES, '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function npm() {
  return process.platform === 'win32' ? 'npm.cmd' : 'npm';
}

/** Runs a program in the project's folder; passes signals on, and answers its exit code. */
function run(program, args, options) {
  return new Promise((resolve) => {
    const environment = options.env ?? process.env;
    const child = spawn(program, args, {
      cwd: ROOT,
      stdio: 'inherit',
      ...options,
      env: {
        ...environment,
        PATH: `${path.join(MODULES, '.bin')}${path.delimiter}${environment.PATH ?? ''}`,
      },
    });
    // A terminal sends Ctrl-C to the child itself; this process only has to outlive it. The rest is passed on.
    const onInterrupt = () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    };
    const onTerminate = () => child.kill('SIGTERM');
    const onHangup = () => child.kill('SIGHUP');
    const listeners = { SIGINT: onInterrupt, SIGTERM: onTerminate, SIGHUP: onHangup };
    for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
    const finish = (code) => {
      for (const [signal, listener] of Object.entries(listeners)) process.off(signal, listener);
      resolve(code);
    };
    child.once('error', (error) => {
      console.error(`没能启动 ${program}：${error.message}`);
      finish(1);
    });
    child.once('exit', (code, signal) => finish(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}
