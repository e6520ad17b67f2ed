// Keys: a rotation is confirmed by typing, shown once, and old UserSigs live on for the grace period only.

import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Opened, Site } from './site.ts';

let site: Site;
let opened: Opened;
beforeAll(async () => {
  site = await Site.open();
  opened = await site.owner();
});
afterAll(() => site.close());

const textOf = async (locator: Locator) => (await locator.textContent())?.trim() ?? '';

test('a rotation shows the new key once; the old key signs until it is deleted', async () => {
  const { page } = opened;
  const app = String(site.server.app);
  const old = site.server.userSig('ben');
  const keys = () => page.getByRole('table', { name: 'Keys' }).getByRole('row');
  await page.goto(site.address(`/a/${app}/keys`));
  await expect.poll(() => keys().count()).toBe(2);

  await page.getByRole('button', { name: 'Rotate' }).click();
  const rotate = page.getByRole('dialog', { name: 'Rotate' });
  const act = rotate.getByRole('button', { name: 'Make a new key' });
  expect(await act.isDisabled()).toBe(true);
  await rotate.getByLabel(`Type ${app} to confirm`).fill(app);
  await act.click();
  const shown = page.getByRole('dialog', { name: 'The new secret key' });
  const secret = await textOf(shown.locator('output'));
  expect(secret).toMatch(/^\S{32,}$/);
  await shown.getByRole('button', { name: 'I have it' }).click();
  expect(await page.content()).not.toContain(secret);
  await expect.poll(() => keys().count()).toBe(3);

  const user = await site.server.user('ben');
  await user.logout();
  await user.login({ userID: 'ben', userSig: old });

  const gone = keys().nth(2);
  const fingerprint = await textOf(gone.locator('code'));
  await gone.getByRole('button', { name: 'Delete' }).click();
  const remove = page.getByRole('dialog', { name: 'Delete key' });
  await remove.getByLabel(`Type ${fingerprint} to confirm`).fill(fingerprint);
  await remove.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => keys().count()).toBe(2);
  await user.logout();
  await expect
    .poll(() =>
      user.login({ userID: 'ben', userSig: old }).then(
        () => 'in',
        () => 'refused',
      ),
    )
    .toBe('refused');
});

test('the UserSig tool makes one that logs in', async () => {
  const { page } = opened;
  await page.goto(site.address(`/a/${site.server.app}/keys`));
  await page.getByLabel('User id').fill('carol');
  await page.getByRole('button', { name: 'Make a UserSig' }).click();
  const userSig = await textOf(page.locator('output.secret'));
  const ben = await site.server.user('dora');
  await ben.logout();
  await ben.login({ userID: 'carol', userSig });
});
