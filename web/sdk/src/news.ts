// What the catch-up tells, taken into what is known and told on as the vendor's events.

import type { Core } from './core.ts';
import { EVENT, type ReadReceiptItem } from './events.ts';
import type { ConversationChange, MessageView, ReceiptState } from './gen/server.ts';
import { profileOf } from './model/group.ts';
import { idOf, isGroup } from './model/ids.ts';
import { fromServer } from './model/message.ts';
import type { News } from './resume/catch-up.ts';
import type { Thing } from './resume/feed.ts';
import type { Message } from './types.ts';

export function hear(core: Core, news: News): void {
  switch (news.kind) {
    case 'message':
      hearMessage(core, news.conversationID, news.view);
      break;
    case 'change':
      hearChange(core, news.conversationID, news.change);
      break;
    case 'thing':
      hearThing(core, news.thing);
      break;
    case 'listed':
      core.conversations.take(core.me, news.conversations, news.whole);
      break;
    case 'dismissed':
      core.conversations.remove(`GROUP${news.groupID}`);
      core.groupsChanged();
      break;
  }
}

/** Takes a message that was sent or has come into the conversation list. */
export function noteMessage(core: Core, message: Message, flags: MessageView['message']): void {
  const counts = {
    unread: !flags?.excludeFromUnread && !flags?.targeted && !flags?.onlineOnly && message.sequence > 0,
    last: !flags?.excludeFromLastMessage && !flags?.onlineOnly,
  };
  if (!core.conversations.message(message, counts) && message.sequence > 0) {
    core.fetchConversation(message.conversationID);
  }
}

function hearMessage(core: Core, conversationID: string, view: MessageView): void {
  const fresh = fromServer(core.me, conversationID, view);
  if (fresh) {
    const message = core.messages.take(fresh);
    noteMessage(core, message, view.message);
    core.events.emit(EVENT.MESSAGE_RECEIVED, [message]);
  }
}

function hearChange(core: Core, conversationID: string, { thing }: ConversationChange): void {
  if (thing?.$case === 'reminder') {
    const { messageId, seq, by, byNick, timeMs } = thing.value;
    const time = Math.floor(timeMs / 1000);
    const reminder = { conversationID, messageID: messageId, sequence: seq, userID: by, nick: byNick, time };
    core.events.emit(EVENT.RECEIPT_REMINDER, reminder);
  }
  if (thing?.$case !== 'recalled') {
    return;
  }
  const { seq, messageId, from, recall } = thing.value;
  const message =
    core.messages.get(messageId) ??
    fromServer(core.me, conversationID, {
      message: { ...EMPTY, id: messageId, seq, from, recall },
      receipt: undefined,
      receiptSent: false,
      peerRead: false,
    });
  if (message) {
    message.isRevoked = true;
    message.revoker = recall?.by ?? '';
    message.revokeReason = recall?.reason ?? '';
    core.conversations.revoked(message);
    core.events.emit(EVENT.MESSAGE_REVOKED, [message]);
  }
}

/** A message of which only its place is known. */
const EMPTY: NonNullable<MessageView['message']> = {
  id: '',
  to: undefined,
  from: '',
  seq: 0,
  timeMs: 0,
  clientTimeS: 0,
  random: 0,
  elements: [],
  needReceipt: false,
  priority: 0,
  cloudCustomData: '',
  atUsers: [],
  atAll: false,
  onlineOnly: false,
  excludeFromUnread: false,
  excludeFromLastMessage: false,
  supportExtension: false,
  platform: 0,
  fromNick: '',
  fromAvatarUrl: '',
  fromNameCard: '',
  recall: undefined,
  audienceCount: 0,
  targeted: false,
};

function hearThing(core: Core, thing: Thing): void {
  switch (thing.$case) {
    case 'receipt':
      hearReceipt(core, thing.value);
      break;
    case 'peerRead':
      hearPeerRead(core, `C2C${thing.value.userId}`, thing.value.timeMs);
      break;
    case 'unreadCleared': {
      const { conversation, unreadCount, readSeq } = thing.value;
      core.conversations.cleared(idOf(conversation), unreadCount, readSeq);
      break;
    }
    case 'membership':
      if (thing.value.member) {
        core.fetchConversation(`GROUP${thing.value.groupId}`);
      } else {
        core.conversations.remove(`GROUP${thing.value.groupId}`);
      }
      core.groupsChanged();
      break;
    case 'profile':
      core.events.emit(EVENT.PROFILE_UPDATED, [profileOf(thing.value)]);
      break;
    case 'conversationDeleted':
      core.conversations.remove(idOf(thing.value));
      break;
  }
}

/** Takes a state of receipts, and tells it unless a newer one is known. */
export function hearReceipt(core: Core, state: ReceiptState): void {
  const conversationID = idOf(state.conversation);
  const known = core.messages.get(state.messageId)?.readReceiptInfo.version;
  const message = core.messages.takeReceipts(conversationID, state);
  if (message && message.readReceiptInfo.version === known) {
    return;
  }
  const item: ReadReceiptItem = {
    messageID: state.messageId,
    conversationID,
    version: message?.readReceiptInfo.version ?? 0,
  };
  const { readCount, unreadCount, leftCount } = state;
  if (isGroup(conversationID)) {
    Object.assign(item, { groupID: conversationID.slice('GROUP'.length), readCount, unreadCount, leftCount });
  } else {
    Object.assign(item, {
      userID: conversationID.slice('C2C'.length),
      isPeerRead: readCount > 0,
      timestamp: Math.floor(state.peerReadTimeMs / 1000),
    });
  }
  core.updates.offer(item);
}

function hearPeerRead(core: Core, conversationID: string, timeMs: number): void {
  core.conversations.peerRead(conversationID, timeMs);
  const read = core.messages
    .of(conversationID)
    .filter(message => message.flow === 'out' && !message.isPeerRead && message.time * 1000 <= timeMs);
  for (const message of read) {
    message.isPeerRead = true;
  }
  if (read.length > 0) {
    core.events.emit(EVENT.MESSAGE_READ_BY_PEER, read);
  }
}
