// Text that would be markup: as names, ids, keys of a group, in the audit log, in a webhook's address and in addresses of pages.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOSTILE, type Opened, Site, seed } from './site.ts';

const SCRIPT_URL = 'javascript:document.title="owned"';

let site: Site;
let opened: Opened;
beforeAll(async () => {
  site = await Site.open();
  const { sender } = await seed(site.server, {
    group: 'team',
    name: HOSTILE.slice(0, 90),
    names: ['ann', 'ben'],
    readers: 1,
  });
  await sender.updateMyProfile({ nick: HOSTILE.slice(0, 100), avatar: SCRIPT_URL });
  opened = await site.owner();
  const path = `/apps/${site.server.app}/settings`;
  const settings = await site.call<object>(opened, 'GET', path);
  const webhook = {
    url: `http://127.0.0.1:9/?${encodeURI('<img src=x onerror=alert(1)>')}`,
    token: '',
    commands: ['Group.CallbackAfterSendMsg'],
    on_timeout: 'allow',
  };
  await site.call(opened, 'PUT', path, { ...settings, webhook });
});
afterAll(() => site.close());

test('hostile text is shown as text on every page that shows it', async () => {
  const { page, faults } = opened;
  const app = `/a/${site.server.app}`;
  const hostile = encodeURIComponent(HOSTILE);
  for (const path of [
    `${app}/groups`,
    `${app}/groups/team`,
    `${app}/users`,
    `${app}/users/ann`,
    `${app}/audit`,
    `${app}/webhooks`,
    `${app}/messages/group/team/1?list=read`,
    `${app}/messages?q=${hostile}`,
    `${app}/users/${hostile}`,
    `${app}/groups/${hostile}`,
    `/explorer?request=${hostile}`,
    `/${hostile}`,
  ]) {
    await page.goto(site.address(path));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
    expect(await page.title(), path).not.toBe('owned');
    expect(
      await page.locator('main script, main img[onerror], main a[href^="javascript"]').count(),
      path,
    ).toBe(0);
  }
  for (const path of [`${app}/groups`, `${app}/groups/team`, `${app}/users`, `${app}/users/ann`]) {
    await page.goto(site.address(path));
    await page.getByRole('main').getByText('<img src=x').first().waitFor();
  }
  expect(faults).toEqual([]);
});

test('a place with a broken escape is no page and breaks nothing', async () => {
  const { page, faults } = opened;
  await page.goto(site.address(`/a/${site.server.app}/users/%E0%A4%A`));
  await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
  expect(faults).toEqual([]);
});
