// History, the conversation list, watching one message, UserSigs that run out.

import Chat, { type Message } from '@yidu/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { next, Server, until } from '../server.ts';

const { EVENT, TYPES } = Chat;
let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.close());

const texts = (messages: Message[]) => messages.map(message => message.payload.text as string);

test('history comes by pages, oldest first, from the newest back; and from any place in both directions', async () => {
  const [alice, bob] = await Promise.all([server.user('alice'), server.user('bob')]);
  const sent: string[] = [];
  for (let n = 1; n <= 20; n++) {
    sent.push(`message ${n}`);
    const payload = { text: `message ${n}` };
    await alice.sendMessage(
      alice.createTextMessage({ to: 'bob', conversationType: TYPES.CONV_C2C, payload }),
    );
  }
  const first = await bob.getMessageList({ conversationID: 'C2Calice' });
  expect(texts(first.data.messageList)).toEqual(sent.slice(5));
  expect(first.data.isCompleted).toBe(false);
  const { nextReqMessageID } = first.data;
  const rest = await bob.getMessageList({ conversationID: 'C2Calice', nextReqMessageID });
  expect(texts(rest.data.messageList)).toEqual(sent.slice(0, 5));
  expect(rest.data).toMatchObject({ isCompleted: true, nextReqMessageID: '' });
  await expect(
    bob.getMessageList({ conversationID: 'C2Calice', nextReqMessageID: 'x' }),
  ).rejects.toMatchObject({
    code: 2901,
  });
  await expect(bob.getMessageList({ conversationID: 'alice' })).rejects.toMatchObject({ code: 2503 });

  const hop = { conversationID: 'C2Calice', sequence: 10, count: 3 };
  const older = await bob.getMessageListHopping({ ...hop, direction: 0 });
  expect(texts(older.data.messageList)).toEqual(sent.slice(7, 10));
  expect(older.data.nextMessageSeq).toBe(7);
  const newer = await bob.getMessageListHopping({ ...hop, direction: 1 });
  expect(texts(newer.data.messageList)).toEqual(sent.slice(9, 12));

  // One message is one object, wherever it comes from.
  const [again] = newer.data.messageList;
  expect(again).toBe(bob.findMessage(again?.ID ?? ''));
  await bob.deleteMessage([again as Message]);
  const without = await bob.getMessageListHopping({ ...hop, direction: 1 });
  expect(texts(without.data.messageList)).not.toContain('message 10');

  await until('20 are counted', () => bob.getTotalUnreadMessageCount() === 20);
  await bob.setAllMessageRead();
  expect(bob.getTotalUnreadMessageCount()).toBe(0);
  await bob.deleteConversation('C2Calice');
  expect((await bob.getConversationList()).data.conversationList).toEqual([]);
  const back = next(
    bob,
    EVENT.CONVERSATION_LIST_UPDATED,
    list => list.length === 1 && list[0]?.unreadCount === 1,
  );
  const payload = { data: '{"move":"e4"}', description: 'a move' };
  await alice.sendMessage(
    alice.createCustomMessage({ to: 'bob', conversationType: TYPES.CONV_C2C, payload }),
  );
  expect(await back).toMatchObject([
    { conversationID: 'C2Calice', lastMessage: { type: TYPES.MSG_CUSTOM, messageForShow: 'a move' } },
  ]);
});

test('one who watches a message hears what is known now, and every change', async () => {
  const [carol, dan, eve] = await Promise.all([server.user('carol'), server.user('dan'), server.user('eve')]);
  await carol.createGroup({
    groupID: 'trio',
    name: 'Trio',
    type: TYPES.GRP_WORK,
    memberList: [{ userID: 'dan' }, { userID: 'eve' }],
  });
  const draft = carol.createTextAtMessage({
    to: 'trio',
    conversationType: TYPES.CONV_GROUP,
    payload: { text: '@dan @all please confirm', atUserList: ['dan', TYPES.MSG_AT_ALL] },
    needReadReceipt: true,
  });
  await carol.sendMessage(draft);
  expect(draft.atUserList).toEqual(['dan', TYPES.MSG_AT_ALL]);
  const counts: (number | undefined)[] = [];
  const stop = carol.watchReadReceipt(draft, info => counts.push(info.readCount));
  await until('the state of now is told', () => counts.length === 1);
  for (const [index, reader] of [dan, eve].entries()) {
    const { data } = await reader.getMessageList({ conversationID: 'GROUPtrio' });
    await reader.sendMessageReadReceipt(data.messageList.filter(message => message.needReadReceipt));
    await until('the change is told', () => counts.at(-1) === index + 1);
  }
  expect(counts).toEqual([0, 1, 2]);
  stop();
});

test('a UserSig that runs out is told before, and a new one takes its place; when it has run out the session ends', async () => {
  const chat = Chat.create({ SDKAppID: server.app, server: server.url });
  const expiring = next(chat, EVENT.USER_SIG_EXPIRING);
  await chat.login({ userID: 'fay', userSig: server.userSig('fay', 300) });
  const { expiresAt } = await expiring;
  expect(Math.abs(expiresAt - Date.now() - 300_000)).toBeLessThan(60_000);
  const connected = next(chat, EVENT.NET_STATE_CHANGE, ({ state }) => state === 'connected');
  const again = await chat.login({ userID: 'fay', userSig: server.userSig('fay', 3) });
  expect(again.data.repeatLogin).toBe(true);
  await connected;
  const kicked = await next(chat, EVENT.KICKED_OUT);
  expect(kicked).toMatchObject({ type: TYPES.KICKED_OUT_USERSIG_EXPIRED, code: 6206 });
  await expect(chat.getMyProfile()).rejects.toMatchObject({ code: 2024 });
  await chat.login({ userID: 'fay', userSig: server.userSig('fay') });
  expect((await chat.getMyProfile()).data.userID).toBe('fay');
  await chat.destroy();
});
