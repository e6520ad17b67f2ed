// Receipts: saying that one has read, seeing who has.

import type { Core } from '../core.ts';
import { ChatError, CODE, invalid } from '../errors.ts';
import type { ListReceiptMembersResult } from '../gen/server.ts';
import { profileOf } from '../model/group.ts';
import { refOf } from '../model/ids.ts';
import { hearReceipt } from '../news.ts';
import type {
  ListedReader,
  Message,
  Outcome,
  ReaderState,
  ReadMember,
  ReadReceiptInfo,
  ReadStatus,
} from '../types.ts';
import { ofOneConversation, ok, portions } from './support.ts';

const OWN_MESSAGE = 0;
const VENDOR_PAGE = 100;
const STATES = 100;

/** What `sendMessageReadReceipt` resolves with. */
export interface SentReceipts {
  /** The server has them on disk. */
  sentList: Message[];
  /** Waiting in the outbox: there is no connection. */
  queuedList: Message[];
  /**
   * Not sent, or refused, and why: 0 for one's own message, 10062 (did not ask, unknown or expired), 10007 (not asked),
   * 10032 (recalled).
   */
  skippedList: { message: Message; code: number }[];
}

/** What `getGroupMessageReadMemberList` resolves with. */
export interface ReadMemberList {
  messageID: string;
  /** For the next page. */
  cursor: string;
  isCompleted: boolean;
  readUserIDList: string[];
  unreadUserIDList: string[];
  /** The same users with their profiles, as the vendor's UI engine has them, and the time of reading. */
  readUserInfoList: ReadMember[];
  unreadUserInfoList: ReadMember[];
}

/** What `getGroupMessageReadMemberPage` resolves with. */
export interface ReadMemberPage {
  members: ListedReader[];
  /** Members of the whole list, found by the keyword or not. */
  total: number;
  /** The instant that this page shows, in milliseconds: give it for every other page of the list. */
  version: number;
  /** Where a search goes on, as `cursor`; 0 at the end of the list. */
  cursor: number;
}

export interface Receipts {
  /**
   * Says that messages of one conversation were read; any number of them. Messages of one's own and those that did not ask
   * are skipped, and with nothing left the call fails with 2114 (see `strict`). Receipts go through the outbox: while there
   * is no connection the call resolves with them in `queuedList`, and they are sent later. Repeating it changes nothing, and
   * unread counts stay as they are.
   *
   * @example
   * ```ts
   * const { data } = await chat.sendMessageReadReceipt(visibleMessages);
   * console.log(data.sentList.length, data.skippedList);
   * ```
   */
  sendMessageReadReceipt(messageList: Message[]): Promise<Outcome<SentReceipts>>;
  /**
   * Puts receipts into the outbox and resolves when they are there; they go out at most once a second. What
   * `createReadTracker` uses. Messages that cannot have a receipt, and those that have one, are left out.
   *
   * @example
   * ```ts
   * await chat.queueMessageReadReceipt([message]);
   * ```
   */
  queueMessageReadReceipt(messageList: Message[]): Promise<Outcome<{ queuedList: Message[] }>>;
  /**
   * How many receipts wait in the outbox.
   *
   * @example
   * ```ts
   * const { data: { pending } } = await chat.getReceiptOutboxState();
   * ```
   */
  getReceiptOutboxState(): Promise<Outcome<{ pending: number }>>;
  /**
   * The newest receipts of one's own messages of one conversation, any number of them. The same objects come back with
   * `readReceiptInfo` brought up to date; those of others, those that did not ask and those whose receipts are unknown or
   * expired come back as they are.
   *
   * @example
   * ```ts
   * const { data } = await chat.getMessageReadReceiptList(myMessages);
   * data.messageList.forEach(({ readReceiptInfo }) => console.log(readReceiptInfo.readCount));
   * ```
   */
  getMessageReadReceiptList(messageList: Message[]): Promise<Outcome<{ messageList: Message[] }>>;
  /**
   * A page of at most 100 who have read (`filter` 0), or have not and are in the group (1). Begin with cursor `''`, and go on
   * with the one that came back until `isCompleted`. While receipts keep landing, nobody comes twice. Fails with 10007 (may
   * not see it), 10062 (unknown, expired, or did not ask).
   *
   * @example
   * ```ts
   * const { data } = await chat.getGroupMessageReadMemberList({ message, filter: 1, cursor: '', count: 100 });
   * console.log('not read yet:', data.unreadUserInfoList.map(member => member.nick || member.userID));
   * ```
   */
  getGroupMessageReadMemberList(options: {
    message: Message;
    filter?: number;
    cursor?: string;
    count?: number;
  }): Promise<Outcome<ReadMemberList>>;
  /**
   * A page of at most 500 of one list as it was at a version, from any place on: who has read (`filter` 0), has not (1),
   * has left without reading (2), or has not read, left or not (3). The first page tells its version; with that, lists 0
   * and 3 stand still whatever lands meanwhile, and in 1 and 2 only those move who leave or come back. `keyword` finds those
   * with this in their ID, nick or name card, whatever the case; a search looks at 20,000 members at most and then tells in
   * `cursor` where to go on. Fails with 10007 (may not see it), 10062 (unknown, expired, or did not ask).
   *
   * @example
   * ```ts
   * const page = await chat.getGroupMessageReadMemberPage({ message, filter: 1, offset: 0, limit: 50 });
   * const { total, version } = page.data;
   * const end = await chat.getGroupMessageReadMemberPage({ message, filter: 1, offset: total - 50, limit: 50, version });
   * const found = await chat.getGroupMessageReadMemberPage({ message, filter: 1, keyword: 'wang', version });
   * ```
   */
  getGroupMessageReadMemberPage(options: {
    message: Message;
    filter?: number;
    offset?: number;
    limit?: number;
    version?: number;
    keyword?: string;
    /** Of a search, instead of `offset`. */
    cursor?: number;
  }): Promise<Outcome<ReadMemberPage>>;
  /**
   * Whether certain users, any number of them, have read a message, in their order. Fails as
   * `getGroupMessageReadMemberPage` does.
   *
   * @example
   * ```ts
   * const { data } = await chat.getMessageReadStatus({ message, userIDList: ['bob', 'carol'] });
   * for (const { userID, isRead, readTime } of data.statusList) console.log(userID, isRead && new Date(readTime));
   * ```
   */
  getMessageReadStatus(options: {
    message: Message;
    userIDList: string[];
  }): Promise<Outcome<{ statusList: ReadStatus[] }>>;
  /**
   * Asks those again who have not read a message, all of them or those named (at most 100): their devices get
   * RECEIPT_REMINDER, and nobody else hears of it. Resolves with how many were reminded; with 0 nothing happened. Fails with
   * 60007 and `retryAfterMs` within a minute of the last reminder of the message, 10032 (recalled), 10007, 10062.
   *
   * @example
   * ```ts
   * const { data } = await chat.remindUnread({ message });
   * console.log(`reminded ${data.reminded}`);
   * ```
   */
  remindUnread(options: { message: Message; userIDList?: string[] }): Promise<Outcome<{ reminded: number }>>;
  /**
   * Hears of the receipts of one message: once with what the server knows now, then whenever that changes, before the
   * messages that nobody watches. Returns what stops it.
   *
   * @example
   * ```ts
   * const stop = chat.watchReadReceipt(message, info => { badge.textContent = `${info.readCount} read`; });
   * ```
   */
  watchReadReceipt(message: Message, watcher: (info: ReadReceiptInfo) => void): () => void;
}

