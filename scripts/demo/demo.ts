import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { instantOfMs } from '../../shared/core/time.ts';
import type { ScreenId } from '../../shared/core/ids.ts';
import { applyFolder } from '../schedules/apply-folder.ts';
import { buildPages } from '../setup/build.ts';
import { ROOT } from '../setup/command.ts';
import { ensureSystemParts } from '../setup/system-parts.ts';
import { startCenter, wasStartedBefore } from './center.ts';
import type { RunningCenter } from './center.ts';
import { checkOnAir } from './check.ts';
import type { CheckResult } from './check.ts';
import type { Child } from './child.ts';
import { readDemoFile, updateDemoFile } from './demo-file.ts';
import { startFleetProcess } from './fleet.ts';
import type { FleetState } from './fleet.ts';
import { freePort } from './free-port.ts';
import { endLeftovers, forgetProcesses, noteProcesses } from './leftovers.ts';
import type { DemoOptions } from './options.ts';
import { REAL_PLACE, choosePlaces, listCounties } from './places.ts';
import { startPlayerProcess } from './player.ts';
import type { RunningPlayer } from './player.ts';
import { FLEET_TAG, REAL_TAG, ensureScreens } from './screens.ts';
import { ToldError } from './told-error.ts';

const SCHEDULES = path.join(ROOT, 'schedules', 'henan');

/** Everything that the demo runs, from the data folder to the last process. `stop()` undoes `start()`. */
export class Demo {
  readonly #options: DemoOptions;
  readonly #say: (line: string) => void;
  readonly #children: Child[] = [];
  #center: RunningCenter | null = null;
  #player: RunningPlayer | null = null;
  #realScreen: ScreenId | null = null;
  #fleet: FleetState | null = null;
  #startedMs = 0;
  #isStopping = false;

  constructor(options: DemoOptions, say: (line: string) => void) {
    this.#options = options;
    this.#say = say;
  }

  /** Brings everything up. @throws ToldError for what the person at the terminal can set right. */
  async start(): Promise<void> {
    const { dataFolder, fresh } = this.#options;
    this.#startedMs = Date.now();
    await ensureSystemParts(this.#say);
    const left = await endLeftovers(dataFolder);
    if (left > 0) this.#say(`上次没停干净，停下了留着的 ${left} 个进程`);
    if (fresh) rmSync(dataFolder, { recursive: true, force: true });
    if (wasStartedBefore(dataFolder)) this.#say(`接着上次的演示（从头来：npm run demo -- --fresh）`);
    mkdirSync(path.join(dataFolder, 'logs'), { recursive: true, mode: 0o700 });
    await this.#step('生成页面', () => buildPages(() => {}));
    const center = await this.#step('播控中心', () => this.#startCenter());
    await this.#step('排期 schedules/henan', () => this.#applySchedules(center));
    const fleetScreens = await this.#step('演示大屏', () => this.#prepareScreens(center));
    this.#startPlayers(center, fleetScreens);
  }

  /** Prints where to look. */
  sayWhereToLook(): void {
    const center = this.#center;
    if (center === null) return;
    const stageUrl = this.#player?.stageUrl() ?? null;
    const lines = [
      '',
      `  控制台   ${center.api.url}`,
      `  账号     ${center.account.login}`,
      `  密码     ${center.account.password}`,
      ...(stageUrl === null ? [] : [`  大屏画面 ${stageUrl}`]),
      `  日志     ${path.relative(process.cwd(), path.join(this.#options.dataFolder, 'logs')) || '.'}`,
      '',
      this.#player?.needsBrowser === true
        ? '  没有 Chromium：用浏览器打开上面的大屏画面，就是真实播放器的屏。Ctrl-C 停下全部。'
        : '  Ctrl-C 停下全部。',
      '',
    ];
    for (const line of lines) this.#say(line);
  }

  /** Waits for the real player's painted item and its county's figure. */
  async check(): Promise<CheckResult> {
    if (this.#center === null || this.#realScreen === null) throw new ToldError('演示没有起来');
    return checkOnAir({
      api: this.#center.api,
      screen: this.#realScreen,
      region: REAL_PLACE.region,
      sinceMs: this.#startedMs,
      say: this.#say,
      demandAlive: () => this.#demandAlive(),
    });
  }

  /** Resolves once the real player says that it runs, or ended; at once where there is none. */
  async playerStarted(): Promise<void> {
    const player = this.#player;
    if (player !== null) await Promise.race([player.started, player.child.ended]);
  }

  /** Resolves with the first process that ends unasked. */
  async failed(): Promise<Child> {
    return Promise.race(
      this.#children.map(async (child) => {
        await child.ended;
        return child.hasFailed ? child : new Promise<never>(() => {});
      }),
    );
  }

