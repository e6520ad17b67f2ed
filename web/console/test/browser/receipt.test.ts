// From a line of a log to who has not read, why, and a reminder.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Opened, Site, seed } from './site.ts';

let site: Site;
let opened: Opened;
beforeAll(async () => {
  site = await Site.open();
  await seed(site.server, {
    group: 'team',
    name: 'Team',
    names: ['ann', 'ben', 'carol', 'dora'],
    readers: 2,
  });
  opened = await site.owner();
});
afterAll(() => site.close());

test('a pasted log line leads to the lists of the message', async () => {
  const { page, faults } = opened;
  await page.goto(site.address(`/a/${site.server.app}/messages`));
  await page
    .getByRole('searchbox')
    .fill('14:02:31.880 WARN sdk receipts not sent {groupID: "team", seq: 1, code: 2800}');
  await page.getByRole('button', { name: 'Find' }).click();
  await page.getByText('2 of 3 have read').waitFor();
  await page.getByRole('link', { name: 'Show who has read' }).click();
  await page.getByRole('tab', { name: 'Unread 1' }).click();
  await page.getByRole('list', { name: 'Unread' }).getByText('dora').first().waitFor();
  expect(page.url()).toContain('list=unread');
  await page.getByRole('tab', { name: 'Read 2' }).click();
  await expect.poll(() => page.getByRole('list', { name: 'Read' }).getByRole('listitem').count()).toBe(2);
  await page.getByRole('searchbox', { name: 'User id, nick or name card' }).fill('car');
  await page.getByText('1 found').waitFor();
  await page.reload();
  await page.getByText('1 found').waitFor();
  expect(faults).toEqual([]);
});

test('why has somebody not read? The server says what it knows', async () => {
  const { page } = opened;
  await page.goto(site.address(`/a/${site.server.app}/messages/group/team/1?list=unread`));
  await page.getByRole('button', { name: 'Why? dora' }).click();
  const why = page.getByRole('dialog', { name: 'Where dora stands' });
  await why.getByText('Has not read', { exact: true }).waitFor();
  await why.getByText('none of the next 20').waitFor();
});

test('those who have not read are reminded, once a minute', async () => {
  const { page } = opened;
  await page.goto(site.address(`/a/${site.server.app}/messages/group/team/1`));
  const remind = async () => {
    await page.getByRole('button', { name: 'Remind 1 unread' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remind who has not read' });
    await dialog.getByRole('button', { name: 'Remind', exact: true }).click();
    return dialog;
  };
  await remind();
  await page.getByText('1 reminded.').waitFor();
  const refused = await remind();
  await refused.getByText('60007').waitFor();
});

test('exports are the bytes of the server at the version that is shown', async () => {
  const { page } = opened;
  await page.goto(site.address(`/a/${site.server.app}/messages/group/team/1`));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ]);
  const stream = await download.createReadStream();
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  expect(text.split(/\r?\n/).filter(line => line !== '')).toHaveLength(4);
  expect(text).toContain('dora');
});