const STATES_OF_READERS = ['notAsked', 'read', 'unread', 'left'] as const;

export function receipts(core: Core): Receipts {
  const sort = (messages: Message[]) => {
    const skippedList: SentReceipts['skippedList'] = [];
    const asked = messages.filter(message => {
      const code = message.flow === 'out' ? OWN_MESSAGE : message.needReadReceipt ? undefined : 10_062;
      if (code !== undefined) {
        skippedList.push({ message, code });
      }
      return code === undefined;
    });
    return { asked: [...new Map(asked.map(message => [message.sequence, message])).values()], skippedList };
  };
  const put = async (conversationID: string, asked: Message[]) => {
    if (!core.session.isLoggedIn) {
      throw new ChatError(CODE.NOT_LOGGED_IN, 'a receipt is somebody’s, so somebody has to be logged in');
    }
    const dropped = await core.outbox.put(
      conversationID,
      asked.map(message => message.sequence),
    );
    for (const message of asked) {
      message.hasSentReceipt = true;
    }
    for (const { conversationID, sequence } of dropped) {
      const message = core.messages.at(conversationID, sequence);
      if (message) {
        message.hasSentReceipt = false;
      }
    }
  };
  const place = (message: Message) => {
    if (!message?.conversationID) {
      throw new ChatError(CODE.MESSAGE_REQUIRED, 'a message of this SDK is required');
    }
    return { conversation: refOf(message.conversationID), seq: message.sequence };
  };
  const refresh = async (conversationID: string, own: Message[]) => {
    const seqs = own.map(message => message.sequence).filter(sequence => sequence > 0);
    for (const portion of portions(seqs, STATES)) {
      const answer = await core.call('getReceipts', { conversation: refOf(conversationID), seqs: portion });
      for (const state of answer.states) {
        hearReceipt(core, state);
      }
    }
  };
  return {
    async sendMessageReadReceipt(messageList) {
      const { conversationID, messages } = ofOneConversation(messageList);
      const { asked, skippedList } = sort(messages);
      const result: SentReceipts = { sentList: [], queuedList: [], skippedList };
      if (asked.length === 0) {
        if (core.options.strict !== false) {
          throw new ChatError(CODE.READ_RECEIPT_LIST_EMPTY, 'no message is left that can have a receipt');
        }
        return ok(result);
      }
      await put(conversationID, asked);
      const sequences = asked.map(message => message.sequence);
      const limit = core.session.isOnline ? (core.options.requestTimeout ?? 30_000) : 0;
      const verdicts = core.outbox.verdicts(conversationID, sequences, limit);
      core.outbox.flush('now');
      for (const [index, code] of (await verdicts).entries()) {
        const message = asked[index] as Message;
        if (code === undefined) {
          result.queuedList.push(message);
        } else if (code === 0) {
          result.sentList.push(message);
        } else {
          skippedList.push({ message, code });
        }
      }
      return ok(result);
    },
    async queueMessageReadReceipt(messageList) {
      const { conversationID, messages } = ofOneConversation(messageList);
      const queuedList = sort(messages).asked.filter(message => !message.hasSentReceipt);
      if (queuedList.length > 0) {
        await put(conversationID, queuedList);
        core.outbox.flush('paced');
      }
      return ok({ queuedList });
    },
    async getReceiptOutboxState() {
      return ok({ pending: await core.outbox.pending() });
    },
    async getMessageReadReceiptList(messageList) {
      const { conversationID, messages } = ofOneConversation(messageList);
      const own = messages.filter(message => message.flow === 'out' && message.needReadReceipt);
      await refresh(conversationID, own);
      return ok({ messageList: messages });
    },
    async getGroupMessageReadMemberList({ message, filter = 0, cursor = '', count = VENDOR_PAGE }) {
      if (filter !== 0 && filter !== 1) {
        throw invalid(`filter is ${filter}: 0 lists who has read, 1 who has not`);
      }
      const limit = Math.min(Math.max(count, 1), VENDOR_PAGE);
      const answer = await core.call('listReceiptMembers', {
        ...place(message),
        filter,
        cursor: cursor || '0',
        limit,
      });
      const members = answer.members.map(memberOf);
      const users = members.map(member => member.userID);
      return ok({
        messageID: message.ID,
        cursor: answer.nextCursor,
        isCompleted: answer.finished,
        readUserIDList: filter === 0 ? users : [],
        unreadUserIDList: filter === 1 ? users : [],
        readUserInfoList: filter === 0 ? members : [],
        unreadUserInfoList: filter === 1 ? members : [],
      });
    },
    async getGroupMessageReadMemberPage({ message, filter = 0, offset = 0, limit = VENDOR_PAGE, ...rest }) {
      if (filter !== 0 && filter !== 1 && filter !== 2 && filter !== 3) {
        throw invalid(`filter is ${filter}: 0 read, 1 not read, 2 left, 3 not read or left`);
      }
      const { version = 0, keyword = '', cursor } = rest;
      const { members, total, ...answer } = await core.call('getReceiptPage', {
        ...place(message),
        filter,
        version,
        limit,
        keyword,
        start: cursor ? { $case: 'cursor', value: cursor } : { $case: 'offset', value: offset },
      });
      const listed = members.map(member => ({ ...memberOf(member), state: stateOf(member.state) }));
      return ok({ members: listed, total, version: answer.version, cursor: answer.nextCursor });
    },
    async getMessageReadStatus({ message, userIDList }) {
      const statusList: ReadStatus[] = [];
      for (const userIds of portions(userIDList, STATES)) {
        const { users } = await core.call('getReadStatus', { ...place(message), userIds });
        for (const { userId, state, readTimeMs } of users) {
          statusList.push({
            userID: userId,
            isRead: state === 1,
            readTime: readTimeMs,
            state: stateOf(state),
          });
        }
      }
      return ok({ statusList });
    },
    async remindUnread({ message, userIDList = [] }) {
      const { reminded } = await core.call('remindUnread', { ...place(message), userIds: userIDList });
      return ok({ reminded });
    },
    watchReadReceipt(message, watcher) {
      const kept = core.messages.get(message.ID) ?? core.messages.take(message);
      let told = -1;
      const tell = () => {
        if (kept.readReceiptInfo.version !== told) {
          told = kept.readReceiptInfo.version;
          watcher(kept.readReceiptInfo);
        }
      };
      const stop = core.updates.watch(message.ID, tell);
      refresh(message.conversationID, [message])
        .then(tell)
        .catch(() => undefined);
      return stop;
    },
  };
}

function memberOf({
  profile,
  nameCard,
  readTimeMs,
}: ListReceiptMembersResult['members'][number]): ReadMember {
  return { ...profileOf(profile), nameCard, readTime: readTimeMs };
}

function stateOf(state: number): ReaderState {
  return STATES_OF_READERS[state] ?? 'notAsked';
}
