// When a message counts as read: eight cases on a real page, against the real server.

import Chat, { type ChatSDK, type Message } from '@yidu/sdk';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Server, until } from '../server.ts';
import { type InPage, load, logIn, Site } from './browser.ts';

const ROW = 80;
const VIEW = 400;
/** Longer than a message must be seen and receipts are gathered, taken together. */
const LONG_ENOUGH_MS = 1_800;

let server: Server;
let site: Site;
let sender: ChatSDK;
beforeAll(async () => {
  [server, site] = await Promise.all([Server.start(), Site.open()]);
  sender = await server.user('sender');
});
afterAll(async () => {
  await site.close();
  await server.close();
});

let context: BrowserContext;
let page: Page;
let requests: number[][];
let cdp: CDPSession;
let group = 0;
let sent: Message[] = [];
beforeEach(async () => {
  context = await site.context();
  // Another page first: whichever is at the front has the focus, once the emulation is off.
  const other = await context.newPage();
  ({ page, requests } = await site.page(context));
  cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setFocusEmulationEnabled', { enabled: false });
  elsewhere = () => other.bringToFront();
  await page.bringToFront();
});
afterEach(() => context.close());
let elsewhere: () => Promise<void>;

/** The reader opens a group with so many messages that ask for receipts, in rows of this height. */
async function open(count: number, { height = ROW, focus = true } = {}): Promise<void> {
  const groupID = `group-${++group}`;
  const userID = `reader-${group}`;
  const userSig = server.userSig(userID);
  await logIn(page, { SDKAppID: server.app, server: server.url, userID, userSig });
  await sender.createGroup({ groupID, name: groupID, type: Chat.TYPES.GRP_WORK, memberList: [{ userID }] });
  sent = [];
  for (let n = 0; n < count; n++) {
    const message = sender.createTextMessage({
      to: groupID,
      conversationType: Chat.TYPES.CONV_GROUP,
      payload: { text: `message ${n}` },
      needReadReceipt: true,
    });
    await sender.sendMessage(message);
    sent.push(message);
  }
  expect(await load(page, `GROUP${groupID}`, 100)).toBe(count);
  if (!focus) {
    await elsewhere();
    expect(await page.evaluate(() => document.hasFocus())).toBe(false);
  }
  await page.evaluate(
    ({ height, VIEW }) => {
      const here = globalThis as unknown as InPage;
      const list = document.createElement('div');
      list.style.cssText = `height:${VIEW}px;overflow-y:scroll;overflow-anchor:none`;
      document.body.replaceChildren(list);
      here.list = list;
      here.tracker = here.kit.createReadTracker(here.chat, { root: list });
      for (const message of here.messages) {
        const row = document.createElement('div');
        row.style.height = `${height}px`;
        row.textContent = message.payload.text;
        list.append(row);
        here.tracker.observe(row, message);
      }
    },
    { height, VIEW },
  );
}

/** Which messages the sender knows to be read, by their number. */
async function read(): Promise<number[]> {
  await sender.getMessageReadReceiptList(sent);
  return sent.flatMap((message, n) => (message.readReceiptInfo.readCount === 1 ? n : []));
}

/** What the browser tells of its requests may come later than what the sender knows. */
const readCount = (count: number) =>
  until(`${count} are read`, async () => (await read()).length === count && requests.flat().length >= count);
/** Headless pages are always visible, so the page is told that it is not. */
const hide = () =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  });
const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

test('what fits into the view is read, in one request, and never sent again', async () => {
  await open(5);
  await readCount(5);
  expect(requests.map(seqs => seqs.length)).toEqual([5]);
  await wait(LONG_ENOUGH_MS);
  await page.evaluate(() => (globalThis as unknown as InPage).list.dispatchEvent(new Event('scroll')));
  expect(requests).toHaveLength(1);
});

test('a window without the focus reads nothing; once it has it, everything in view goes out together', async () => {
  await open(5, { focus: false });
  await wait(LONG_ENOUGH_MS);
  expect(requests).toEqual([]);
  await page.bringToFront();
  await readCount(5);
  expect(requests.map(seqs => seqs.length)).toEqual([5]);
});

test('a hidden page reads nothing until it is shown', async () => {
  await hide();
  await open(5);
  await wait(LONG_ENOUGH_MS);
  expect(requests).toEqual([]);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await readCount(5);
});

test('what flies past is not read, only what is there at rest', async () => {
  await hide();
  await open(30);
  await page.evaluate(async ROW => {
    const { list } = globalThis as unknown as InPage;
    // The page is shown at the moment in which the fling begins.
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
    for (let row = 0; row <= 25; row += 2.5) {
      list.scrollTop = row * ROW;
      await new Promise(requestAnimationFrame);
    }
  }, ROW);
  await readCount(5);
  expect(await read()).toEqual([25, 26, 27, 28, 29]);
  expect(requests.flat()).toHaveLength(5);
});

test('a message higher than the list is read', async () => {
  await open(1, { height: 1_500 });
  await readCount(1);
});

test('slow scrolling is a request a second, not one for each message', async () => {
  await open(23);
  await readCount(5);
  await page.evaluate(async ROW => {
    const { list } = globalThis as unknown as InPage;
    for (let row = 0; row <= 18; row++) {
      list.scrollTop = row * ROW;
      await new Promise(resolve => setTimeout(resolve, 170));
    }
  }, ROW);
  await readCount(23);
  expect(requests.flat()).toHaveLength(23);
  // On a slow machine the scrolling itself takes longer, and so is worth more requests, but never one for each.
  expect(requests.length).toBeLessThan(12);
});

test('under a dialog nothing is read, and the time begins anew when it closes', async () => {
  await open(5);
  await page.evaluate(() => (globalThis as unknown as InPage).tracker.pause());
  const before = requests.length;
  await wait(LONG_ENOUGH_MS);
  expect(requests).toHaveLength(before);
  await page.evaluate(() => (globalThis as unknown as InPage).tracker.resume());
  await readCount(5);
});

test('a row that is taken away, or shows another message, before its time is not read', async () => {
  await hide();
  await open(3);
  await page.evaluate(() => {
    const { list, tracker, messages } = globalThis as unknown as InPage;
    const [first, second, third] = [...list.children] as [Element, Element, Element];
    tracker.unobserve(first);
    first.remove();
    // The second row is recycled for the third message, whose own row goes.
    tracker.unobserve(third);
    third.remove();
    tracker.observe(second, messages[2] as Message);
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await readCount(1);
  await wait(LONG_ENOUGH_MS);
  expect(await read()).toEqual([2]);
});
