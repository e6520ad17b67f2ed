// Messages: making, sending, reading, recalling.

import type { Core } from '../core.ts';
import { asChatError, ChatError, CODE, invalid } from '../errors.ts';
import { EVENT } from '../events.ts';
import type { CustomElement, Element } from '../gen/client.ts';
import type { MessageView } from '../gen/server.ts';
import { refOf } from '../model/ids.ts';
import { draft, fromServer, priorityOf } from '../model/message.ts';
import { noteMessage } from '../news.ts';
import { type Message, type Outcome, TYPES } from '../types.ts';
import { ofOneConversation, ok } from './support.ts';

const PAGE = 15;

/** What every `create…Message` takes. */
export interface MessageOptions<P> {
  /** The user, or the group. */
  to: string;
  /** `TYPES.CONV_C2C` or `TYPES.CONV_GROUP`. */
  conversationType: string;
  payload: P;
  /** Asks for receipts. Default: false. In an AVChatRoom, where there are none, it is taken back silently. */
  needReadReceipt?: boolean;
  priority?: string;
  cloudCustomData?: string;
  /** Group members who alone get the message, at most 50. */
  receiverList?: string[];
  isSupportExtension?: boolean;
}

/** Options of `sendMessage`. */
export interface SendOptions {
  /** Only who is online gets it; it is stored nowhere. */
  onlineUserOnly?: boolean;
  messageControlInfo?: { excludedFromUnreadCount?: boolean; excludedFromLastMessage?: boolean };
  /** The vendor's; accepted and not used. */
  offlinePushInfo?: unknown;
}

/** A page of messages, oldest first. */
export interface MessagePage {
  messageList: Message[];
  /** For the next page; empty when there is none. */
  nextReqMessageID: string;
  isCompleted: boolean;
}

export interface Messaging {
  /**
   * Makes a text message; nothing is sent.
   *
   * @example
   * ```ts
   * const message = chat.createTextMessage({
   *   to: 'team', conversationType: Chat.TYPES.CONV_GROUP, payload: { text: 'hello' }, needReadReceipt: true,
   * });
   * ```
   */
  createTextMessage(options: MessageOptions<{ text: string }>): Message;
  /**
   * Makes a text message that mentions members, or `TYPES.MSG_AT_ALL`.
   *
   * @example
   * ```ts
   * const message = chat.createTextAtMessage({
   *   to: 'team', conversationType: Chat.TYPES.CONV_GROUP, payload: { text: '@bob look', atUserList: ['bob'] },
   * });
   * ```
   */
  createTextAtMessage(options: MessageOptions<{ text: string; atUserList: string[] }>): Message;
  /**
   * Makes a message of one's own kind.
   *
   * @example
   * ```ts
   * const message = chat.createCustomMessage({
   *   to: 'bob', conversationType: Chat.TYPES.CONV_C2C, payload: { data: '{"x":1}', description: 'a move', extension: '' },
   * });
   * ```
   */
  createCustomMessage(
    options: MessageOptions<{ data?: string; description?: string; extension?: string }>,
  ): Message;
  /**
   * Sends a message; resolves when it is stored. The message's status is then `success`, otherwise `fail`, and the same
   * message can be given to `resendMessage`. Messages are not kept over a reload; while there is no connection the call
   * waits up to `requestTimeout`. Fails with 7013 (receipts are off for this group; the text says which switch to turn),
   * 10007 (no member), 10010, 10017 (muted), 20003 (no such user), 80002 (over 12 KiB).
   *
   * @example
   * ```ts
   * const { data: { message } } = await chat.sendMessage(draft);
   * ```
   */
  sendMessage(message: Message, options?: SendOptions): Promise<Outcome<{ message: Message }>>;
  /**
   * Sends a message that failed. Within 5 minutes the server takes it for the same message, should it have arrived after all.
   *
   * @example
   * ```ts
   * if (message.status === 'fail') await chat.resendMessage(message);
   * ```
   */
  resendMessage(message: Message, options?: SendOptions): Promise<Outcome<{ message: Message }>>;
  /**
   * Recalls a message: its content is gone, its receipts are closed. Fails with 20016 / 10031 (too late), 20022 / 10030 (no
   * such message), 20023 / 10032 (already recalled), 10007.
   *
   * @example
   * ```ts
   * await chat.revokeMessage(message);
   * ```
   */
  revokeMessage(message: Message): Promise<Outcome<{ message: Message }>>;
  /**
   * Deletes messages of one conversation from one's own view, at most 50.
   *
   * @example
   * ```ts
   * await chat.deleteMessage([message]);
   * ```
   */
  deleteMessage(messageList: Message[]): Promise<Outcome<{ messageList: Message[] }>>;
  /**
   * A page of 15 messages, oldest first, from the newest towards the older. `nextReqMessageID` of the last page, or the id
   * of any message that was handed out, is where to go on.
   *
   * @example
   * ```ts
   * const { data } = await chat.getMessageList({ conversationID: 'GROUPteam' });
   * if (!data.isCompleted) await chat.getMessageList({ conversationID: 'GROUPteam', nextReqMessageID: data.nextReqMessageID });
   * ```
   */
  getMessageList(options: {
    conversationID: string;
    nextReqMessageID?: string;
    count?: number;
  }): Promise<Outcome<MessagePage>>;
  /**
   * A page from a place: a `sequence` (inclusive) or a `time` in seconds (inclusive), towards the older (`direction` 0) or
   * the newer (1). At most 100. `nextMessageSeq` is 0 on the last page.
   *
   * @example
   * ```ts
   * const { data } = await chat.getMessageListHopping({ conversationID: 'GROUPteam', sequence: 120, direction: 1 });
   * ```
   */
  getMessageListHopping(options: {
    conversationID: string;
    sequence?: number;
    time?: number;
    direction?: number;
    count?: number;
  }): Promise<Outcome<{ messageList: Message[]; nextMessageSeq: number; isCompleted: boolean }>>;
  /**
   * The message of an id, of those that the SDK has handed out and still keeps up to date (the latest 5,000); else null.
   *
   * @example
   * ```ts
   * const message = chat.findMessage(item.messageID);
   * ```
   */
  findMessage(messageID: string): Message | null;
}

