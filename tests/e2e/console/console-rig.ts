import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import type { ScreenId } from '../../../shared/core/ids.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { startCenter } from '../../helpers/center.ts';
import type { TestCenter } from '../../helpers/center.ts';
import { makeClock } from '../../helpers/clock.ts';
import type { FakeClock } from '../../helpers/clock.ts';
import { makeSimDevice } from '../../helpers/journal.ts';
import { ROOT } from '../../helpers/source-files.ts';

export const COUNTY = '410102';
export const VILLAGE = '411224102203';
const HOUR_MS = 3_600_000;

/** A real center that serves the built console, a screen with ten hours on air today, and a browser at it. */
export interface ConsoleRig {
  readonly at: TestCenter;
  readonly clock: FakeClock;
  readonly cookie: string;
  /** The screen in {@link COUNTY} whose journal came in. */
  readonly screen: ScreenId;
  /** A screen in {@link VILLAGE} without a box. */
  readonly empty: ScreenId;
  /** A new page whose clock is the center's; what it threw is in `errors`. */
  open(size?: { width: number; height: number }): Promise<{ page: Page; errors: string[] }>;
  logIn(page: Page): Promise<void>;
  stop(): Promise<void>;
}

/** The console is built once before all tests; alone, a test builds what is missing. */
async function ensureBuilt(): Promise<void> {
  if (!existsSync(join(ROOT, 'dist/console/index.html')))
    await build({ configFile: join(ROOT, 'vite.console.config.ts'), logLevel: 'error' });
}

export async function startConsoleRig(): Promise<ConsoleRig> {
  await ensureBuilt();
  const clock = makeClock('2026-11-19T08:00:00+08:00');
  const at = await startCenter({ clock, listen: true, config: { demo: true } });
  const api = at.as(await at.login());
  const makeScreen = async (name: string, region: string): Promise<ScreenId> => {
    const creation = { name, region, demo: true, commissionedOn: '2026-11-10' };
    const { status, body } = await api('POST', '/api/screens', creation);
    if (status !== 201) throw new Error(`screen: ${JSON.stringify(body)}`);
    return body.id as ScreenId;
  };
  const screen = await makeScreen('中原广场屏', COUNTY);
  const empty = await makeScreen('毛坪村文化广场屏', VILLAGE);

  const device = makeSimDevice('console');
  const enrolment = await at.as(null)('POST', '/api/enrolment', device.enrolment());
  const claim = await api('POST', `/api/screens/${screen}/claim`, { code: enrolment.body.code });
  if (claim.status !== 200) throw new Error(`claim: ${JSON.stringify(claim.body)}`);

  // On air today from 08:00 to 17:50, told at 18:00.
  clock.advance(34 * HOUR_MS);
  const nowMs = clock.nowMs();
  const boot = device.boot({ startMs: nowMs - 10 * HOUR_MS });
  for (let hour = 10; hour > 0; hour -= 1)
    boot.power(nowMs - hour * HOUR_MS, nowMs - (hour - 1) * HOUR_MS - (hour === 1 ? 600_000 : 0), 90_000);
  const answer = await at.center.services.telemetry.ingest(device.id, boot.envelope());
  if (!answer.ok) throw new Error(`journal: ${answer.code} ${answer.detail}`);

  const browser: Browser = await launchBrowser();
  const contexts: BrowserContext[] = [];
  return {
    at,
    clock,
    // The first session idled out on the way to today.
    cookie: await at.login(),
    screen,
    empty,
    async open(size = { width: 1920, height: 1080 }) {
      const context = await browser.newContext({ viewport: size, locale: 'zh-CN', colorScheme: 'light' });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      await page.clock.setFixedTime(clock.nowMs());
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        // Refused calls are logged by the browser itself; a refusal of the page's own policy is not one.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          errors.push(message.text());
      });
      return { page, errors };
    },
    async logIn(page) {
      await page.goto(`${at.url}/login`);
      await page.fill('input[name=login]', at.admin.login);
      await page.fill('input[name=password]', at.admin.password);
      await page.click('button[type=submit]');
      await page.waitForSelector('h1:has-text("开机率与使用率")');
    },
    async stop() {
      for (const context of contexts) await context.close();
      await browser.close();
      await at.stop();
    },
  };
}
