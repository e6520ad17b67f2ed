// A session survives lost connections; what was missed is told once.

import Chat, { type Message } from '@yidu/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { next, Server, until } from '../server.ts';

const { EVENT, TYPES } = Chat;
let server: Server;
beforeEach(async () => {
  server = await Server.start();
});
afterEach(() => server.close());

const text = (to: string, text: string, needReadReceipt = false) => ({
  to,
  conversationType: TYPES.CONV_C2C,
  payload: { text },
  needReadReceipt,
});
const state = (wanted: string) => (data: { state: string }) => data.state === wanted;

test('after a crash of the server the client is back by itself, and nothing was lost or told twice', async () => {
  const [alice, bob] = await Promise.all([server.user('alice'), server.user('bob')]);
  const heard: string[] = [];
  bob.on(EVENT.MESSAGE_RECEIVED, ({ data }) => heard.push(...data.map(message => message.payload.text)));
  const asked = alice.createTextMessage(text('bob', 'one', true));
  const atBob = next(bob, EVENT.MESSAGE_RECEIVED);
  await alice.sendMessage(asked);
  const [one] = await atBob;

  const gone = Promise.all(
    [alice, bob].map(chat => next(chat, EVENT.NET_STATE_CHANGE, state('disconnected'))),
  );
  await server.kill('SIGKILL');
  await gone;
  // Offline: the receipt waits, and a message waits for the connection.
  const queued = await bob.sendMessageReadReceipt([one as Message]);
  expect(queued.data).toMatchObject({ sentList: [], queuedList: [one] });
  expect((await bob.getReceiptOutboxState()).data.pending).toBe(1);
  const told = next(alice, EVENT.MESSAGE_READ_RECEIPT_RECEIVED);
  const two = alice.sendMessage(alice.createTextMessage(text('bob', 'two')));

  await server.restart();
  expect((await told)[0]).toMatchObject({ messageID: asked.ID, isPeerRead: true });
  await two;
  await until('bob has heard both', () => heard.length >= 2);
  expect(heard).toEqual(['one', 'two']);
  expect((await bob.getReceiptOutboxState()).data.pending).toBe(0);
});

test('a device that was away hears missed messages, receipts and recalls once, in order', async () => {
  const carol = await server.user('carol', { requestTimeout: 5_000 });
  const dan = await server.user('dan');
  const recalled = dan.createTextMessage(text('carol', 'a mistake'));
  const heardFirst = next(carol, EVENT.MESSAGE_RECEIVED);
  await dan.sendMessage(recalled);
  await heardFirst;
  const heard: string[] = [];
  const revoked: string[] = [];
  carol.on(EVENT.MESSAGE_RECEIVED, ({ data }) => heard.push(...data.map(message => message.payload.text)));
  carol.on(EVENT.MESSAGE_REVOKED, ({ data }) => revoked.push(...data.map(message => message.ID)));

  // While the server is away carol waits for her next attempt, so that dan, who logs in anew, is faster.
  const away = [carol, dan].map(chat => next(chat, EVENT.NET_STATE_CHANGE, state('disconnected')));
  await server.stop();
  await Promise.all(away);
  await server.restart();
  await dan.sendMessage(dan.createTextMessage(text('carol', 'first')));
  await dan.sendMessage(dan.createTextMessage(text('carol', 'second')));
  await dan.revokeMessage(recalled);
  await until('carol has all of it', () => heard.length >= 2 && revoked.length >= 1);
  expect(heard).toEqual(['first', 'second']);
  expect(revoked).toEqual([recalled.ID]);
  const { data } = await carol.getConversationList();
  const [shown] = data.conversationList.map(conversation => ({ ...conversation }));
  expect(shown?.lastMessage?.messageForShow).toBe('second');
  // What was counted here is what the server counts.
  const truth = await carol.getConversationProfile('C2Cdan');
  expect(shown?.unreadCount).toBe(truth.data.conversation.unreadCount);
});

