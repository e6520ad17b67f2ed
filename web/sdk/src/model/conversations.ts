// The conversation list, kept up to date by what the server says.

import type { Conversation as Listed } from '../gen/server.ts';
import { type Conversation, type Group, type LastMessage, type Message, TYPES } from '../types.ts';
import { oneLine } from './element.ts';
import { idOf, isGroup } from './ids.ts';
import { fromServer } from './message.ts';

interface Entry {
  shown: Conversation;
  activeMs: number;
  /** Messages up to here are in the unread count, or were cleared. */
  countedSeq: number;
}

export class Conversations {
  private readonly entries = new Map<string, Entry>();

  /** `groupOf` knows the groups that one is in. */
  constructor(
    private readonly groupOf: (groupID: string) => Group | undefined,
    private readonly changed: () => void,
  ) {}

  get(conversationID: string): Conversation | undefined {
    return this.entries.get(conversationID)?.shown;
  }

  /** Most recently active first. */
  list(): Conversation[] {
    const rows = [...this.entries.values()].sort((a, b) => b.activeMs - a.activeMs);
    return rows.map(({ shown }) => {
      const group = shown.groupProfile?.groupID ? this.groupOf(shown.groupProfile.groupID) : undefined;
      if (group) {
        shown.groupProfile = group;
      }
      return shown;
    });
  }

  totalUnread(): number {
    return [...this.entries.values()].reduce((sum, { shown }) => sum + shown.unreadCount, 0);
  }

  /** Takes conversations as the server lists them; `whole`: those that are not listed are gone. */
  take(me: string, listed: Listed[], whole: boolean): void {
    if (whole) {
      this.entries.clear();
    }
    for (const conversation of listed) {
      const id = idOf(conversation.ref);
      this.entries.set(id, entryOf(me, id, conversation));
    }
    this.changed();
  }

  /**
   * Takes a message that has come or was sent. Returns false when the conversation is not known, so that the server has to
   * be asked.
   */
  message(message: Message, counts: { unread: boolean; last: boolean }): boolean {
    const entry = this.entries.get(message.conversationID);
    if (!entry) {
      return false;
    }
    if (counts.last && message.sequence >= (entry.shown.lastMessage?.lastSequence ?? 0)) {
      entry.shown.lastMessage = lastOf(message);
      entry.activeMs = Math.max(entry.activeMs, message.time * 1000);
    }
    if (counts.unread && message.flow === 'in' && message.sequence > entry.countedSeq) {
      entry.shown.unreadCount += 1;
      entry.countedSeq = message.sequence;
    }
    this.changed();
    return true;
  }

  cleared(conversationID: string, unreadCount: number, readSeq: number): void {
    const entry = this.entries.get(conversationID);
    if (entry) {
      entry.shown.unreadCount = unreadCount;
      entry.countedSeq = Math.max(entry.countedSeq, readSeq);
      this.changed();
    }
  }

  revoked(message: Message): void {
    const last = this.entries.get(message.conversationID)?.shown.lastMessage;
    if (last && last.lastSequence === message.sequence) {
      last.isRevoked = true;
      this.changed();
    }
  }

  peerRead(conversationID: string, timeMs: number): void {
    const entry = this.entries.get(conversationID);
    if (entry) {
      entry.shown.peerReadTime = Math.max(entry.shown.peerReadTime, Math.floor(timeMs / 1000));
      this.changed();
    }
  }

  remove(conversationID: string): void {
    if (this.entries.delete(conversationID)) {
      this.changed();
    }
  }

  clear(): void {
    this.entries.clear();
  }
}

function entryOf(me: string, id: string, listed: Listed): Entry {
  const group = isGroup(id);
  const name = listed.ref?.of?.value ?? '';
  const last = listed.lastMessage && fromServer(me, id, listed.lastMessage);
  const profile = { nick: listed.showName === name ? '' : listed.showName, avatar: listed.avatarUrl };
  return {
    shown: {
      conversationID: id,
      type: group ? TYPES.CONV_GROUP : TYPES.CONV_C2C,
      unreadCount: listed.unreadCount,
      lastMessage: last && lastOf(last),
      userProfile: group ? undefined : { userID: name, ...profile },
      groupProfile: group ? { groupID: name, name: listed.showName, avatar: listed.avatarUrl } : undefined,
      peerReadTime: Math.floor(listed.peerReadTimeMs / 1000),
      groupAtInfoList: [],
      isPinned: false,
      remark: '',
    },
    activeMs: listed.activeTimeMs,
    countedSeq: Math.max(listed.lastSeq, listed.readSeq),
  };
}

function lastOf(message: Message): LastMessage {
  const { type, payload, isRevoked, isPeerRead, nick, nameCard } = message;
  return {
    lastTime: message.time,
    lastSequence: message.sequence,
    fromAccount: message.from,
    type,
    payload,
    messageForShow: oneLine(type, payload),
    isRevoked,
    isPeerRead,
    nick,
    nameCard,
  };
}