export function messaging(core: Core): Messaging {
  const make = (
    options: MessageOptions<unknown>,
    type: string,
    payload: object,
    atUserList: string[] = [],
  ) => {
    const group = options?.conversationType === TYPES.CONV_GROUP;
    if (
      typeof options?.to !== 'string' ||
      !options.to ||
      !(group || options.conversationType === TYPES.CONV_C2C)
    ) {
      throw invalid('a message needs `to` and a `conversationType` of TYPES.CONV_C2C or TYPES.CONV_GROUP');
    }
    const random = crypto.getRandomValues(new Uint32Array(1))[0] as number;
    const clientTime = Math.floor(core.session.now() / 1000);
    const noReceipts = group && core.groups.get(options.to)?.type === TYPES.GRP_AVCHATROOM;
    return draft(core.me, (group ? 'GROUP' : 'C2C') + options.to, {
      ID: `${core.tinyid}-${clientTime}-${random}`,
      type,
      payload,
      elements: [{ type, payload }],
      to: options.to,
      time: clientTime,
      clientTime,
      random,
      atUserList,
      needReadReceipt: options.needReadReceipt === true && !noReceipts,
      priority: options.priority ?? TYPES.MSG_PRIORITY_NORMAL,
      cloudCustomData: options.cloudCustomData ?? '',
      receiverList: options.receiverList ?? [],
      isSupportExtension: options.isSupportExtension === true,
    });
  };
  const shown = (conversationID: string, views: MessageView[]) =>
    views.flatMap(view => {
      const message = fromServer(core.me, conversationID, view);
      return message && !message.isDeleted ? core.messages.take(message) : [];
    });
  const send = async (message: Message, options: SendOptions = {}) => {
    const to = refOf(message?.conversationID);
    const { onlineUserOnly = false, messageControlInfo: control = {} } = options;
    message.status = 'unSend';
    core.catchUp.willSend(message.random);
    try {
      const answer = await core.call('sendMessage', {
        to,
        random: message.random,
        clientTimeS: message.clientTime,
        // The payload may have been changed since the message was made.
        elements: [message, ...message.elements.slice(1)].map(elementOf),
        needReceipt: message.needReadReceipt,
        priority: priorityOf(message.priority) as 0,
        cloudCustomData: message.cloudCustomData,
        atUsers: message.atUserList.filter(user => user !== TYPES.MSG_AT_ALL),
        atAll: message.atUserList.includes(TYPES.MSG_AT_ALL),
        onlineOnly: onlineUserOnly,
        excludeFromUnread: control.excludedFromUnreadCount === true,
        excludeFromLastMessage: control.excludedFromLastMessage === true,
        supportExtension: message.isSupportExtension,
        targets: message.receiverList,
      });
      core.catchUp.sent(message.random, answer.message);
      const view = { message: answer.message, receipt: undefined, receiptSent: false, peerRead: false };
      const sent = fromServer(core.me, message.conversationID, view);
      // The caller's object is the message from now on.
      Object.assign(message, sent, {
        readReceiptInfo: message.readReceiptInfo,
        receiverList: message.receiverList,
      });
      message.readReceiptInfo.audience = sent?.readReceiptInfo.audience;
      core.messages.take(message);
      noteMessage(core, message, answer.message);
      return ok({ message });
    } catch (thrown) {
      core.catchUp.sent(message.random, undefined);
      message.status = 'fail';
      const error = asChatError(thrown);
      error.data = { message };
      throw error;
    }
  };
  return {
    createTextMessage: options =>
      make(options, TYPES.MSG_TEXT, { text: required(options?.payload?.text, 'payload.text') }),
    createTextAtMessage: options =>
      make(
        options,
        TYPES.MSG_TEXT,
        { text: required(options?.payload?.text, 'payload.text') },
        options.payload.atUserList ?? [],
      ),
    createCustomMessage: options => {
      const { data = '', description = '', extension = '' } = options?.payload ?? {};
      return make(options, TYPES.MSG_CUSTOM, { data, description, extension });
    },
    sendMessage: send,
    resendMessage: send,
    async revokeMessage(message) {
      const answer = await core.call('recallMessage', {
        conversation: refOf(message?.conversationID),
        seq: message.sequence,
      });
      message.isRevoked = true;
      message.revoker = answer.recall?.by ?? core.me;
      core.conversations.revoked(message);
      core.events.emit(EVENT.MESSAGE_REVOKED, [message]);
      return ok({ message });
    },
    async deleteMessage(messageList) {
      const { conversationID, messages } = ofOneConversation(messageList);
      const seqs = messages.map(message => message.sequence);
      await core.call('deleteMessages', { conversation: refOf(conversationID), seqs });
      for (const message of messages) {
        message.isDeleted = true;
      }
      return ok({ messageList: messages });
    },
    async getMessageList({ conversationID, nextReqMessageID, count = PAGE }) {
      const anchor = nextReqMessageID ? core.messages.get(nextReqMessageID) : undefined;
      if (nextReqMessageID && !anchor) {
        throw invalid(
          `nextReqMessageID ${nextReqMessageID} is no message that was handed out; begin without it`,
        );
      }
      if (anchor && anchor.sequence <= 1) {
        return ok({ messageList: [], nextReqMessageID: '', isCompleted: true });
      }
      const fromSeq = anchor ? anchor.sequence - 1 : 0;
      const page = await core.call('getHistory', {
        conversation: refOf(conversationID),
        fromSeq,
        limit: count,
      });
      const messageList = shown(conversationID, page.messages).reverse();
      const isCompleted = page.nextSeq === 0;
      return ok({
        messageList,
        nextReqMessageID: isCompleted ? '' : (messageList[0]?.ID ?? ''),
        isCompleted,
      });
    },
    async getMessageListHopping({ conversationID, sequence = 0, time = 0, direction = 0, count = PAGE }) {
      const newer = direction === 1;
      const page = await core.call('getHistory', {
        conversation: refOf(conversationID),
        direction: newer ? 1 : 0,
        fromSeq: sequence,
        limit: count,
        minTimeMs: newer ? time * 1000 : 0,
        // The whole second belongs to it.
        maxTimeMs: newer || time === 0 ? 0 : time * 1000 + 999,
      });
      const messages = shown(conversationID, page.messages);
      const messageList = newer ? messages : messages.reverse();
      return ok({ messageList, nextMessageSeq: page.nextSeq, isCompleted: page.nextSeq === 0 });
    },
    findMessage: ID => core.messages.get(ID) ?? null,
  };
}

function required(text: string | undefined, name: string): string {
  if (typeof text !== 'string') {
    throw invalid(`${name} is required`);
  }
  return text;
}

function elementOf({ type, payload }: { type: string; payload: unknown }): Element {
  switch (type) {
    case TYPES.MSG_TEXT:
      return { kind: { $case: 'text', value: { content: (payload as { text: string }).text } } };
    case TYPES.MSG_CUSTOM:
      return { kind: { $case: 'custom', value: payload as CustomElement } };
    default:
      throw new ChatError(CODE.INVALID_PARAMETERS, `messages of type ${type} cannot be sent with this SDK`);
  }
}
