// The messages that the SDK has handed out, so that one message is one object.

import type { ReceiptState } from '../gen/server.ts';
import type { Message } from '../types.ts';
import { takeReceipts } from './message.ts';

/** Beyond this the oldest are no longer kept up to date. */
export const MOST_MESSAGES = 5_000;

export class Messages {
  private readonly byID = new Map<string, Message>();
  private readonly bySeq = new Map<string, Message>();

  get(ID: string): Message | undefined {
    return this.byID.get(ID);
  }

  at(conversationID: string, sequence: number): Message | undefined {
    return this.bySeq.get(`${conversationID} ${sequence}`);
  }

  /** Takes a message that the server has shown: the object that is known for it, brought up to date, or this one. */
  take(fresh: Message): Message {
    const known = this.byID.get(fresh.ID);
    if (!known) {
      this.keep(fresh);
      return fresh;
    }
    const { readReceiptInfo, hasSentReceipt, isPeerRead } = known;
    Object.assign(known, fresh, {
      readReceiptInfo,
      hasSentReceipt: hasSentReceipt || fresh.hasSentReceipt,
      isPeerRead: isPeerRead || fresh.isPeerRead,
      isDeleted: known.isDeleted,
    });
    const news = fresh.readReceiptInfo;
    if (
      news.version > 0 &&
      (news.readCount ?? Number(news.isPeerRead)) >=
        (readReceiptInfo.readCount ?? Number(readReceiptInfo.isPeerRead ?? 0))
    ) {
      Object.assign(readReceiptInfo, news, { version: readReceiptInfo.version + 1 });
    }
    readReceiptInfo.audience ??= news.audience;
    this.keep(known);
    return known;
  }

  /** Takes a state of receipts. The message's own object holds it from now; undefined when that is not known. */
  takeReceipts(conversationID: string, state: ReceiptState): Message | undefined {
    const message = this.byID.get(state.messageId);
    if (message) {
      takeReceipts(message.readReceiptInfo, conversationID, state);
    }
    return message;
  }

  /** Messages of one conversation. */
  of(conversationID: string): Message[] {
    return [...this.byID.values()].filter(message => message.conversationID === conversationID);
  }

  clear(): void {
    this.byID.clear();
    this.bySeq.clear();
  }

  private keep(message: Message): void {
    this.byID.delete(message.ID);
    this.byID.set(message.ID, message);
    if (message.sequence > 0) {
      this.bySeq.set(`${message.conversationID} ${message.sequence}`, message);
    }
    if (this.byID.size > MOST_MESSAGES) {
      const [oldest] = this.byID.values();
      if (oldest) {
        this.byID.delete(oldest.ID);
        this.bySeq.delete(`${oldest.conversationID} ${oldest.sequence}`);
      }
    }
  }
}
