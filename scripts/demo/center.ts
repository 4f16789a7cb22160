import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from '../setup/command.ts';
import { CenterApi, CenterError } from '../center/center-api.ts';
import { Child } from './child.ts';
import { readDemoFile, updateDemoFile } from './demo-file.ts';
import type { DemoOptions } from './options.ts';
import { ToldError } from './told-error.ts';

/** What server/main.ts tells a parent that forked it. */
const centerMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('first-login'), login: z.string(), password: z.string() }),
  z.object({ kind: z.literal('ready'), url: z.string() }),
]);

/** How long the center may take; the first start loads 55,000 regions. */
const READY_WITHIN_MS = 60_000;

export interface RunningCenter {
  readonly child: Child;
  readonly api: CenterApi;
  readonly account: { readonly login: string; readonly password: string };
}

/**
 * Starts the center as a process of its own in demo mode, and logs in over its public API with the
 * password it made at its very first start, which is kept in the data folder.
 * @param onChild Called the moment the process is there, so that it can be stopped whatever comes next.
 * @throws ToldError when it does not come up or does not let us in.
 */
export async function startCenter(
  options: DemoOptions,
  port: number,
  onChild: (child: Child) => void,
): Promise<RunningCenter> {
  const { dataFolder } = options;
  const child = Child.start({
    name: '播控中心',
    entry: path.join(ROOT, 'server', 'main.ts'),
    env: { KEPU_DEMO: '1', KEPU_DATA: path.join(dataFolder, 'center'), KEPU_PORT: String(port) },
    logFile: path.join(dataFolder, 'logs', 'center.log'),
  });
  onChild(child);
  try {
    const api = new CenterApi(await readyUrl(child, dataFolder));
    return { child, api, account: await login(api, options) };
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** Waits for the center's own word that it listens; keeps the first password the moment it is told. */
async function readyUrl(child: Child, dataFolder: string): Promise<string> {
  const ready = new Promise<string>((resolve) => {
    child.onMessage((raw) => {
      const message = centerMessageSchema.safeParse(raw);
      if (!message.success) return;
      if (message.data.kind === 'ready') resolve(message.data.url.replace(/\/+$/, ''));
      else updateDemoFile(dataFolder, { login: message.data.login, password: message.data.password });
    });
  });
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(
      () => reject(new ToldError(`播控中心 ${READY_WITHIN_MS / 1000} 秒没有准备好，看日志`)),
      READY_WITHIN_MS,
    ).unref();
  });
  const ended = child.ended.then((code) => {
    throw new ToldError(`播控中心没有起来（退出码 ${code}）：\n${child.lastErrors.join('\n')}`);
  });
  return Promise.race([ready, late, ended]);
}

async function login(api: CenterApi, options: DemoOptions): Promise<RunningCenter['account']> {
  const kept = readDemoFile(options.dataFolder);
  const name = kept?.login ?? 'admin';
  const password = options.password ?? kept?.password;
  if (password === undefined) throw new ToldError('演示账号的密码没有留下。从头来：npm run demo -- --fresh');
  try {
    await api.login({ login: name, password });
  } catch (error) {
    if (!(error instanceof CenterError)) throw error;
    throw new ToldError(
      `登录不了演示中心（${error.message}）。密码改过就用 npm run demo -- --password 新密码；从头来用 npm run demo -- --fresh`,
    );
  }
  if (password !== kept?.password) updateDemoFile(options.dataFolder, { login: name, password });
  return { login: name, password };
}

/** Whether a demo was started in this folder before. */
export function wasStartedBefore(dataFolder: string): boolean {
  return existsSync(path.join(dataFolder, 'center'));
}
