// Pictures of every page, in both languages and themes, for a person to look at: web/screenshots/console/.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Chat from '@yidu/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placesOf } from '../browser/places.ts';
import { seed, Site } from '../browser/site.ts';

const FOLDER = fileURLToPath(new URL('../../../screenshots/console/', import.meta.url));
const NAMES = ['wang', 'zhaoqiang', 'chen', 'anna', 'li', 'liuyang', 'sun', 'zhou', 'wu', 'zheng'];
const NICKS = ['王芳', '赵强', '陈晨', 'Anna Schmidt', '李雷', '刘洋', '孙悦', '周杰', '吴敏', '郑爽'];

let site: Site;
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true });
  site = await Site.open();
  for (const [n, name] of NAMES.entries()) {
    const user = await site.server.user(name);
    await user.updateMyProfile({ nick: NICKS[n] ?? '' });
    await user.logout();
  }
  const { sender } = await seed(site.server, { group: 'team', name: '研发一组', names: NAMES, readers: 6 });
  await seed(site.server, { group: 'ops', name: 'Operations', names: NAMES.slice(2, 6), readers: 1 });
  const direct = sender.createTextMessage({
    to: 'chen',
    conversationType: Chat.TYPES.CONV_C2C,
    payload: { text: '好的' },
    needReadReceipt: true,
  });
  await sender.sendMessage(direct);
});
afterAll(() => site.close());

describe.each([
  { locale: 'zh-CN', colorScheme: 'light', width: 1280 },
  { locale: 'zh-CN', colorScheme: 'dark', width: 1280 },
  { locale: 'en-GB', colorScheme: 'light', width: 1280 },
  { locale: 'en-GB', colorScheme: 'dark', width: 1280 },
  { locale: 'en-GB', colorScheme: 'light', width: 390 },
] as const)('$locale $colorScheme $width', options => {
  test('every page has its picture', async () => {
    const shot = (name: string) => `${FOLDER}${name}-${options.locale}-${options.colorScheme}-${options.width}.png`;
    const stranger = await site.page(options);
    await stranger.page.goto(site.address('/'));
    await stranger.page.getByRole('heading', { level: 1 }).waitFor();
    await stranger.page.screenshot({ path: shot('sign-in') });
    const { page, faults } = await site.owner(options);
    for (const { name, path } of placesOf(site.server.app, { group: 'team', user: 'wang', peer: 'chen', seq: 1 })) {
      await page.goto(site.address(path));
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
      if (name === 'overview') {
        await page.waitForFunction(() => (document.querySelector('.spark path')?.getAttribute('d')?.length ?? 0) > 30);
      }
      await page.screenshot({ path: shot(name), fullPage: name === 'overview' });
    }
    const app = `/a/${site.server.app}`;
    await page.goto(site.address(`${app}/policy`));
    await page.getByRole('checkbox').nth(3).click();
    await page.locator('.page-head .button.primary').click();
    await page.getByRole('dialog').waitFor();
    await page.screenshot({ path: shot('policy-review') });
    await page.goto(site.address(`${app}/messages/group/team/1?list=unread`));
    await page.locator('.reader button').first().click();
    await page.getByRole('dialog').locator('.facts').waitFor();
    await page.screenshot({ path: shot('why') });
    await page.goto(site.address(`${app}/keys`));
    await page.locator('.page-head .button.primary').click();
    await page.getByRole('dialog').waitFor();
    await page.screenshot({ path: shot('rotate') });
    await page.goto(site.address('/apps'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').last().fill('te');
    await page.locator('#hit-1').waitFor();
    await page.screenshot({ path: shot('finder') });
    expect(faults).toEqual([]);
  });
});
