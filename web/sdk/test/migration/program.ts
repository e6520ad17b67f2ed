// A small program as one writes it against the vendor's documented web API for read receipts. To run it on Yidu, two things
// were changed: the import (the vendor's package) and the options of `create` (`server` was added).

import TencentCloudChat, { type Message } from '@yidu/sdk';

export interface Account {
  SDKAppID: number;
  server: string;
  userID: string;
  userSig: string;
}

/** A badge as the program shows it next to a message. */
export const badges = new Map<string, string>();

export async function start({ SDKAppID, server, userID, userSig }: Account) {
  const chat = TencentCloudChat.create({ SDKAppID, server });
  chat.setLogLevel(1);
  const ready = new Promise<void>(resolve => chat.on(TencentCloudChat.EVENT.SDK_READY, () => resolve()));
  chat.on(TencentCloudChat.EVENT.MESSAGE_READ_RECEIPT_RECEIVED, onReadReceipts);
  await chat.login({ userID, userSig });
  await ready;
  return chat;
}

// biome-ignore lint/suspicious/noExplicitAny: the vendor's handlers are not typed, so programs are written so
function onReadReceipts(event: any) {
  // biome-ignore lint/suspicious/noExplicitAny: as above
  event.data.forEach((item: any) => {
    if (item.groupID) {
      const all = item.unreadCount === 0;
      badges.set(item.messageID, all ? 'All read' : `${item.readCount} read`);
    } else if (item.isPeerRead) {
      badges.set(item.messageID, 'Read');
    }
  });
}

type Chat = Awaited<ReturnType<typeof start>>;

export async function sendWithReceipt(chat: Chat, to: string, type: TencentCloudChat.TYPES, text: string) {
  const message = chat.createTextMessage({
    to,
    conversationType: type,
    payload: { text },
    needReadReceipt: true,
  });
  badges.set(message.ID, 'Unread');
  const { data } = await chat.sendMessage(message);
  return data.message.ID as string;
}

/** Opens a conversation: shows its newest page, and says that it was read. */
export async function open(chat: Chat, conversationID: string) {
  const { data } = await chat.getMessageList({ conversationID });
  const messageList: Message[] = data.messageList;
  const asking = messageList.filter(message => message.flow === 'in' && message.needReadReceipt === true);
  if (asking.length > 0) {
    await chat.sendMessageReadReceipt(asking);
  }
  await chat.setMessageRead({ conversationID });
  return messageList.map(message => message.payload.text as string);
}

/** Fetches the receipts of messages anew, as after a restart of the program. */
export async function refresh(chat: Chat, conversationID: string) {
  const { data } = await chat.getMessageList({ conversationID });
  const own = data.messageList.filter((message: Message) => message.flow === 'out');
  const receipts = await chat.getMessageReadReceiptList(own);
  return receipts.data.messageList.map((message: Message) => {
    const { readCount = 0, unreadCount = 0, isPeerRead } = message.readReceiptInfo;
    return message.conversationType === TencentCloudChat.TYPES.CONV_GROUP
      ? `${readCount}/${readCount + unreadCount}`
      : isPeerRead
        ? 'Read'
        : 'Unread';
  });
}

/** Everybody who has read a message (filter 0), or has not (1), page by page. */
export async function readers(chat: Chat, messageID: string, filter: number) {
  const message = chat.findMessage(messageID) as Message;
  const users: string[] = [];
  let cursor = '';
  let isCompleted = false;
  while (!isCompleted) {
    const { data } = await chat.getGroupMessageReadMemberList({ message, filter, cursor, count: 2 });
    users.push(...(filter === 0 ? data.readUserIDList : data.unreadUserIDList));
    cursor = data.cursor;
    isCompleted = data.isCompleted;
  }
  return users;
}

export async function makeGroup(chat: Chat, groupID: string, members: string[]) {
  await chat.createGroup({
    groupID,
    name: groupID,
    type: TencentCloudChat.TYPES.GRP_PUBLIC,
    memberList: members.map(userID => ({ userID })),
  });
}
