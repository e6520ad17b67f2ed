// Who may come in, and what each role sees.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { OWNER, Site, seed, VIEWER } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await Site.open();
  await seed(site.server, { group: 'team', name: 'Team', names: ['ann', 'ben'], readers: 0 });
});
afterAll(() => site.close());

test('the set-up token makes the first owner, who lands on the page that was asked for', async () => {
  const { page, context, faults } = await site.page();
  await page.goto(site.address('/nodes'));
  await page.getByText('First start').click();
  await page.getByLabel('Set-up token').fill(site.server.setupToken);
  await page.getByLabel('Name').fill(OWNER.name);
  await page.getByLabel('New password').fill(OWNER.password);
  await page.getByRole('button', { name: 'Make the first owner' }).click();
  await page.getByRole('heading', { level: 1, name: 'Nodes and storage' }).waitFor();
  expect(await context.cookies()).toMatchObject([
    { name: 'yidu_session', httpOnly: true, sameSite: 'Strict' },
  ]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  expect(faults).toEqual([]);
  site.server.setupToken = '';
});

test('a wrong password is told and the right one lets in', async () => {
  const { page } = await site.page();
  await page.goto(site.address('/'));
  await page.getByLabel('Name').fill(OWNER.name);
  await page.getByLabel('Password', { exact: true }).last().fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').filter({ hasText: 'not right' }).waitFor();
  await page.getByLabel('Password', { exact: true }).last().fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
});

test('a viewer sees every page and nothing that writes', async () => {
  const owner = await site.owner();
  await site.call(owner, 'POST', '/operators', { ...VIEWER, role: 'viewer' });
  const { page, context } = await site.page();
  await context.request.post(`${site.http}/api/v1/session`, { data: VIEWER });
  const app = `/a/${site.server.app}`;
  const writes =
    /^(Save|Rotate|New |Delete|Dismiss|End sessions|Remind|Review|Discard|Make |Try again|Tell nothing)/;
  for (const path of [
    `${app}/policy`,
    `${app}/keys`,
    `${app}/groups/team`,
    `${app}/users/ben`,
    `${app}/webhooks`,
    `${app}/messages/group/team/1`,
    '/apps',
    '/operators',
  ]) {
    await page.goto(site.address(path));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
    expect(await page.getByRole('button', { name: writes }).allInnerTexts(), path).toEqual([]);
  }
  await page.goto(site.address(`${app}/policy`));
  expect(await page.getByRole('checkbox', { name: 'Public' }).isDisabled()).toBe(true);
  expect(await page.getByRole('link', { name: 'Operators' }).count()).toBe(0);
});

test('when the session ends elsewhere the page asks to sign in again', async () => {
  const { page, context } = await site.owner();
  await page.goto(site.address('/apps'));
  await page.getByRole('heading', { level: 1, name: 'Apps' }).waitFor();
  await context.clearCookies();
  await page.getByRole('link', { name: 'Nodes and storage' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
});
