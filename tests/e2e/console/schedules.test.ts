import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScheduleRig, Seat } from './schedule-rig.ts';
import { startScheduleRig } from './schedule-rig.ts';

/** A schedule's way to the glass through the browser; each test goes on where the one before ended. */
let rig: ScheduleRig;
let operator: Seat;
let draftUrl: string;
beforeAll(async () => {
  rig = await startScheduleRig();
  operator = await rig.sit('zhou');
});
afterAll(async () => {
  await rig?.stop();
});

async function confirm(page: Page, verb: string): Promise<void> {
  await page.click(`.el-dialog button[type=submit]:has-text("${verb}")`);
}

describe('a schedule through the console', () => {
  test('is drafted with a playlist from the library, and told what is missing beside its fields', async () => {
    const { page } = operator;
    await page.click('button:has-text("新建排期")');
    await page.fill('.el-dialog input', '寒潮应急科普');
    await page.click('button:has-text("开始编辑")');
    await page.waitForURL(/\/drafts\/d-/);
    await page.waitForSelector('.problem:has-text("起个名字")');
    await page.waitForSelector('.problem:has-text("选一个节目单")');
    expect(await page.locator('button:has-text("保存")').first().isDisabled()).toBe(true);
    draftUrl = page.url();

    await page.fill('input[aria-label="排期名称"]', '寒潮应急科普');
    await page.click('.classes button:has-text("必播")');
    await page.fill('input[aria-label="第 1 段开始"]', '1200');
    await page.fill('input[aria-label="第 1 段结束"]', '12:20');
    await page.click('button:has-text("加一段")');
    await page.fill('input[aria-label="第 2 段开始"]', '12:10');
    await page.fill('input[aria-label="第 2 段结束"]', '12:30');
    await page.waitForSelector('.problem:has-text("重叠")');
    await page.click('button[aria-label="去掉第 2 段"]');

    await page.click('.field button:has-text("新建")');
    await page.fill('input[aria-label="节目单名称"]', '寒潮节目单');
    await page.click('button:has-text("从素材库里选")');
    await page.click('.cells button:has-text("寒潮来了怎么防")');
    await page.click('.cells button:has-text("一氧化碳怎么防")');
    await page.click('button:has-text("加进节目单")');
    const order = () => page.locator('.items .title').allInnerTexts();
    expect(await order()).toEqual(['寒潮来了怎么防', '一氧化碳怎么防']);
    // The keyboard moves an item, and stays on it.
    await page.locator('.items .grip').nth(1).focus();
    await page.keyboard.press('ArrowUp');
    expect(await order()).toEqual(['一氧化碳怎么防', '寒潮来了怎么防']);
    await page.keyboard.press('ArrowDown');
    expect(await order()).toEqual(['寒潮来了怎么防', '一氧化碳怎么防']);

    await page.keyboard.press('Control+s');
    await page.waitForSelector('button:has-text("已保存")');
    await page.click('button:has-text("和正在播出的相比")');
    await page.waitForSelector('.diffs .chip.created');
    expect(await page.locator('.diffs').innerText()).toContain('12:00–12:20');
  });

  test('keeps what was typed when somebody else saved meanwhile, and offers it as a draft of its own', async () => {
    const other = await rig.sit('chen');
    await other.page.goto(draftUrl);
    await other.page.fill('input[aria-label="排期名称"]', '寒潮科普（陈）');
    await operator.page.goto(draftUrl);
    await operator.page.fill('input[aria-label="排期名称"]', '寒潮应急科普');
    await operator.page.fill('input[aria-label="草稿名"]', '寒潮应急');
    await operator.page.click('button:has-text("保存")');
    await operator.page.waitForSelector('button:has-text("已保存")');

    await other.page.click('button:has-text("保存")');
    await other.page.waitForSelector('.overtaken:has-text("周敏")');
    expect(await other.page.inputValue('input[aria-label="排期名称"]')).toBe('寒潮科普（陈）');
    // Leaving asks first.
    await other.page.click('nav.nav a:has-text("大屏")');
    await other.page.waitForSelector('.el-dialog:has-text("改动还没保存")');
    await other.page.click('.el-dialog button:has-text("不保存再走")');
    await other.page.click('button:has-text("另存为新草稿")');
    await other.page.waitForURL((url) => url.pathname !== new URL(draftUrl).pathname);
    await other.page.waitForSelector('.title');
    expect(await other.page.inputValue('input[aria-label="草稿名"]')).toContain('我的改动');
    expect(await other.page.inputValue('input[aria-label="排期名称"]')).toBe('寒潮科普（陈）');
    await operator.page.reload();
    await operator.page.waitForSelector('input[aria-label="排期名称"]');
    expect(await operator.page.inputValue('input[aria-label="草稿名"]')).toBe('寒潮应急');
    expect(other.errors).toEqual([]);
  });

  test('is returned with a comment, and passed by two people who looked at every asset', async () => {
    const { page } = operator;
    await submit(page);
    const first = await rig.sit('lina');
    await first.page.waitForSelector('.nav .bd:has-text("1")');
    await first.page.goto(`${rig.at.url}/drafts`);
    await first.page.click('table.drafts a:has-text("寒潮应急")');
    await first.page.waitForSelector('.review');
    expect(await first.page.locator('button:has-text("退回")').isDisabled()).toBe(true);
    await first.page.fill('.say textarea', '第二张图文卡换成新版');
    await first.page.click('button:has-text("退回")');
    await first.page.waitForSelector('.chip.returned');

    await page.reload();
    await page.waitForSelector('.bar.returned:has-text("第二张图文卡换成新版")');
    await page.click('.edit:has-text("寒潮节目单")');
    await page.click('button[aria-label="去掉第 2 项"]');
    await page.click('button:has-text("保存")');
    await page.waitForSelector('button:has-text("已保存")');
    await submit(page);

    await first.page.reload();
    await first.page.click('button:has-text("一审通过")');
    await first.page.waitForSelector('.steps .passed:has-text("李娜")');
    // Nobody reviews twice.
    expect(await first.page.locator('button:has-text("二审通过")').count()).toBe(0);

    const second = await rig.sit('wang');
    await second.page.goto(draftUrl);
    await second.page.waitForSelector('.review');
    // The only card is on the page: it was looked at, and is ticked.
    await second.page.waitForSelector('.list .done');
    await second.page.click('button:has-text("二审通过")');
    await second.page.waitForSelector('.chip.approved');
    expect([...first.errors, ...second.errors]).toEqual([]);
  });

  test('is published after its report, followed live to the glass, and stands in the list on air', async () => {
    const { page, errors } = operator;
    await page.goto(draftUrl);
    await page.click('a:has-text("看报告，发布")');
    await page.waitForSelector('.say:has-text("可以发布")');
    expect(await page.locator('.reached').innerText()).toContain('三门峡市');
    expect(await page.locator('tr.drafted').innerText()).toContain('寒潮应急科普');
    await page.click('.head button:has-text("发布")');
    await confirm(page, '发布');
    await page.waitForURL(/\/publications\/d-/);
    await page.waitForSelector('.step.screens:has-text("1")');
    await page.waitForSelector('tbody:has-text("卢氏县城广场屏")');
    await rig.obey();
    // By the live link: nothing is reloaded.
    await page.waitForSelector('.step.onAir:has-text("100.00 %")');
    await page.click('button:has-text("已上屏 1")');
    await page.waitForSelector('tbody:has-text("已上屏")');

    await page.goto(`${rig.at.url}/schedules?state=on-air`);
    const row = page.locator('table.schedules tbody tr', { hasText: '寒潮应急科普' });
    await row.waitFor();
    expect(await row.innerText()).toContain('在播');
    expect(await row.innerText()).toContain('必播');
    await row.locator('a').click();
    await page.waitForSelector('.versions');
    const versions = await page.locator('.versions').innerText();
    expect(versions).toContain('周敏 发布');
    expect(versions).toContain('一审 李娜 通过');
    expect(versions).toContain('二审 王强 通过');
    expect(errors).toEqual([]);
  });

  test('is exported as the list shows it, and withdrawn for a reason', async () => {
    const { page, errors } = operator;
    await page.goto(`${rig.at.url}/schedules`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('button:has-text("导出")'),
    ]);
    expect(download.suggestedFilename()).toBe('排期-2026-11-24.csv');
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toContain('寒潮应急科普,在播,必播,省,河南省,41');

    await page.click('table.schedules a:has-text("寒潮应急科普")');
    await page.click('.head button:has-text("撤回")');
    await page.fill('.el-dialog textarea', '寒潮过去了');
    await confirm(page, '撤回');
    await page.waitForSelector('.head:has-text("已撤回")');
    await page.goto(`${rig.at.url}/schedules?state=withdrawn`);
    await page.waitForSelector('table.schedules:has-text("寒潮应急科普")');
    expect(errors).toEqual([]);
  });

  test('fits a phone: no page is wider than the glass', async () => {
    const { page, errors } = await rig.sit('zhou', { width: 390, height: 844 });
    const draft = new URL(draftUrl).pathname;
    for (const path of ['/schedules', '/drafts?tab=all', draft, `${draft}?tab=review`, '/publications']) {
      await page.goto(`${rig.at.url}${path}`);
      await page.waitForSelector('main .head');
      await page.waitForSelector('[aria-busy=true]', { state: 'detached' });
      const over = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      expect(`${path} ${over}`).toBe(`${path} 0`);
    }
    expect(errors).toEqual([]);
  });
});

async function submit(page: Page): Promise<void> {
  await page.click('.head button:has-text("送审")');
  await confirm(page, '送审');
  await page.waitForSelector('.chip.submitted');
}
