import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drafting, done, makeKnownCard, makeProgramme, publishAtOnce } from '../../helpers/schedulers.ts';
import type { ScheduleRig, Seat } from './schedule-rig.ts';
import { COUNTY, PASSWORD, startScheduleRig } from './schedule-rig.ts';

/** What takes more than one person, and what has to be explained, through the browser. */
let rig: ScheduleRig;
let operator: Seat;
beforeAll(async () => {
  rig = await startScheduleRig();
  const card = await makeKnownCard(rig.at, '苹果树冬季修剪', COUNTY);
  const admin = rig.at.as(await rig.at.login());
  // The county's own tier is asked for no review.
  await publishAtOnce(drafting(rig.at, admin), COUNTY, makeProgramme(COUNTY, 'lushi-farming', card));
  await publishAtOnce(drafting(rig.at, admin), COUNTY, [
    ...makeProgramme(COUNTY, 'lushi-river', card, { audience: { tags: ['河边'] } }),
  ]);
  await rig.obey();
  operator = await rig.sit('zhou');
});
afterAll(async () => {
  await rig?.stop();
});

const dialog = (page: Page) => page.locator('.el-dialog:visible');

describe('the console for several hands', () => {
  test('sets up a second factor and asks for its code at the next login, each code once', async () => {
    const { page, errors } = await rig.sit('lina');
    await page.click('button.account');
    await page.click('li:has-text("两步验证")');
    await dialog(page).locator('input[type=password]').fill(PASSWORD);
    await dialog(page).getByText('下一步').click();
    const secret = (await dialog(page).locator('.secret').innerText()).replaceAll(' ', '');
    const code = () => new TOTP({ secret }).generate({ timestamp: rig.clock.nowMs() });
    const used = code();
    await dialog(page).getByLabel('验证码').fill(used);
    await dialog(page).getByRole('button', { name: '开通' }).click();
    await dialog(page).locator('.codes li').first().waitFor();
    await dialog(page).getByText('存好了').click();
    await page.click('button.account');
    await page.click('li:has-text("退出登录")');
    await page.waitForURL(/\/login/);

    const enter = async (typed: string) => {
      await page.fill('input[name=code]', typed);
      await page.click('button[type=submit]');
    };
    await page.fill('input[name=login]', 'lina');
    await page.fill('input[name=password]', PASSWORD);
    await page.click('button[type=submit]');
    await enter(used);
    await page.waitForSelector('[role=alert]:has-text("等验证器换下一个码")');
    rig.clock.advance(30_000);
    await enter(code());
    await page.waitForSelector('nav.nav');
    expect(errors).toEqual([]);
  });

  test('explains what a screen shows at an instant, and why a schedule is not on it', async () => {
    const { page, errors } = operator;
    await page.goto(`${rig.at.url}/screens/${rig.screen}?tab=plan`);
    await page.locator('.lanes').focus();
    await page.keyboard.press('End');
    await page.waitForSelector('.xh');
    await page.keyboard.press('Home');
    const at = Date.parse('2026-11-24T12:00:05+08:00') / 1000;
    await page.goto(`${rig.at.url}/screens/${rig.screen}?tab=plan&at=${at}`);
    await page.waitForSelector('.xh:has-text("苹果树冬季修剪")');
    expect(await page.locator('.ans').first().innerText()).toContain('县级轮播《lushi-farming》（卢氏县）');
    expect(await page.locator('.kx').innerText()).toContain('本级不要求审核');

    await page.goto(`${rig.at.url}/screens/${rig.screen}?tab=plan&why=lushi-river`);
    await page.waitForSelector('.ans');
    expect(await page.locator('.ans').first().innerText()).toContain('河边');
    // An instant of another day explains nothing of this one.
    await page.goto(`${rig.at.url}/screens/${rig.screen}?tab=plan&day=2026-11-25&at=${at}`);
    await page.waitForSelector('.hint:has-text("点一个时刻")');
    expect(errors).toEqual([]);
  });

  test('takes a schedule down on a connected box, and lifts that with a second person only', async () => {
    const { page, errors } = operator;
    await page.goto(`${rig.at.url}/denials`);
    await page.click('.head button:has-text("撤播或停播")');
    await dialog(page).getByPlaceholder('排期名').fill('lushi-farming');
    await page.click('.el-autocomplete-suggestion li:has-text("lushi-farming") >> visible=true');
    await dialog(page).locator('.preview:has-text("1 台大屏会受影响")').waitFor();
    await dialog(page).locator('textarea').fill('画面有误，先停');
    await dialog(page).getByRole('button', { name: '撤播' }).click();
    const card = page.locator('.rows .card', { hasText: 'lushi-farming' });
    await card.locator('.reach:has-text("已执行 1 / 1 台")').waitFor();

    await card.getByRole('button', { name: '申请解除' }).click();
    await dialog(page).locator('textarea').fill('画面已更正');
    await dialog(page).getByRole('button', { name: '申请', exact: true }).click();
    await card.locator('.waits').waitFor();
    // Whoever asked does not confirm.
    expect(await card.getByRole('button', { name: '确认解除' }).count()).toBe(0);

    const second = await rig.sit('chen');
    await second.page.goto(`${rig.at.url}/denials`);
    await second.page.getByRole('button', { name: '确认解除' }).click();
    await dialog(second.page).locator('textarea').fill('看过新画面');
    await dialog(second.page).getByRole('button', { name: '解除', exact: true }).click();
    // By the live link: the first page is not reloaded.
    await card.locator('dd:has-text("陈晨")').waitFor();
    expect(await card.innerText()).toContain('已解除');
    expect([...errors, ...second.errors]).toEqual([]);
  });

  test('adds an account with a role that ends, whose first password is shown once', async () => {
    const context = await rig.sit('zhou', { width: 390, height: 844 });
    // An operator is offered no people: the page is not in the navigation, and says why when asked for.
    expect(await context.page.locator('nav.nav a:has-text("人员")').count()).toBe(0);
    await context.page.goto(`${rig.at.url}/people`);
    await context.page.waitForSelector('text=没有管理人员的权限');

    const { page, errors } = operator;
    await page.click('button.account');
    await page.click('li:has-text("退出登录")');
    await page.fill('input[name=login]', rig.at.admin.login);
    await page.fill('input[name=password]', rig.at.admin.password);
    await page.click('button[type=submit]');
    await page.click('nav.nav a:has-text("人员")');
    await page.click('button:has-text("新增账号")');
    await dialog(page).getByPlaceholder('小写字母开头').fill('lushi-zhang');
    await dialog(page).getByLabel('姓名').fill('张卢');
    await dialog(page).getByLabel('区划').fill(COUNTY);
    await page.click('.el-autocomplete-suggestion li >> visible=true');
    await dialog(page).getByLabel('到哪天为止').fill('2026-12-31');
    await page.keyboard.press('Enter');
    await dialog(page).getByRole('button', { name: '新增', exact: true }).click();
    const password = await dialog(page).locator('.secret').innerText();
    await dialog(page).getByText('记下了').click();
    const row = page.locator('tbody tr', { hasText: 'lushi-zhang' });
    await row.waitFor();
    expect(await row.innerText()).toContain('卢氏县');

    const own = rig.at.as(await rig.at.login('lushi-zhang', password));
    const { grants } = done<{ grants: { region: string; expiresAtMs: number | null }[] }>(
      await own('GET', '/api/identity/me'),
    );
    expect(grants).toEqual([
      expect.objectContaining({ region: COUNTY, expiresAtMs: expect.any(Number) as number }),
    ]);
    expect(errors).toEqual([]);
  });
});
