// What all parts of a client share: the session, what is known of messages, conversations and groups, and what is told.

import { Session } from './connection/session.ts';
import { socketUrl } from './connection/socket.ts';
import type { Answer, Ask, OperationName } from './connection/wire.ts';
import type { ChatError } from './errors.ts';
import { Emitter, EVENT } from './events.ts';
import type { LoginResult, Push } from './gen/server.ts';
import { Conversations } from './model/conversations.ts';
import { groupOf } from './model/group.ts';
import { refOf } from './model/ids.ts';
import { Messages } from './model/messages.ts';
import { hear } from './news.ts';
import type { CreateOptions } from './options.ts';
import { Outbox } from './receipts/outbox.ts';
import { MemoryStore } from './receipts/store.ts';
import { Updates } from './receipts/updates.ts';
import { CatchUp } from './resume/catch-up.ts';
import { type Group, TYPES } from './types.ts';
import { warnBeforeExpiry } from './usersig.ts';

const PAGE = 100;
/** Groups that are read after a login. */
const MOST_GROUPS = 1_000;
const GATHER_MS = 100;

export class Core {
  readonly events = new Emitter();
  readonly messages = new Messages();
  readonly groups = new Map<string, Group>();
  readonly conversations = new Conversations(
    id => this.groups.get(id),
    () => this.listChanged(),
  );
  readonly session: Session;
  readonly outbox: Outbox;
  readonly updates: Updates;
  readonly catchUp: CatchUp;
  /** Who is logged in; empty when nobody is. */
  me = '';
  /** The number of who is logged in, first part of message ids. */
  tinyid = '0';
  isReady = false;
  private logins = 0;
  private totalUnread = 0;
  private listTimer: ReturnType<typeof setTimeout> | undefined;
  private unknown = new Set<string>();
  private stopWarning = () => {};
  private readonly onReturn = () => this.session.wake();
  private readonly onVisibility = () => {
    if (globalThis.document.visibilityState === 'visible') {
      this.session.wake();
    } else {
      this.outbox.flush('now');
    }
  };

  constructor(readonly options: CreateOptions) {
    this.session = new Session(
      {
        url: socketUrl(options.server),
        appID: options.SDKAppID,
        deviceID: `web-${crypto.randomUUID()}`,
        socket: options.WebSocket,
        connectTimeoutMs: options.connectTimeout ?? 10_000,
        requestTimeoutMs: options.requestTimeout ?? 30_000,
      },
      {
        online: (login, again) => this.online(login, again),
        connecting: () => this.netState(TYPES.NET_STATE_CONNECTING),
        offline: () => this.offline(),
        pushed: push => this.pushed(push),
        ended: (why, reason) => this.ended(why, reason),
      },
    );
    this.outbox = new Outbox(options.outbox ?? new MemoryStore(), {
      send: (conversationID, sequences) => this.sendReceipts(conversationID, sequences),
      changed: pending => this.events.emit(EVENT.RECEIPT_OUTBOX_CHANGED, { pending }),
      refused: error => this.events.emit(EVENT.ERROR, error),
    });
    this.updates = new Updates(items => this.events.emit(EVENT.MESSAGE_READ_RECEIPT_RECEIVED, items));
    this.catchUp = new CatchUp({
      call: (name, ask) => this.session.call(name, ask),
      tell: news => hear(this, news),
    });
    globalThis.addEventListener?.('online', this.onReturn);
    globalThis.addEventListener?.('pagehide', this.onVisibility);
    globalThis.document?.addEventListener('visibilitychange', this.onVisibility);
  }

  call<K extends OperationName>(name: K, ask: Ask<K>): Promise<Answer<K>> {
    return this.session.call(name, ask);
  }

  /** Logs in, after which the session is kept up until `leave` or the server ends it. */
  async enter(userID: string, userSig: string): Promise<void> {
    await this.session.login({ userID, userSig });
    this.warn(userSig);
  }

  /** Takes a new UserSig of the same user. */
  renew(userSig: string): void {
    this.session.renew({ userID: this.me, userSig });
    this.warn(userSig);
  }

  /** Logs out and forgets everything of the user. */
  async leave(): Promise<void> {
    this.stopWarning();
    await this.outbox.clear();
    await this.session.logout();
    this.forget();
  }

  destroy(): void {
    globalThis.removeEventListener?.('online', this.onReturn);
    globalThis.removeEventListener?.('pagehide', this.onVisibility);
    globalThis.document?.removeEventListener('visibilitychange', this.onVisibility);
    this.outbox.close();
    this.events.clear();
  }

  /** A conversation that only the server knows: asks for it, together with others of the same moment. */
  fetchConversation(conversationID: string): void {
    if (this.unknown.add(conversationID).size === 1) {
      setTimeout(() => {
        const conversations = [...this.unknown].slice(0, PAGE).map(refOf);
        this.unknown = new Set([...this.unknown].slice(PAGE));
        this.call('getConversations', { conversations })
          .then(found => this.conversations.take(this.me, found.conversations, false))
          // The next catch-up lists it.
          .catch(() => undefined);
      }, GATHER_MS);
    }
  }

