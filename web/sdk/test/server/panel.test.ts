// What a panel of readers needs: pages at a version, certain users, reminders.

import Chat, { type ChatError, type ChatSDK, type Message } from '@yidu/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { next, Server } from '../server.ts';

const { EVENT, TYPES } = Chat;
let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.close());

/** A group in which the first has asked the others, who have the message. */
async function asked(groupID: string, names: string[]) {
  const [sender, ...readers] = await Promise.all(names.map(name => server.user(name)));
  if (!sender) throw new Error('a sender');
  const memberList = names.slice(1).map(userID => ({ userID }));
  await sender.createGroup({ groupID, name: groupID, type: TYPES.GRP_WORK, memberList });
  const message = sender.createTextMessage({
    to: groupID,
    conversationType: TYPES.CONV_GROUP,
    payload: { text: 'please read' },
    needReadReceipt: true,
  });
  const received = readers.map(reader =>
    next(reader, EVENT.MESSAGE_RECEIVED, list => list.some(one => one.ID === message.ID)),
  );
  await sender.sendMessage(message);
  const copies = (await Promise.all(received)).map(list => list.find(one => one.ID === message.ID));
  const pairs = readers.map((reader, index) => [reader, copies[index]] as [ChatSDK, Message]);
  return { sender, message, readers: pairs };
}

test('a page at a version stands still while receipts land, from any offset, and can be searched', async () => {
  const names = ['p0', 'p1', 'p2', 'p3', 'p4'];
  const { sender, message, readers } = await asked('panel', names);
  const first = await sender.getGroupMessageReadMemberPage({ message, filter: 3, offset: 0, limit: 2 });
  expect(first.data).toMatchObject({
    total: 4,
    members: [{ userID: 'p1', state: 'unread' }, { userID: 'p2' }],
  });
  const { version } = first.data;
  for (const [reader, copy] of readers.slice(0, 2)) {
    await reader.sendMessageReadReceipt([copy]);
  }
  const rest = await sender.getGroupMessageReadMemberPage({
    message,
    filter: 3,
    offset: 2,
    limit: 2,
    version,
  });
  expect(rest.data).toMatchObject({ total: 4, version, members: [{ userID: 'p3' }, { userID: 'p4' }] });
  const read = await sender.getGroupMessageReadMemberPage({ message });
  expect(read.data).toMatchObject({ total: 2, members: [{ userID: 'p1', state: 'read' }, { userID: 'p2' }] });
  expect(read.data.members[0]?.readTime).toBeGreaterThan(version - 60_000);
  const found = await sender.getGroupMessageReadMemberPage({ message, filter: 3, version, keyword: 'P2' });
  expect(found.data).toMatchObject({ total: 4, cursor: 0, members: [{ userID: 'p2' }] });
  for (const bad of [{ filter: 4 }, { limit: 501 }, { version: version + 3_600_000 }]) {
    const refused = await sender.getGroupMessageReadMemberPage({ message, ...bad }).catch(error => error);
    expect(refused, JSON.stringify(bad)).toMatchObject({ name: 'ChatError', retryable: false });
  }
});

test('certain users have read, have not, have left or were not asked', async () => {
  const { sender, message, readers } = await asked('status', ['s0', 's1', 's2', 's3']);
  const [[first, copy] = [], , [third] = []] = readers;
  if (!first || !copy || !third) throw new Error('three readers');
  await first.sendMessageReadReceipt([copy]);
  await third.quitGroup('status');
  const userIDList = ['s3', 's1', 's0', 'nobody', 's2'];
  const { data } = await sender.getMessageReadStatus({ message, userIDList });
  expect(data.statusList.map(one => [one.userID, one.isRead, one.state])).toEqual([
    ['s3', false, 'left'],
    ['s1', true, 'read'],
    ['s0', false, 'notAsked'],
    ['nobody', false, 'notAsked'],
    ['s2', false, 'unread'],
  ]);
  expect(data.statusList[1]?.readTime).toBeGreaterThan(Date.now() - 60_000);
});

test('who has not read is reminded, also after having been away, once a minute', async () => {
  const { sender, message, readers } = await asked('nudge', ['n0', 'n1', 'n2']);
  const [[first, copy] = [], [second] = []] = readers;
  if (!first || !copy || !second) throw new Error('two readers');
  await first.sendMessageReadReceipt([copy]);
  const heard: unknown[] = [];
  first.on(EVENT.RECEIPT_REMINDER, ({ data }) => heard.push(data));
  const reminded = next(second, EVENT.RECEIPT_REMINDER);
  expect((await sender.remindUnread({ message })).data).toEqual({ reminded: 1 });
  expect(await reminded).toMatchObject({
    conversationID: 'GROUPnudge',
    messageID: message.ID,
    sequence: message.sequence,
    userID: 'n0',
  });
  const again = await sender.remindUnread({ message }).catch((error: ChatError) => error);
  expect(again).toMatchObject({ code: 60007 });
  expect((again as ChatError).retryAfterMs).toBeGreaterThan(0);

  const notOwn = await first.remindUnread({ message: copy }).catch((error: ChatError) => error);
  expect(notOwn).toMatchObject({ code: 10007 });
  const end = next(first, EVENT.MESSAGE_RECEIVED);
  const text = { to: 'nudge', conversationType: TYPES.CONV_GROUP, payload: { text: 'the end' } };
  await sender.sendMessage(sender.createTextMessage(text));
  await end;
  expect(heard).toEqual([]);
});
