// Events: names, what they carry, who listens.

import type { ChatError } from './errors.ts';
import type { Conversation, Group, Message, Profile } from './types.ts';

/** The vendor's events for what Yidu does, and ours (the last four). */
export const EVENT = {
  SDK_READY: 'sdkStateReady',
  SDK_NOT_READY: 'sdkStateNotReady',
  MESSAGE_RECEIVED: 'onMessageReceived',
  MESSAGE_REVOKED: 'onMessageRevoked',
  MESSAGE_MODIFIED: 'onMessageModified',
  MESSAGE_READ_BY_PEER: 'onMessageReadByPeer',
  MESSAGE_READ_RECEIPT_RECEIVED: 'onMessageReadReceiptReceived',
  CONVERSATION_LIST_UPDATED: 'onConversationListUpdated',
  TOTAL_UNREAD_MESSAGE_COUNT_UPDATED: 'onTotalUnreadMessageCountUpdated',
  GROUP_LIST_UPDATED: 'onGroupListUpdated',
  PROFILE_UPDATED: 'onProfileUpdated',
  KICKED_OUT: 'kickedOut',
  ERROR: 'error',
  NET_STATE_CHANGE: 'netStateChange',
  /** `{pending}`: so many receipts wait for the server's answer. */
  RECEIPT_OUTBOX_CHANGED: 'onReceiptOutboxChanged',
  /** `{conversationID, sequences}`: another device of one's own has sent these receipts. */
  RECEIPTS_SENT: 'onReceiptsSent',
  /** Somebody asks again that one reads a message. */
  RECEIPT_REMINDER: 'onReceiptReminder',
  /** `{expiresAt}` in milliseconds: log in with a new UserSig soon. */
  USER_SIG_EXPIRING: 'onUserSigExpiring',
} as const;

/** An item of MESSAGE_READ_RECEIPT_RECEIVED. Counts are absolute, never differences. */
export interface ReadReceiptItem {
  messageID: string;
  conversationID: string;
  /** One-to-one: the peer. */
  userID?: string;
  isPeerRead?: boolean;
  /** One-to-one: when the receipt was recorded, in seconds. */
  timestamp?: number;
  /** Group. */
  groupID?: string;
  readCount?: number;
  unreadCount?: number;
  leftCount?: number;
  /** As in `ReadReceiptInfo`. */
  version: number;
}

/** The data of RECEIPT_REMINDER: which message is to be read, and who asks. */
export interface ReceiptReminder {
  conversationID: string;
  messageID: string;
  sequence: number;
  /** Who reminds; `userID` is empty when it is the operator of the server. */
  userID: string;
  nick: string;
  /** In seconds of the server's clock. */
  time: number;
}

/** What the `data` of each event is. */
export interface EventData {
  sdkStateReady: undefined;
  sdkStateNotReady: undefined;
  onMessageReceived: Message[];
  onMessageRevoked: Message[];
  onMessageModified: Message[];
  onMessageReadByPeer: Message[];
  onMessageReadReceiptReceived: ReadReceiptItem[];
  onConversationListUpdated: Conversation[];
  onTotalUnreadMessageCountUpdated: number;
  onGroupListUpdated: Group[];
  onProfileUpdated: Profile[];
  kickedOut: { type: string; code: number; message: string };
  error: ChatError;
  netStateChange: { state: string };
  onReceiptOutboxChanged: { pending: number };
  onReceiptsSent: { conversationID: string; sequences: number[] };
  onReceiptReminder: ReceiptReminder;
  onUserSigExpiring: { expiresAt: number };
}

export type EventName = keyof EventData;
/** What a handler is given. */
export interface ChatEvent<N extends EventName = EventName> {
  name: N;
  data: EventData[N];
}
export type Handler<N extends EventName> = (event: ChatEvent<N>) => void;

interface Listener {
  handler: Handler<EventName>;
  context: unknown;
  once: boolean;
}

/** Handlers run in a microtask, in the order in which they were added; what one throws stops none of the others. */
export class Emitter {
  private readonly listeners = new Map<EventName, Listener[]>();

  add<N extends EventName>(name: N, handler: Handler<N>, context: unknown, once: boolean): void {
    const listener = { handler: handler as unknown as Handler<EventName>, context, once };
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  remove<N extends EventName>(name: N, handler: Handler<N>): void {
    const left = this.listeners.get(name)?.filter(listener => (listener.handler as unknown) !== handler);
    this.listeners.set(name, left ?? []);
  }

  clear(): void {
    this.listeners.clear();
  }

  emit<N extends EventName>(name: N, data: EventData[N]): void {
    queueMicrotask(() => {
      for (const listener of this.listeners.get(name) ?? []) {
        if (listener.once) {
          this.remove(name, listener.handler as unknown as Handler<N>);
        }
        try {
          listener.handler.call(listener.context, { name, data });
        } catch (thrown) {
          // Its own mistake, which must not vanish: shown as any error is that nobody catches.
          setTimeout(() => {
            throw thrown;
          });
        }
      }
    });
  }
}
