// The policy page against SDK clients and against another operator.

import Chat, { type ChatSDK } from '@yidu/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Site, seed } from './site.ts';

const REFUSED = 7013;
const EFFECT_MS = 1_000;

interface Settings {
  receipt_group_types: string[];
  history_days: number;
}

let site: Site;
let sender: ChatSDK;
beforeAll(async () => {
  site = await Site.open();
  ({ sender } = await seed(site.server, { group: 'team', name: 'Team', names: ['ann', 'ben'], readers: 0 }));
});
afterAll(() => site.close());

/** What the server says to a message that asks for receipts; 0: it is taken. */
async function asks(): Promise<number> {
  const message = sender.createTextMessage({
    to: 'team',
    conversationType: Chat.TYPES.CONV_GROUP,
    payload: { text: 'ok?' },
    needReadReceipt: true,
  });
  return sender.sendMessage(message).then(
    () => 0,
    (error: { code: number }) => error.code,
  );
}

test('a type is unticked, reviewed and saved: within a second an SDK client is refused', async () => {
  const { page, faults } = await site.owner();
  expect(await asks()).toBe(0);
  await page.goto(site.address(`/a/${site.server.app}/policy`));
  await page.getByRole('checkbox', { name: 'Work (Private)' }).uncheck();
  await page.getByRole('button', { name: 'Review 1 change' }).click();
  const review = page.getByRole('dialog', { name: 'Review changes' });
  await review.getByText('receipt_group_types').waitFor();
  await review.getByText('error 7013').waitFor();
  expect(await asks(), 'a review changes nothing').toBe(0);
  await review.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. In effect within a second.').first().waitFor();
  const deadline = performance.now() + EFFECT_MS;
  let code = await asks();
  while (code !== REFUSED && performance.now() < deadline) {
    code = await asks();
  }
  expect(code).toBe(REFUSED);
  await page.goto(site.address(`/a/${site.server.app}/audit`));
  await page
    .getByRole('row', { name: /operator:ann/ })
    .filter({ hasText: 'receipt_group_types' })
    .waitFor();
  expect(faults).toEqual([]);
});

test('two change the settings: the later one sees both, keeps what is theirs and overwrites nothing else', async () => {
  const opened = await site.owner();
  const { page } = opened;
  const path = `/apps/${site.server.app}/settings`;
  await page.goto(site.address(`/a/${site.server.app}/policy`));
  await page.getByRole('checkbox', { name: 'Community' }).check();
  const settings = await site.call<Settings>(opened, 'GET', path);
  await site.call(opened, 'PUT', path, { ...settings, history_days: 33 });
  await page.getByRole('button', { name: 'Review 1 change' }).click();
  const conflict = page.getByRole('dialog', { name: 'Somebody else has changed the settings' });
  await conflict.getByText('history_days').waitFor();
  await conflict.getByRole('button', { name: 'Keep my changes and review again' }).click();
  await page.getByRole('button', { name: 'Review 1 change' }).click();
  await page.getByRole('dialog', { name: 'Review changes' }).getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved. In effect within a second.').first().waitFor();
  const after = await site.call<Settings>(opened, 'GET', path);
  expect(after.history_days).toBe(33);
  expect(after.receipt_group_types).toContain('Community');
});

test('one group is switched off although its type is ticked, and on again', async () => {
  const opened = await site.owner();
  const { page } = opened;
  const path = `/apps/${site.server.app}/settings`;
  const settings = await site.call<Settings>(opened, 'GET', path);
  await site.call(opened, 'PUT', path, { ...settings, receipt_group_types: ['Work'] });
  await page.goto(site.address(`/a/${site.server.app}/groups/team`));
  await page.getByText('New messages may ask for receipts.').waitFor();
  await page.getByText('Off', { exact: true }).click();
  await page.getByText('Messages that ask for receipts are refused with 7013.').waitFor();
  await expect.poll(asks).toBe(REFUSED);
  await page.getByText('On', { exact: true }).click();
  await page.getByText('New messages may ask for receipts.').waitFor();
  await expect.poll(asks).toBe(0);
});
