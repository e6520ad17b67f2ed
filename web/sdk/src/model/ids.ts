// Conversation ids: `C2C<user>` and `GROUP<group>`.

import { ChatError, CODE } from '../errors.ts';
import type { ConversationRef as Outgoing } from '../gen/client.ts';
import type { ConversationRef } from '../gen/server.ts';

/** The id of a conversation; empty for none. */
export function idOf(ref: ConversationRef | undefined): string {
  return ref?.of ? (ref.of.$case === 'user' ? `C2C${ref.of.value}` : `GROUP${ref.of.value}`) : '';
}

/** The conversation of an id, for a request. */
export function refOf(conversationID: string): Outgoing {
  const match = /^(C2C|GROUP)(.+)$/s.exec(conversationID ?? '');
  if (!match) {
    const text = `no conversation id: ${conversationID}; it is C2C and the user id, or GROUP and the group id`;
    throw new ChatError(CODE.INVALID_CONVERSATION_ID, text);
  }
  const value = match[2] as string;
  return { of: { $case: match[1] === 'C2C' ? 'user' : 'group', value } };
}

export function isGroup(conversationID: string): boolean {
  return conversationID.startsWith('GROUP');
}

/** The conversation of something that `from` did, as `me` names it: the peer's side of a one-to-one conversation is one's own. */
export function seenBy(me: string, to: ConversationRef | undefined, from: string): string {
  return to?.of?.$case === 'user' && to.of.value === me ? `C2C${from}` : idOf(to);
}
