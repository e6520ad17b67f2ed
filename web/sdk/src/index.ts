/**
 * `@yidu/sdk`: messaging with read receipts, under the names of the vendor's web SDK.
 *
 * @module
 */

import { type ConversationCalls, conversationCalls } from './api/conversation.ts';
import { type GroupCalls, groupCalls } from './api/group.ts';
import { type Lifecycle, lifecycle } from './api/lifecycle.ts';
import { type Messaging, messaging } from './api/message.ts';
import { type ProfileCalls, profileCalls } from './api/profile.ts';
import { type Receipts, receipts } from './api/receipt.ts';
import { Core } from './core.ts';
import { EVENT, type EventName } from './events.ts';
import { type CreateOptions, checked } from './options.ts';
import { TYPES } from './types.ts';

export type { LoginData } from './api/lifecycle.ts';
export type { MessageOptions, MessagePage, SendOptions } from './api/message.ts';
export type { ReadMemberList, ReadMemberPage, SentReceipts } from './api/receipt.ts';
export type { SocketClass, SocketLike } from './connection/socket.ts';
export { ChatError, CODE } from './errors.ts';
export type {
  ChatEvent,
  EventData,
  EventName,
  Handler,
  ReadReceiptItem,
  ReceiptReminder,
} from './events.ts';
export type { CreateOptions } from './options.ts';
export type { Note, ReceiptStore, Waiting } from './receipts/store.ts';
export type {
  Conversation,
  Group,
  GroupMember,
  LastMessage,
  ListedReader,
  Message,
  Outcome,
  Profile,
  ReaderState,
  ReadMember,
  ReadReceiptInfo,
  ReadStatus,
} from './types.ts';
export { EVENT, TYPES };

/** A client of one user. Made by `Chat.create`. */
export interface ChatSDK
  extends Lifecycle,
    Messaging,
    Receipts,
    ConversationCalls,
    GroupCalls,
    ProfileCalls {}

const VERSION = '0.1.0';

/**
 * Makes a client. Nothing is connected before `login`. Throws a `ChatError` 2901 for options that cannot be right.
 *
 * @example
 * ```ts
 * import Chat from '@yidu/sdk';
 *
 * const chat = Chat.create({ SDKAppID: 1400000001, server: 'wss://im.example.org' });
 * ```
 */
export function create(options: CreateOptions): ChatSDK {
  const core = new Core(checked(options));
  return {
    ...lifecycle(core),
    ...messaging(core),
    ...receipts(core),
    ...conversationCalls(core),
    ...groupCalls(core),
    ...profileCalls(core),
  };
}

const Chat = { create, EVENT, TYPES, VERSION };

/** The vendor's names in places of types: `Chat.EVENT`, `Chat.TYPES`. */
declare namespace Chat {
  /** The name of an event. */
  type EVENT = EventName;
  /** A value of `Chat.TYPES` that is a name. */
  type TYPES = string;
}

export default Chat;
