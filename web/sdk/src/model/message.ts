// Messages in the vendor's form.

import type { MessageView, ReceiptState } from '../gen/server.ts';
import { type Message, type ReadReceiptInfo, TYPES } from '../types.ts';
import { shown } from './element.ts';
import { isGroup } from './ids.ts';

const PRIORITIES = ['', 'High', 'Normal', 'Low', 'Lowest'];

export function priorityOf(name: string | undefined): number {
  return Math.max(PRIORITIES.indexOf(name ?? ''), 0);
}

function unknownReceipts(): ReadReceiptInfo {
  return {
    readCount: undefined,
    unreadCount: undefined,
    leftCount: undefined,
    audience: undefined,
    isPeerRead: undefined,
    timestamp: undefined,
    version: 0,
  };
}

/** A message of one's own that has not been sent. */
export function draft(me: string, conversationID: string, fields: Partial<Message>): Message {
  const group = isGroup(conversationID);
  return {
    ID: '',
    type: '',
    payload: undefined,
    conversationID,
    conversationType: group ? TYPES.CONV_GROUP : TYPES.CONV_C2C,
    to: '',
    from: me,
    flow: 'out',
    time: 0,
    status: 'unSend',
    isRevoked: false,
    revoker: '',
    revokeReason: '',
    isDeleted: false,
    isModified: false,
    isPeerRead: false,
    needReadReceipt: false,
    readReceiptInfo: unknownReceipts(),
    hasSentReceipt: false,
    priority: TYPES.MSG_PRIORITY_NORMAL,
    nick: '',
    avatar: '',
    nameCard: '',
    atUserList: [],
    cloudCustomData: '',
    isSupportExtension: false,
    isBroadcastMessage: false,
    hasRiskContent: false,
    receiverList: [],
    sequence: 0,
    clientTime: 0,
    random: 0,
    elements: [],
    ...fields,
  };
}

/** A message as the server shows it; undefined for a view without one. */
export function fromServer(me: string, conversationID: string, view: MessageView): Message | undefined {
  const message = view.message;
  if (!message) {
    return undefined;
  }
  const elements = message.elements.map(shown);
  const first = elements[0] ?? shown(undefined);
  const result = draft(message.from, conversationID, {
    ID: message.id,
    type: first.type,
    payload: first.payload,
    to: message.to?.of?.value ?? '',
    flow: message.from === me ? 'out' : 'in',
    time: Math.floor(message.timeMs / 1000),
    status: 'success',
    isRevoked: message.recall !== undefined,
    revoker: message.recall?.by ?? '',
    revokeReason: message.recall?.reason ?? '',
    isPeerRead: view.peerRead,
    needReadReceipt: message.needReceipt,
    hasSentReceipt: view.receiptSent,
    priority: PRIORITIES[message.priority] || TYPES.MSG_PRIORITY_NORMAL,
    nick: message.fromNick,
    avatar: message.fromAvatarUrl,
    nameCard: message.fromNameCard,
    atUserList: message.atAll ? [...message.atUsers, TYPES.MSG_AT_ALL] : message.atUsers,
    cloudCustomData: message.cloudCustomData,
    isSupportExtension: message.supportExtension,
    sequence: message.seq,
    clientTime: message.clientTimeS,
    random: message.random,
    elements,
  });
  if (message.needReceipt) {
    result.readReceiptInfo.audience = message.audienceCount;
  }
  if (view.receipt) {
    takeReceipts(result.readReceiptInfo, conversationID, view.receipt);
  }
  return result;
}

/**
 * Takes a state of a message's receipts: the newest wins. Of two states the one with more read is the newer; at the same
 * count the later one is, since only who has left can have changed. Returns false when nothing is new.
 */
export function takeReceipts(info: ReadReceiptInfo, conversationID: string, state: ReceiptState): boolean {
  const { readCount, unreadCount, leftCount } = state;
  const known = info.readCount ?? (info.isPeerRead ? 1 : undefined);
  if (known !== undefined && readCount < known) {
    return false;
  }
  const before = `${info.readCount} ${info.unreadCount} ${info.leftCount} ${info.isPeerRead}`;
  info.audience = state.audienceCount;
  if (isGroup(conversationID)) {
    Object.assign(info, { readCount, unreadCount, leftCount });
  } else {
    info.isPeerRead = readCount > 0;
    info.timestamp = state.peerReadTimeMs > 0 ? Math.floor(state.peerReadTimeMs / 1000) : undefined;
  }
  const changed = before !== `${info.readCount} ${info.unreadCount} ${info.leftCount} ${info.isPeerRead}`;
  if (changed) {
    info.version += 1;
  }
  return changed;
}
