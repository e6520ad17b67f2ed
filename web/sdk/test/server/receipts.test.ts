// Receipts from one SDK to another over the real server.

import Chat, { ChatError, type Message } from '@yidu/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { next, Server } from '../server.ts';

const { EVENT, TYPES } = Chat;
let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.close());

const byID = (id: string) => (messages: Message[]) => messages.some(message => message.ID === id);

test('a group message is read: the sender hears counts, sees who has and who has not', async () => {
  const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map(user => server.user(user)));
  if (!alice || !bob || !carol) throw new Error('three users');
  await alice.createGroup({
    groupID: 'team',
    name: 'Team',
    type: TYPES.GRP_WORK,
    memberList: [{ userID: 'bob' }, { userID: 'carol' }],
  });
  const draft = alice.createTextMessage({
    to: 'team',
    conversationType: TYPES.CONV_GROUP,
    payload: { text: 'lunch at one?' },
    needReadReceipt: true,
  });
  const id = draft.ID;
  const atBob = next(bob, EVENT.MESSAGE_RECEIVED, byID(id));
  const { data } = await alice.sendMessage(draft);
  expect(data.message).toBe(draft);
  expect(draft).toMatchObject({ ID: id, status: 'success', readReceiptInfo: { audience: 2 } });

  const [received] = (await atBob).filter(message => message.ID === id);
  if (!received) throw new Error('bob has the message');
  expect(received).toMatchObject({ flow: 'in', needReadReceipt: true, payload: { text: 'lunch at one?' } });
  const told = next(alice, EVENT.MESSAGE_READ_RECEIPT_RECEIVED);
  const sent = await bob.sendMessageReadReceipt([received]);
  expect(sent.data).toMatchObject({ sentList: [received], queuedList: [], skippedList: [] });
  expect((await told)[0]).toMatchObject({ messageID: id, groupID: 'team', readCount: 1, unreadCount: 1 });
  expect(draft.readReceiptInfo).toMatchObject({ readCount: 1, unreadCount: 1, leftCount: 0 });

  // Again: nothing changes, and the time of the first one stands.
  const again = await bob.sendMessageReadReceipt([received]);
  expect(again.data.sentList).toEqual([received]);
  const read = await alice.getGroupMessageReadMemberList({
    message: draft,
    filter: 0,
    cursor: '',
    count: 100,
  });
  expect(read.data).toMatchObject({
    messageID: id,
    isCompleted: true,
    readUserIDList: ['bob'],
    unreadUserIDList: [],
  });
  expect(read.data.readUserInfoList[0]?.readTime).toBeGreaterThan(Date.now() - 60_000);
  const unread = await alice.getGroupMessageReadMemberList({ message: draft, filter: 1 });
  expect(unread.data.unreadUserIDList).toEqual(['carol']);

  await carol.quitGroup('team');
  const left = await alice.getGroupMessageReadMemberPage({ message: draft, filter: 2 });
  expect(left.data).toMatchObject({ total: 1, members: [{ userID: 'carol', state: 'left' }], cursor: 0 });
});

test('one-to-one: a receipt and a cleared unread count are two things', async () => {
  const [dan, eve] = await Promise.all([server.user('dan'), server.user('eve')]);
  const draft = dan.createTextMessage({
    to: 'eve',
    conversationType: TYPES.CONV_C2C,
    payload: { text: 'are you there?' },
    needReadReceipt: true,
  });
  const atEve = next(eve, EVENT.MESSAGE_RECEIVED, byID(draft.ID));
  await dan.sendMessage(draft);
  const [received] = await atEve;
  if (!received) throw new Error('eve has the message');
  expect(received.conversationID).toBe('C2Cdan');

  const told = next(dan, EVENT.MESSAGE_READ_RECEIPT_RECEIVED);
  await eve.sendMessageReadReceipt([received]);
  const [item] = await told;
  expect(item).toMatchObject({ userID: 'eve', messageID: draft.ID, isPeerRead: true });
  expect(item?.timestamp).toBeGreaterThan(1_700_000_000);
  expect(draft.readReceiptInfo.isPeerRead).toBe(true);
  expect(draft.isPeerRead).toBe(false);
  const { data } = await eve.getConversationProfile('C2Cdan');
  expect(data.conversation.unreadCount).toBe(1);

  const readByPeer = next(dan, EVENT.MESSAGE_READ_BY_PEER);
  await eve.setMessageRead({ conversationID: 'C2Cdan' });
  expect(await readByPeer).toEqual([draft]);
  expect(draft.isPeerRead).toBe(true);
  expect(eve.getTotalUnreadMessageCount()).toBe(0);
});

test('what cannot have a receipt is skipped with its number, and nothing left is 2114', async () => {
  const [fay, gus] = await Promise.all([server.user('fay'), server.user('gus')]);
  const make = (text: string, needReadReceipt: boolean) =>
    fay.createTextMessage({
      to: 'gus',
      conversationType: TYPES.CONV_C2C,
      payload: { text },
      needReadReceipt,
    });
  const [plain, asks] = [make('plain', false), make('asks', true)];
  const both = next(gus, EVENT.MESSAGE_RECEIVED, byID(asks.ID));
  await fay.sendMessage(plain);
  await fay.sendMessage(asks);
  await both;
  const page = await gus.getMessageList({ conversationID: 'C2Cfay' });
  expect(page.data).toMatchObject({ isCompleted: true, nextReqMessageID: '' });
  const [first, second] = page.data.messageList;
  if (!first || !second) throw new Error('both messages are in the history');
  const { data } = await gus.sendMessageReadReceipt([first, second]);
  expect(data.sentList).toEqual([second]);
  expect(data.skippedList).toEqual([{ message: first, code: 10062 }]);

  const nothingLeft = await gus.sendMessageReadReceipt([first]).catch((error: ChatError) => error);
  expect(nothingLeft).toBeInstanceOf(ChatError);
  expect(nothingLeft).toMatchObject({ code: 2114 });
  await expect(fay.sendMessageReadReceipt([plain, first])).rejects.toMatchObject({ code: 2901 });
});

test('receipts where they are off: sending fails with 7013, and the message can be sent again without', async () => {
  const han = await server.user('han');
  await han.createGroup({ groupID: '@TGS#_crowd', name: 'Crowd', type: TYPES.GRP_COMMUNITY });
  const draft = han.createTextMessage({
    to: '@TGS#_crowd',
    conversationType: TYPES.CONV_GROUP,
    payload: { text: 'everybody?' },
    needReadReceipt: true,
  });
  const error = await han.sendMessage(draft).catch((error: ChatError) => error);
  expect(error).toMatchObject({ name: 'ChatError', code: 7013, retryable: false, data: { message: draft } });
  expect(draft.status).toBe('fail');
  draft.needReadReceipt = false;
  await han.resendMessage(draft);
  expect(draft.status).toBe('success');
});