  /** How the fleet is now, for a line on the terminal. */
  fleetLine(): string | null {
    if (this.#fleet === null) return null;
    const { count, running, online, playing } = this.#fleet;
    return `无画面播放器 ${count} 台：开着 ${running}，连着中心 ${online}，在播 ${playing}`;
  }

  /** Stops the players, then the center. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const [center, ...players] = this.#children;
    await Promise.all(players.map((child) => child.stop()));
    await center?.stop();
    forgetProcesses(this.#options.dataFolder);
  }

  /** Ends everything at once: the process is about to end. */
  kill(): void {
    for (const child of this.#children) child.kill();
  }

  async #startCenter(): Promise<RunningCenter> {
    const { port } = this.#options;
    const free = await freePort(port);
    if (port !== 0 && free !== port) this.#say(`  端口 ${port} 被占用，改用 ${free}`);
    this.#center = await startCenter(this.#options, free, (child) => this.#adopt(child));
    return this.#center;
  }

  async #applySchedules({ api }: RunningCenter): Promise<string> {
    const { changes, unchanged } = await applyFolder({
      center: api.url,
      cookie: api.cookie,
      folder: SCHEDULES,
    });
    return changes.length === 0 ? `${unchanged} 项都没变` : `改了 ${changes.length} 项`;
  }

  async #prepareScreens({ api }: RunningCenter): Promise<readonly ScreenId[]> {
    const now = instantOfMs(Date.now());
    const [real] = await ensureScreens(api, [REAL_PLACE], { tag: REAL_TAG, now });
    this.#realScreen = real?.id ?? null;
    const { dataFolder, screens } = this.#options;
    const kept = readDemoFile(dataFolder)?.fleet ?? [];
    const wanted = screens ?? (kept.length > 0 ? kept.length : (await listCounties(api)).length);
    if (kept.length >= wanted) return kept.slice(0, wanted);
    const places = await choosePlaces(api, wanted);
    const fleet = (await ensureScreens(api, places, { tag: FLEET_TAG, now })).map(({ id }) => id);
    updateDemoFile(dataFolder, { fleet });
    return fleet;
  }

  #startPlayers({ api }: RunningCenter, fleetScreens: readonly ScreenId[]): void {
    const { dataFolder, headless, player } = this.#options;
    if (player && this.#realScreen !== null) {
      this.#player = startPlayerProcess({
        api,
        screen: this.#realScreen,
        dataFolder,
        headless,
        say: (line) => this.#say(`  ${line}`),
      });
      this.#adopt(this.#player.child);
    }
    if (fleetScreens.length > 0) {
      const fleet = startFleetProcess({
        api,
        screens: fleetScreens,
        dataFolder,
        onState: (state) => (this.#fleet = state),
      });
      this.#adopt(fleet);
    }
  }

  #adopt(child: Child): void {
    if (this.#isStopping) child.kill();
    this.#children.push(child);
    noteProcesses(
      this.#options.dataFolder,
      this.#children.map(({ pid }) => pid).filter((pid) => pid !== undefined),
    );
  }

  #demandAlive(): void {
    const gone = this.#children.find(({ hasFailed }) => hasFailed);
    if (gone !== undefined) throw new ToldError(`${gone.name}自己停了：\n${gone.lastErrors.join('\n')}`);
  }

  /** One line per step, with what came of it and how long it took. */
  async #step<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    if (this.#isStopping) throw new ToldError('停下');
    const started = Date.now();
    this.#say(`· ${name}…`);
    const result = await work();
    const note =
      typeof result === 'string' ? `${result}，` : Array.isArray(result) ? `${result.length + 1} 块，` : '';
    this.#say(`✓ ${name}：${note}${((Date.now() - started) / 1000).toFixed(1)} 秒`);
    return result;
  }
}
