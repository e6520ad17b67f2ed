// What the calls share.

import { ChatError, CODE, invalid } from '../errors.ts';
import type { Message, Outcome } from '../types.ts';

export function ok<T>(data: T): Outcome<T> {
  return { code: 0, data };
}

/** The messages of a call that takes those of one conversation only. */
export function ofOneConversation(messageList: Message[]): { conversationID: string; messages: Message[] } {
  const messages = Array.isArray(messageList) ? messageList : [];
  const conversationID = messages[0]?.conversationID ?? '';
  for (const message of messages) {
    if (typeof message?.conversationID !== 'string') {
      throw new ChatError(CODE.MESSAGE_REQUIRED, 'a message of this SDK is required');
    }
    if (message.conversationID !== conversationID) {
      throw invalid('the messages are of different conversations: make one call for each');
    }
  }
  return { conversationID, messages };
}

/** Lists in portions of at most `most`. */
export function portions<T>(list: T[], most: number): T[][] {
  const count = Math.ceil(list.length / most);
  return Array.from({ length: count }, (_, index) => list.slice(index * most, (index + 1) * most));
}
