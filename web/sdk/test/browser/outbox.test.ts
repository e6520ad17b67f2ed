// Receipts survive the page; among tabs one sends; a half-open connection is noticed.

import Chat, { type ChatSDK, type Message } from '@yidu/sdk';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Server, until } from '../server.ts';
import { type InPage, load, logIn, Site } from './browser.ts';

let server: Server;
let site: Site;
let sender: ChatSDK;
beforeAll(async () => {
  // Two seconds between heartbeats, so that a dead connection is noticed soon.
  process.env['YIDU_GATEWAY_HEARTBEAT_SECONDS'] = '2';
  [server, site] = await Promise.all([Server.start(), Site.open()]);
  sender = await server.user('sender');
});
afterAll(async () => {
  await site.close();
  await server.close();
});

let n = 0;
let account: { SDKAppID: number; server: string; userID: string; userSig: string };
beforeEach(() => {
  const userID = `reader-${++n}`;
  account = { SDKAppID: server.app, server: server.url, userID, userSig: server.userSig(userID) };
});

async function send(count: number): Promise<Message[]> {
  const sent: Message[] = [];
  for (let number = 0; number < count; number++) {
    const message = sender.createTextMessage({
      to: account.userID,
      conversationType: Chat.TYPES.CONV_C2C,
      payload: { text: `message ${number}` },
      needReadReceipt: true,
    });
    await sender.sendMessage(message);
    sent.push(message);
  }
  return sent;
}

const readAll = (page: Page) =>
  page.evaluate(async () => {
    const { chat, messages } = globalThis as unknown as InPage;
    await chat.queueMessageReadReceipt(messages);
    return (await chat.getReceiptOutboxState()).data.pending;
  });

const disconnected = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const { chat, kit } = globalThis as unknown as InPage;
        chat.on(kit.Chat.EVENT.NET_STATE_CHANGE, ({ data }) => data.state === 'disconnected' && resolve());
      }),
  );

/** What the browser tells of its requests may come later than what the sender knows. */
const requested = (count: number, ...pages: { requests: number[][] }[]) =>
  until(`${count} receipts are requested`, () => pages.flatMap(page => page.requests.flat()).length >= count);

const allRead = (messages: Message[]) =>
  until('the sender knows that all are read', async () => {
    await sender.getMessageReadReceiptList(messages);
    return messages.every(message => message.readReceiptInfo.isPeerRead === true);
  });

test('read offline, the renderer killed, opened again: exactly the 40 receipts arrive', async () => {
  const context = await site.context();
  const { page, requests } = await site.page(context);
  await logIn(page, account);
  const sent = await send(40);
  expect(await load(page, 'C2Csender', 100)).toBe(40);

  const gone = disconnected(page);
  await server.kill('SIGKILL');
  await gone;
  expect(await readAll(page)).toBe(40);
  await page.goto('chrome://crash').catch(() => undefined);
  await server.restart();

  const reopened = await site.page(context);
  await logIn(reopened.page, account);
  await allRead(sent);
  const pending = () =>
    reopened.page.evaluate(
      async () => (await (globalThis as unknown as InPage).chat.getReceiptOutboxState()).data.pending,
    );
  await until('nothing waits any more', async () => (await pending()) === 0);
  await requested(40, { requests }, reopened);
  const seqs = [...requests, ...reopened.requests].flat();
  expect(seqs.sort((a, b) => a - b)).toEqual(sent.map(message => message.sequence));
  await context.close();
});

test('two tabs put the same receipts in: one sends them, once; when it closes the other takes over', async () => {
  const context = await site.context();
  const tabs = [await site.page(context), await site.page(context)] as const;
  for (const { page } of tabs) {
    await logIn(page, account);
  }
  const sent = await send(10);
  for (const { page } of tabs) {
    expect(await load(page, 'C2Csender', 100)).toBe(10);
  }
  const gone = Promise.all(tabs.map(({ page }) => disconnected(page)));
  await server.kill('SIGKILL');
  await gone;
  expect(await Promise.all(tabs.map(({ page }) => readAll(page)))).toContain(10);
  await server.restart();
  await allRead(sent);
  await requested(10, ...tabs);
  expect(tabs.map(({ requests }) => requests.flat().length).sort((a, b) => a - b)).toEqual([0, 10]);

  const leader = tabs.find(({ requests }) => requests.length > 0);
  const follower = tabs.find(({ requests }) => requests.length === 0);
  if (!leader || !follower) throw new Error('one of the tabs has sent');
  await leader.page.close();
  const more = await send(1);
  await follower.page.evaluate(async () => {
    const here = globalThis as unknown as InPage;
    const { data } = await here.chat.getMessageList({ conversationID: 'C2Csender', count: 1 });
    await here.chat.queueMessageReadReceipt(data.messageList);
  });
  await allRead(more);
  await requested(1, follower);
  expect(follower.requests.flat()).toEqual([more[0]?.sequence]);
  await context.close();
});

test('logging out leaves nothing in the outbox', async () => {
  const context = await site.context();
  const { page } = await site.page(context);
  await logIn(page, account);
  await send(3);
  await load(page, 'C2Csender', 100);
  const gone = disconnected(page);
  await server.kill('SIGKILL');
  await gone;
  expect(await readAll(page)).toBe(3);
  await page.evaluate(() => (globalThis as unknown as InPage).chat.logout());
  await server.restart();
  await logIn(page, account);
  const pending = await page.evaluate(
    async () => (await (globalThis as unknown as InPage).chat.getReceiptOutboxState()).data.pending,
  );
  expect(pending).toBe(0);
  await context.close();
});

test('a network that is gone leaves the socket open: the heartbeat notices, and what was missed is told', async () => {
  const context = await site.context();
  const { page } = await site.page(context);
  await logIn(page, account);
  const gone = disconnected(page);
  await context.setOffline(true);
  await gone;
  await page.evaluate(() => {
    const here = globalThis as unknown as InPage;
    here.messages = [];
    here.chat.on(here.kit.Chat.EVENT.MESSAGE_RECEIVED, ({ data }) => here.messages.push(...data));
  });
  await send(2);
  await context.setOffline(false);
  await page.waitForFunction(() => (globalThis as unknown as InPage).messages.length === 2);
  const texts = await page.evaluate(() =>
    (globalThis as unknown as InPage).messages.map(message => message.payload.text as string),
  );
  expect(texts).toEqual(['message 0', 'message 1']);
  await context.close();
});

test('it runs in a worker, with the same outbox', async () => {
  const context = await site.context();
  const { page } = await site.page(context);
  const started = page.waitForEvent('worker');
  await page.evaluate(() => void new Worker('/page.js', { type: 'module' }));
  const worker = await started;
  await until('the SDK is loaded', () => worker.evaluate(() => 'kit' in globalThis));
  await logIn(worker, account);
  const sent = await send(2);
  await load(worker, 'C2Csender', 10);
  await worker.evaluate(async () => {
    const { chat, messages } = globalThis as unknown as InPage;
    await chat.sendMessageReadReceipt(messages);
  });
  await allRead(sent);
  await context.close();
});
