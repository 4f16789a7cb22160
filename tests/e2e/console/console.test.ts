import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeDevice } from '../../helpers/device.ts';
import type { ConsoleRig } from './console-rig.ts';
import { COUNTY, VILLAGE, startConsoleRig } from './console-rig.ts';

let rig: ConsoleRig;
beforeAll(async () => {
  rig = await startConsoleRig();
});
afterAll(async () => {
  await rig?.stop();
});

const names = (page: Page) => page.locator('table.counties tbody tr td:nth-child(2)').allInnerTexts();

describe('the console', () => {
  test('refuses a wrong password in words, and leads to the page that was asked for', async () => {
    const { page, errors } = await rig.open();
    await page.goto(`${rig.at.url}/figures?sort=name`);
    await page.waitForURL(/\/login\?next=/);
    await page.fill('input[name=login]', rig.at.admin.login);
    await page.fill('input[name=password]', 'not the password at all');
    await page.click('button[type=submit]');
    await page.waitForSelector('[role=alert]:has-text("账号或密码不对")');
    await page.fill('input[name=password]', rig.at.admin.password);
    await page.click('button[type=submit]');
    await page.waitForURL(`${rig.at.url}/figures?sort=name`);
    await page.waitForSelector('table.counties');
    expect(errors).toEqual([]);
  });

  test('shows all counties with range, unknown share and 未联系, sorts and filters them', async () => {
    const { page, errors } = await rig.open();
    await rig.logIn(page);
    await page.waitForSelector('table.counties');
    expect(await names(page)).toHaveLength(157);
    // 9 h 50 min of 18 h are proven; the rest is not known.
    const first = await page.locator('table.counties tbody tr').first().innerText();
    expect(first).toContain('中原区');
    expect(first).toContain('54.63–100.00');
    const silent = await page.locator('table.counties tbody tr', { hasText: '卢氏县' }).innerText();
    expect(silent).toContain('0.00');
    expect(silent).not.toContain('100.00\t');
    const empty = await page.locator('table.counties tbody tr', { hasText: '灵宝市' }).innerText();
    expect(empty).toContain('—');

    await page.click('th button:has-text("县（市、区）")');
    await page.waitForURL(/sort=name/);
    const up = await names(page);
    await page.click('th button:has-text("县（市、区）")');
    await page.waitForURL(/sort=-name/);
    expect(await names(page)).toEqual(up.toReversed());

    await page.click('th button:has-text("从差到好")');
    await page.waitForURL(/sort=on/);
    expect((await names(page))[0]).toBe('卢氏县');

    await page.click('nav.cities button:has-text("三门峡市")');
    await page.waitForURL(/city=4112/);
    expect(await names(page)).toHaveLength(6);
    await page.fill('.find input', '卢氏');
    await page.waitForURL(/q=/);
    expect(await names(page)).toEqual(['卢氏县']);
    expect(errors).toEqual([]);
  });

  test('opens the definition of a figure with its version', async () => {
    const { page } = await rig.open();
    await rig.logIn(page);
    await page.click('button[aria-label="开机率（时长）：口径"]');
    const popover = page.locator('.definition:visible');
    await popover.waitFor();
    const text = await popover.innerText();
    expect(text).toContain('口径 v1');
    expect(text).toContain('ΣP');
    expect(text).toContain('ΣS');
  });

  test('draws the counties as tiles and the cities as a chart', async () => {
    const { page, errors } = await rig.open();
    await rig.logIn(page);
    await page.goto(`${rig.at.url}/figures?view=map`);
    await page.waitForSelector('.city-chart svg');
    expect(await page.locator('.map a.tile').count()).toBe(157);
    // 54.63–100.00 may end on either side of the line: hatched with its range, and counted so.
    const undecided = page.locator('.map a.tile.undecided');
    expect(await undecided.allInnerTexts()).toEqual([expect.stringMatching(/^中原\s+54–100$/)]);
    expect(await undecided.getAttribute('class')).toContain('hat');
    expect(await page.locator('.legend .others').innerText()).toMatch(/^1\s*未知太多，还不能判/);
    expect(errors).toEqual([]);
  });

  test('drills from a county to its screen, its day, an interval and its journal records', async () => {
    const { page, errors } = await rig.open();
    await rig.logIn(page);
    await page.click('table.counties a:has-text("中原区")');
    await page.waitForURL(new RegExp(`/figures/${COUNTY}`));
    await page.click('table.screens a:has-text("中原广场屏")');
    await page.waitForURL(/\/screens\/s-.*tab=day/);
    await page.waitForSelector('table.iv');
    const sums = await page.locator('.sums').innerText();
    expect(sums).toContain('18:00:00');
    expect(sums).toContain('9:50:00');
    await page.click('table.iv tbody tr:has-text("B 仅渲染")');
    await page.waitForSelector('.records li:has-text("power")');
    // The keyboard moves the same selection.
    const marked = () => page.locator('table.iv tr.sel').getAttribute('data-index');
    const before = Number(await marked());
    await page.locator('.timeline').focus();
    await page.keyboard.press('ArrowLeft');
    expect(Number(await marked())).toBe(before - 1);
    expect(errors).toEqual([]);
  });

  test('claims a box to a screen that lacks one, from the code in the address', async () => {
    const { page, errors } = await rig.open();
    const device = makeDevice();
    const answer = await device.enrol(rig.at);
    if (answer.state !== 'waiting') throw new Error('claimed already');
    await rig.logIn(page);
    await page.goto(`${rig.at.url}/claim?code=${answer.code}`);
    await page.fill('.search input', VILLAGE);
    await page.click('.el-autocomplete-suggestion li');
    await page.click('label:has-text("毛坪村文化广场屏")');
    await page.click('button:has-text("登记")');
    await page.waitForSelector('h2:has-text("已登记：毛坪村文化广场屏")');
    const { body } = await rig.at.as(rig.cookie)('GET', `/api/screens/${rig.empty}`);
    expect(body.device).toBe(device.device);
    expect(errors).toEqual([]);
  });

  test('makes a new screen once, however often its claim is refused', async () => {
    const { page } = await rig.open();
    const device = makeDevice();
    const answer = await device.enrol(rig.at);
    if (answer.state !== 'waiting') throw new Error('claimed already');
    await rig.logIn(page);
    await page.goto(`${rig.at.url}/claim?code=22222222`);
    await page.fill('.search input', VILLAGE);
    await page.click('.el-autocomplete-suggestion li');
    await page.fill('input[aria-label="新大屏的名字"]', '村委会新屏');
    await page.click('button:has-text("登记")');
    await page.waitForSelector('[role=alert]:has-text("没登记")');
    await page.fill(
      'input[aria-label="登记码"]',
      `${answer.code.slice(0, 4)}-${answer.code.slice(4)}`.toLowerCase(),
    );
    await page.click('button:has-text("登记")');
    await page.waitForSelector('h2:has-text("已登记：村委会新屏")');
    const { body } = await rig.at.as(rig.cookie)('GET', `/api/screens?q=${encodeURIComponent('村委会新屏')}`);
    expect(body.total).toBe(1);
  });

  test('shows live screens, and says when the live link is lost', async () => {
    const { page } = await rig.open();
    await rig.logIn(page);
    await page.goto(`${rig.at.url}/screens`);
    await page.waitForSelector('h1:has-text("大屏")');
    await page.waitForSelector('header:has-text("实时连接正常")');
    await page.context().setOffline(true);
    await page.evaluate(() => window.dispatchEvent(new Event('offline')));
    await page.waitForSelector('header:has-text("实时连接断了")');
  });

  test('fits a phone: no page is wider than the glass', async () => {
    const { page, errors } = await rig.open({ width: 390, height: 844 });
    await rig.logIn(page);
    for (const path of [
      '/figures',
      `/figures/${COUNTY}`,
      `/screens/${rig.screen}?tab=day`,
      '/screens',
      '/claim',
    ]) {
      await page.goto(`${rig.at.url}${path}`);
      await page.waitForSelector('main h1');
      await page.waitForSelector('[aria-busy=true]', { state: 'detached' });
      const over = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      expect(`${path} ${over}`).toBe(`${path} 0`);
    }
    expect(errors).toEqual([]);
  });

  test('logs out, and leads nobody in without a login', async () => {
    const { page } = await rig.open();
    await rig.logIn(page);
    await page.click('button.account');
    await page.click('li:has-text("退出登录")');
    await page.waitForURL(/\/login/);
    await page.goto(`${rig.at.url}/screens`);
    await page.waitForURL(/\/login\?next=/);
  });
});