test('one user on two devices: messages, receipts and cleared counts reach the other one', async () => {
  const [fay, phone, desk] = await Promise.all([server.user('fay'), server.user('gus'), server.user('gus')]);
  const draft = fay.createTextMessage(text('gus', 'hello', true));
  const both = Promise.all([phone, desk].map(device => next(device, EVENT.MESSAGE_RECEIVED)));
  const counted = next(desk, EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED, total => total === 1);
  await fay.sendMessage(draft);
  const [[onPhone], [onDesk]] = (await both) as [Message[], Message[]];
  const sent = next(desk, EVENT.RECEIPTS_SENT);
  await phone.sendMessageReadReceipt([onPhone as Message]);
  expect(await sent).toEqual({ conversationID: 'C2Cfay', sequences: [onPhone?.sequence] });
  await counted;
  expect(onDesk?.hasSentReceipt).toBe(true);
  expect((await desk.queueMessageReadReceipt([onDesk as Message])).data.queuedList).toEqual([]);

  const cleared = next(desk, EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED, total => total === 0);
  await phone.setMessageRead({ conversationID: 'C2Cfay' });
  await cleared;

  const answer = next(phone, EVENT.MESSAGE_RECEIVED);
  await desk.sendMessage(desk.createTextMessage(text('fay', 'hi')));
  expect((await answer)[0]).toMatchObject({ flow: 'out', payload: { text: 'hi' }, conversationID: 'C2Cfay' });
});

test('logins that cannot be have their numbers, and one who is logged in stays so', async () => {
  const chat = Chat.create({ SDKAppID: server.app, server: server.url });
  await expect(chat.login({ userID: 'alice', userSig: 'nonsense' })).rejects.toMatchObject({ code: 70003 });
  const bobs = server.userSig('bob');
  await expect(chat.login({ userID: 'alice', userSig: bobs })).rejects.toMatchObject({ code: 70013 });
  await expect(chat.getMyProfile()).rejects.toMatchObject({ code: 2024 });
  await chat.login({ userID: 'bob', userSig: bobs });
  const again = await chat.login({ userID: 'bob', userSig: bobs });
  expect(again.data.repeatLogin).toBe(true);
  await expect(chat.login({ userID: 'alice', userSig: bobs })).rejects.toMatchObject({ code: 2905 });
  await chat.updateMyProfile({ nick: '王芳' });
  expect((await chat.getUserProfile({ userIDList: ['bob', 'nobody'] })).data).toMatchObject([
    { nick: '王芳' },
  ]);
  const notReady = next(chat, EVENT.SDK_NOT_READY);
  await chat.logout();
  await notReady;
  expect([chat.isReady(), chat.getLoginUser()]).toEqual([false, '']);
  await chat.destroy();

  const elsewhere = Chat.create({ SDKAppID: server.app, server: 'ws://127.0.0.1:9', connectTimeout: 2_000 });
  await expect(elsewhere.login({ userID: 'bob', userSig: bobs })).rejects.toMatchObject({
    code: 2800,
    retryable: true,
  });
  expect(() => Chat.create({ SDKAppID: 0, server: server.url })).toThrow(/SDKAppID is 0/);
});

test('groups: members come and go, and both sides hear of it', async () => {
  const [owner, member] = await Promise.all([server.user('owner'), server.user('member')]);
  const added = next(member, EVENT.GROUP_LIST_UPDATED, groups => groups.length === 1);
  const { data } = await owner.createGroup({
    name: '研发一组',
    type: TYPES.GRP_PUBLIC,
    joinOption: TYPES.JOIN_OPTIONS_FREE_ACCESS,
    memberList: [{ userID: 'member' }],
  });
  const groupID = data.group.groupID;
  expect(await added).toMatchObject([{ groupID, name: '研发一组', type: 'Public', receiptsWork: true }]);
  await member.quitGroup(groupID);
  expect((await member.getGroupList()).data.groupList).toEqual([]);
  const joined = await member.joinGroup({ groupID });
  expect(joined.data.status).toBe(TYPES.JOIN_STATUS_SUCCESS);
  expect((await member.joinGroup({ groupID })).data.status).toBe(TYPES.JOIN_STATUS_ALREADY_IN_GROUP);
  const outcome = await owner.addGroupMember({ groupID, userIDList: ['member', 'nobody'] });
  expect(outcome.data).toMatchObject({ existedUserIDList: ['member'], failureUserIDList: ['nobody'] });
  const members = await owner.getGroupMemberList({ groupID, count: 1 });
  expect(members.data.memberList).toMatchObject([{ userID: 'owner', role: TYPES.GRP_MBR_ROLE_OWNER }]);
  const rest = await owner.getGroupMemberList({ groupID, count: 100, offset: members.data.offset });
  expect(rest.data).toMatchObject({ memberList: [{ userID: 'member' }], offset: 0 });
  const gone = next(member, EVENT.GROUP_LIST_UPDATED, groups => groups.length === 0);
  await owner.dismissGroup(groupID);
  await gone;
  await expect(member.getGroupProfile({ groupID })).rejects.toMatchObject({ code: 10010 });
});