  /** Reads the groups that one is in, and tells when that is new. */
  async loadGroups(): Promise<Group[]> {
    const groups: Group[] = [];
    for (let cursor = '', more = true; more && groups.length < MOST_GROUPS; more = cursor !== '') {
      const page = await this.call('listJoinedGroups', { cursor, limit: PAGE });
      groups.push(...page.groups.map(groupOf));
      cursor = page.nextCursor;
    }
    this.groups.clear();
    for (const group of groups) {
      this.groups.set(group.groupID, group);
    }
    this.listChanged();
    return groups;
  }

  /** The group list has changed: reads it again and tells. */
  groupsChanged(): void {
    this.loadGroups()
      .then(groups => this.events.emit(EVENT.GROUP_LIST_UPDATED, groups))
      .catch(() => undefined);
  }

  private warn(userSig: string): void {
    this.stopWarning();
    this.stopWarning = warnBeforeExpiry(userSig, expiresAt =>
      this.events.emit(EVENT.USER_SIG_EXPIRING, { expiresAt }),
    );
  }

  private online(login: LoginResult, again: boolean): void {
    this.me = this.session.user?.userID ?? '';
    this.tinyid = login.tinyid;
    this.netState(TYPES.NET_STATE_CONNECTED);
    if (!again) {
      this.outbox.open(`${this.options.SDKAppID}:${this.me}`);
    }
    this.outbox.online();
    const current = ++this.logins;
    const caughtUp = this.catchUp.loggedIn(this.me, login);
    void Promise.all([caughtUp, this.loadGroups().catch(() => undefined)]).then(() => {
      if (current === this.logins && this.session.isLoggedIn && !this.isReady) {
        this.isReady = true;
        this.events.emit(EVENT.SDK_READY, undefined);
      }
    });
  }

  private offline(): void {
    this.outbox.offline();
    this.netState(TYPES.NET_STATE_DISCONNECTED);
  }

  private pushed(push: Push): void {
    const event = push.event;
    if (event?.$case === 'receiptsSent') {
      const id = event.value.conversation?.of;
      const conversationID = id ? (id.$case === 'user' ? 'C2C' : 'GROUP') + id.value : '';
      for (const sequence of event.value.seqs) {
        const message = this.messages.at(conversationID, sequence);
        if (message) {
          message.hasSentReceipt = true;
        }
      }
      this.events.emit(EVENT.RECEIPTS_SENT, { conversationID, sequences: event.value.seqs });
    } else {
      this.catchUp.pushed(push);
    }
  }

  private ended(why: ChatError, reason: number): void {
    const type =
      [
        TYPES.KICKED_OUT_REST_API,
        TYPES.KICKED_OUT_MULT_DEVICE,
        TYPES.KICKED_OUT_REST_API,
        TYPES.KICKED_OUT_REST_API,
        TYPES.KICKED_OUT_USERSIG_EXPIRED,
        TYPES.KICKED_OUT_MULT_ACCOUNT,
      ][reason] ?? TYPES.KICKED_OUT_REST_API;
    const expired = why.code === 70_001 || why.code === 6_206;
    this.stopWarning();
    this.outbox.offline();
    this.forget();
    this.netState(TYPES.NET_STATE_DISCONNECTED);
    this.events.emit(EVENT.KICKED_OUT, {
      type: expired ? TYPES.KICKED_OUT_USERSIG_EXPIRED : type,
      code: why.code,
      message: why.message,
    });
  }

  private forget(): void {
    this.logins += 1;
    this.me = '';
    this.catchUp.forget();
    this.updates.clear();
    this.messages.clear();
    this.conversations.clear();
    this.groups.clear();
    clearTimeout(this.listTimer);
    this.listTimer = undefined;
    if (this.isReady) {
      this.isReady = false;
      this.events.emit(EVENT.SDK_NOT_READY, undefined);
    }
  }

  private netState(state: string): void {
    this.events.emit(EVENT.NET_STATE_CHANGE, { state });
  }

  /** Tells the conversation list, gathered over a moment. */
  private listChanged(): void {
    this.listTimer ??= setTimeout(() => {
      this.listTimer = undefined;
      this.events.emit(EVENT.CONVERSATION_LIST_UPDATED, this.conversations.list());
      const total = this.conversations.totalUnread();
      if (total !== this.totalUnread) {
        this.totalUnread = total;
        this.events.emit(EVENT.TOTAL_UNREAD_MESSAGE_COUNT_UPDATED, total);
      }
    }, GATHER_MS);
  }

  private async sendReceipts(conversationID: string, sequences: number[]) {
    const answer = await this.call('sendReceipts', { conversation: refOf(conversationID), seqs: sequences });
    return answer.results.map(({ seq, code }) => ({ sequence: seq, code }));
  }
}
