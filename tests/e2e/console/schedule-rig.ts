import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import type { ScreenId } from '../../../shared/core/ids.ts';
import type { Role } from '../../../shared/identity/abilities.ts';
import { launchBrowser } from '../../helpers/browser.ts';
import { startCenter } from '../../helpers/center.ts';
import type { TestCenter } from '../../helpers/center.ts';
import { makeClock } from '../../helpers/clock.ts';
import type { FakeClock } from '../../helpers/clock.ts';
import { makeDevice } from '../../helpers/device.ts';
import type { Connection } from '../../helpers/device.ts';
import { makeKnownCard, put } from '../../helpers/schedulers.ts';
import { ROOT } from '../../helpers/source-files.ts';

export const PASSWORD = 'a long enough password';
export const COUNTY = '411224';

/** A page of one person, logged in; what it threw is in `errors`. */
export interface Seat {
  readonly page: Page;
  readonly errors: readonly string[];
}

/** A real center with its built console, people, cards, a demand of two reviews, and one connected box. */
export interface ScheduleRig {
  readonly at: TestCenter;
  readonly clock: FakeClock;
  readonly screen: ScreenId;
  sit(login: string, size?: { width: number; height: number }): Promise<Seat>;
  /** The box does what it was last told: fetches, verifies and shows its plan. */
  obey(): Promise<void>;
  stop(): Promise<void>;
}

export async function startScheduleRig(): Promise<ScheduleRig> {
  if (!existsSync(join(ROOT, 'dist/console/index.html')))
    await build({ configFile: join(ROOT, 'vite.console.config.ts'), logLevel: 'error' });
  const clock = makeClock('2026-11-24T09:00:00+08:00');
  const at = await startCenter({ clock, listen: true });
  const cookie = await at.login();
  const api = at.as(cookie);
  const done = async (answer: ReturnType<typeof api>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(JSON.stringify(body));
    return body;
  };
  const people: readonly (readonly [string, string, Role, string])[] = [
    ['zhou', '周敏', 'operator', '41'],
    ['chen', '陈晨', 'operator', '41'],
    ['lina', '李娜', 'reviewer', '41'],
    ['wang', '王强', 'reviewer', '41'],
  ];
  for (const [login, name, role, region] of people)
    await done(
      api('POST', '/api/identity/accounts', { login, name, password: PASSWORD, grants: [{ role, region }] }),
    );
  await makeKnownCard(at, '寒潮来了怎么防');
  await makeKnownCard(at, '一氧化碳怎么防');
  await demandReviews();
  const screen: ScreenId = (
    await done(api('POST', '/api/screens', { name: '卢氏县城广场屏', region: COUNTY }))
  ).id;
  const device = makeDevice();
  await device.claimTo(at, screen, cookie);
  const connection: Connection = await device.connect(at);
  const browser: Browser = await launchBrowser();
  const contexts: BrowserContext[] = [];

  /** The province demands two stages of its own. */
  async function demandReviews(): Promise<void> {
    const draft = await done(
      api('POST', '/api/drafts', {
        region: '41',
        title: '两级审核',
        edits: [put('review', { region: '41', stages: { province: 2 } })],
      }),
    );
    const submitted = await done(api('POST', `/api/drafts/${draft.id}/submit`, { revision: draft.revision }));
    const { basis } = await done(api('GET', `/api/drafts/${draft.id}/feasibility`));
    await done(api('POST', `/api/drafts/${draft.id}/publish`, { revision: submitted.revision, basis }));
  }

  return {
    at,
    clock,
    screen,
    async sit(login, size = { width: 1920, height: 1080 }) {
      const context = await browser.newContext({ viewport: size, locale: 'zh-CN', colorScheme: 'light' });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      await page.clock.setFixedTime(clock.nowMs());
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          errors.push(message.text());
      });
      await page.goto(`${at.url}/login?next=/schedules`);
      await page.fill('input[name=login]', login);
      await page.fill('input[name=password]', PASSWORD);
      await page.click('button[type=submit]');
      await page.waitForSelector('nav.tabs');
      return { page, errors };
    },
    async obey() {
      let { assignment } = await connection.nextAssignment();
      // Only the last one told matters.
      while (JSON.parse(connection.assignments.at(-1)?.text ?? '{}').counter !== assignment.counter)
        ({ assignment } = await connection.nextAssignment());
      for (const state of ['fetched', 'verified', 'on-air'] as const)
        await new Promise((resolve) => {
          connection.socket.emit('planState', { plan: assignment.plan, state, code: null }, resolve);
        });
    },
    async stop() {
      connection.close();
      for (const context of contexts) await context.close();
      await browser.close();
      await at.stop();
    },
  };
}
