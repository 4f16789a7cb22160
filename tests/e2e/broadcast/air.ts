import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { z } from 'zod';
import { CenterApi } from '../../../scripts/center/center-api.ts';
import { Child } from '../../../scripts/demo/child.ts';
import { freePort } from '../../../scripts/demo/free-port.ts';
import type { ScreenId } from '../../../shared/core/ids.ts';
import { screenRowSchema } from '../../../shared/screen/screen.schema.ts';
import type { LiveScreenRow } from '../../../shared/telemetry/live-screen.schema.ts';
import { livePageSchema } from '../../../shared/telemetry/live-screen.schema.ts';
import { ROOT } from '../../helpers/source-files.ts';

/** The village 毛坪村, 五里川镇, 卢氏县: where the screen under test hangs. */
export const VILLAGE = '411224102203';
export const COUNTY = '411224';

/** Waits for something that other processes bring about; polls, and says what was last seen when it gives up. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false>,
  withinMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  let last: unknown = null;
  for (;;) {
    try {
      const seen = await look();
      if (seen !== null && seen !== undefined && seen !== false) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * A center and a kiosk player as processes of their own, as a village has them: each can be killed
 * and started again; the glass is looked at through the kiosk's own browser.
 */
export class Air {
  readonly folder = mkdtempSync(join(tmpdir(), 'kepu-air-'));
  #port = 0;
  #center: Child | null = null;
  #player: Child | null = null;
  #browser: Browser | null = null;
  #devtools: { readonly page: Page; readonly session: CDPSession } | null = null;
  #password = '';
  #api: CenterApi | null = null;
  #screen: ScreenId | null = null;

  get api(): CenterApi {
    if (this.#api === null) throw new Error('nobody logged in');
    return this.#api;
  }

  get screen(): ScreenId {
    if (this.#screen === null) throw new Error('no screen was claimed');
    return this.#screen;
  }

  get playerFolder(): string {
    return join(this.folder, 'player');
  }

  /** Starts the center where it is not running, on the same data and port as before, and logs in. */
  async startCenter(): Promise<void> {
    if (this.#center?.isRunning === true) return;
    if (this.#port === 0) this.#port = await freePort(18_080);
    const child = Child.start({
      name: 'center',
      entry: join(ROOT, 'server', 'main.ts'),
      env: {
        KEPU_DEMO: '1',
        KEPU_DATA: join(this.folder, 'center'),
        KEPU_PORT: String(this.#port),
      },
      logFile: join(this.folder, 'center.log'),
    });
    this.#center = child;
    const url = await new Promise<string>((resolve, reject) => {
      child.onMessage((raw) => {
        const message = raw as { kind: string; url?: string; password?: string };
        if (message.kind === 'first-login') this.#password = message.password ?? '';
        if (message.kind === 'ready') resolve(message.url ?? '');
      });
      void child.ended.then((code) =>
        reject(new Error(`center ended: ${code} ${child.lastErrors.join('\n')}`)),
      );
    });
    this.#api = new CenterApi(url);
    await this.#api.login({ login: 'admin', password: this.#password });
  }

  /** kill -9, whatever it is doing. */
  async killCenter(): Promise<void> {
    this.#center?.kill();
    await this.#center?.ended;
  }

  /** Starts the player where it is not running. */
  startPlayer(): void {
    if (this.#player?.isRunning === true) return;
    this.#player = Child.start({
      name: 'player',
      entry: join(ROOT, 'player', 'shells', 'kiosk', 'main.ts'),
      args: ['--center', `http://127.0.0.1:${this.#port}`, '--data', this.playerFolder, '--devtools', '1'],
      logFile: join(this.folder, 'player.log'),
    });
  }

  /** kill -9 of the engine and of its browser: a power cut without the disk's part in it. */
  async killPlayer(): Promise<void> {
    await this.#browser?.close().catch(() => undefined);
    this.#browser = null;
    this.#player?.kill();
    await this.#player?.ended;
  }

  /** kill -9 of the browser alone. */
  async killBrowser(): Promise<void> {
    const { pid } = this.#player ?? {};
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/);
    this.#browser = null;
    for (const child of children) process.kill(Number(child), 'SIGKILL');
  }

  /** The page on the glass. */
  async page(): Promise<Page> {
    return until('a page on the glass', async () => {
      if (this.#browser === null || !this.#browser.isConnected()) {
        const file = this.#devtoolsFile();
        if (file === null) return null;
        const port = readFileSync(file, 'utf8').split('\n')[0];
        this.#browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
      }
      return this.#browser.contexts()[0]?.pages()[0];
    });
  }

  /** The top strip of the glass, and between which instants (Unix ms) the picture was taken. */
  async screenshot(): Promise<{ readonly png: Buffer; readonly fromMs: number; readonly toMs: number }> {
    const { width, session } = await this.#look();
    const fromMs = Date.now();
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'png',
      optimizeForSpeed: true,
      clip: { x: 0, y: 0, width, height: 40, scale: 1 },
    });
    return { png: Buffer.from(data, 'base64'), fromMs, toMs: Date.now() };
  }

  async #look(): Promise<{ readonly width: number; readonly session: CDPSession }> {
    const page = await this.page();
    if (this.#devtools?.page !== page)
      this.#devtools = { page, session: await page.context().newCDPSession(page) };
    return { width: await page.evaluate(() => window.innerWidth), session: this.#devtools.session };
  }

  /** Reads the code off the glass and claims it to a new screen, as a technician and an operator do. */
  async claim(): Promise<void> {
    const creation = {
      name: '文化广场屏',
      region: VILLAGE,
      tags: [],
      demo: true,
      commissionedOn: '2026-01-01',
    };
    const screen = await this.api.post('/api/screens', creation, screenRowSchema);
    this.#screen = screen.id;
    const code = await until('a code on the glass', async () => {
      const text = await (await this.page()).locator('.pairing .code').textContent({ timeout: 2_000 });
      return text?.replace(/\s/g, '');
    });
    await this.api.post(`/api/screens/${screen.id}/claim`, { code }, z.unknown());
  }

  /** What the center sees of the screen, or `null` before its first beat. */
  async live(): Promise<LiveScreenRow | null> {
    const page = await this.api.get(`/api/live?region=${COUNTY}`, livePageSchema);
    return page.rows.find(({ screen }) => screen === this.screen) ?? null;
  }

  async stop(): Promise<void> {
    await this.#browser?.close().catch(() => undefined);
    await this.#player?.stop();
    await this.#center?.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Chromium writes its port there once it listens. */
  #devtoolsFile(): string | null {
    const folder = join(this.playerFolder, 'browser');
    if (!existsSync(folder)) return null;
    const files = readdirSync(folder).map((profile) => join(folder, profile, 'DevToolsActivePort'));
    return files.find((file) => existsSync(file)) ?? null;
  }
}
