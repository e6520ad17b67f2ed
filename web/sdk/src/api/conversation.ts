// Conversations: the list, unread counts.

import type { Core } from '../core.ts';
import { ChatError, CODE } from '../errors.ts';
import { isGroup, refOf } from '../model/ids.ts';
import { type Conversation, type Outcome, TYPES } from '../types.ts';
import { ok } from './support.ts';

export interface ConversationCalls {
  /**
   * One's conversations, most recently active first: all that are known (the first 1,000 after a login), those of the given
   * ids, or those of a type or with unread messages. Ids that there are not are left out.
   *
   * @example
   * ```ts
   * const { data } = await chat.getConversationList({ hasUnreadCount: true });
   * ```
   */
  getConversationList(
    options?: string[] | { type?: string; hasUnreadCount?: boolean },
  ): Promise<Outcome<{ conversationList: Conversation[] }>>;
  /**
   * One conversation, as the server knows it now. Fails with 2503 (no conversation id), 2500 (there is none).
   *
   * @example
   * ```ts
   * const { data } = await chat.getConversationProfile('GROUPteam');
   * ```
   */
  getConversationProfile(conversationID: string): Promise<Outcome<{ conversation: Conversation }>>;
  /**
   * Clears the unread count of a conversation. Sends no receipts. One-to-one: the peer learns the time (MESSAGE_READ_BY_PEER).
   *
   * @example
   * ```ts
   * await chat.setMessageRead({ conversationID: 'C2Cbob' });
   * ```
   */
  setMessageRead(options: { conversationID: string }): Promise<Outcome<Record<string, never>>>;
  /**
   * Clears the unread counts of all conversations, or of all of a kind.
   *
   * @example
   * ```ts
   * await chat.setAllMessageRead();
   * ```
   */
  setAllMessageRead(options?: { scope?: string }): Promise<Outcome<Record<string, never>>>;
  /**
   * Removes a conversation from one's own list, with its history so far. A new message brings it back.
   *
   * @example
   * ```ts
   * await chat.deleteConversation('C2Cbob');
   * ```
   */
  deleteConversation(
    options: string | { conversationIDList: string[] },
  ): Promise<Outcome<{ conversationID: string }>>;
  /**
   * Unread messages over all conversations that are known.
   *
   * @example
   * ```ts
   * document.title = `(${chat.getTotalUnreadMessageCount()}) Chat`;
   * ```
   */
  getTotalUnreadMessageCount(): number;
}

export function conversationCalls(core: Core): ConversationCalls {
  const fetch = async (conversationIDs: string[]) => {
    const found = await core.call('getConversations', { conversations: conversationIDs.map(refOf) });
    core.conversations.take(core.me, found.conversations, false);
    return conversationIDs.flatMap(id => core.conversations.get(id) ?? []);
  };
  const clear = async (conversationID: string) => {
    const answer = await core.call('clearUnread', { conversation: refOf(conversationID) });
    core.conversations.cleared(conversationID, answer.unreadCount, 0);
  };
  return {
    async getConversationList(options = {}) {
      if (Array.isArray(options)) {
        return ok({ conversationList: await fetch(options) });
      }
      const { type, hasUnreadCount } = options;
      const conversationList = core.conversations
        .list()
        .filter(one => (!type || one.type === type) && (!hasUnreadCount || one.unreadCount > 0));
      return ok({ conversationList });
    },
    async getConversationProfile(conversationID) {
      const [conversation] = await fetch([conversationID]);
      if (!conversation) {
        throw new ChatError(CODE.CONVERSATION_NOT_FOUND, `there is no conversation ${conversationID}`);
      }
      return ok({ conversation });
    },
    async setMessageRead({ conversationID }) {
      await clear(conversationID);
      return ok({});
    },
    async setAllMessageRead({ scope = TYPES.READ_ALL_MSG } = {}) {
      if (scope === TYPES.READ_ALL_MSG) {
        await core.call('clearUnread', {});
        for (const { conversationID } of core.conversations.list()) {
          core.conversations.cleared(conversationID, 0, 0);
        }
      } else {
        const groups = scope === TYPES.READ_ALL_GROUP_MSG;
        const unread = core.conversations.list().filter(one => one.unreadCount > 0);
        await Promise.all(
          unread.map(one => (isGroup(one.conversationID) === groups ? clear(one.conversationID) : undefined)),
        );
      }
      return ok({});
    },
    async deleteConversation(options) {
      const ids = typeof options === 'string' ? [options] : options.conversationIDList;
      for (const id of ids) {
        await core.call('deleteConversation', { conversation: refOf(id) });
        core.conversations.remove(id);
      }
      return ok({ conversationID: ids[0] ?? '' });
    },
    getTotalUnreadMessageCount: () => core.conversations.totalUnread(),
  };
}
