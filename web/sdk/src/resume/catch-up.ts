// Resuming: what was missed is told once, what comes is told once, nothing goes back.
//
// Two things are followed. The user's own change feed has a position. Each conversation has a seq up to which every
// message was told, and a number up to which its changes (recalls) were. After the first login the conversations are
// listed once, to learn where they stand. After every later one, and when the server says Resync, a run catches up: the
// feed is read from its position, the conversations are listed, and those that have moved are read from where they were
// left. Pushes go on meanwhile; what is pushed to a conversation that is being read waits until the older was told.
//
// Bounds: 256 messages are held for a conversation, the rest is read from its history; per conversation and run the newest
// 1,000 missed messages are told, the older are left to `getMessageList`; the list is read up to its first 1,000 entries.

import type { Answer, Ask, OperationName } from '../connection/wire.ts';
import { asChatError, type ChatError } from '../errors.ts';
import type {
  Conversation,
  ConversationChange,
  LoginResult,
  Message,
  MessageView,
  Push,
} from '../gen/server.ts';
import { idOf, isGroup, refOf, seenBy } from '../model/ids.ts';
import { Feed, type Thing } from './feed.ts';
import { Track } from './track.ts';

const MOST_HELD = 256;
const MOST_TOLD = 1_000;
const MOST_LISTED = 1_000;
const PARALLEL = 4;
const RETRY_MS = 2_000;
const NO_SUCH_GROUP = 10_010;

/** What there is to tell. */
export type News =
  | { kind: 'message'; conversationID: string; view: MessageView }
  | { kind: 'change'; conversationID: string; change: ConversationChange }
  | { kind: 'thing'; thing: Thing }
  | { kind: 'listed'; conversations: Conversation[]; whole: boolean }
  | { kind: 'dismissed'; groupID: string };

export interface CatchUpIO {
  call<K extends OperationName>(name: K, ask: Ask<K>): Promise<Answer<K>>;
  tell(news: News): void;
}

/** A conversation that is being read, and what was pushed to it meanwhile. */
interface Held {
  messages: Map<number, Message>;
  overflow: boolean;
  changes: boolean;
}

export class CatchUp {
  private me = '';
  private feed = new Feed(0);
  private sinceMs = 0;
  private readonly tracks = new Map<string, Track>();
  /** Own messages without an answer, by their random. */
  private readonly sending = new Set<number>();
  private run = 0;
  /** During a run that catches up: what waits, by conversation. Conversations in `placed` do not wait any more. */
  private held: Map<string, Held> | undefined;
  private readonly placed = new Set<string>();
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly io: CatchUpIO) {}

  /** A login has succeeded: the first one of a user begins afresh, the others catch up. Resolves when that is done. */
  loggedIn(me: string, login: LoginResult): Promise<void> {
    if (this.me === me) {
      return this.begin(true);
    }
    this.forget();
    this.me = me;
    this.feed = new Feed(login.position);
    this.sinceMs = login.serverTimeMs;
    return this.begin(false);
  }

  /** The session is over for good: the next login begins afresh. */
  forget(): void {
    this.run += 1;
    this.me = '';
    this.tracks.clear();
    this.sending.clear();
    this.held = undefined;
    clearTimeout(this.retry);
  }

  /** A message of one's own is about to be sent: should it come back in a catch-up before the answer, it is not news. */
  willSend(random: number): void {
    this.sending.add(random);
  }

  /** The answer to a send has come, or nobody waits for it any more. */
  sent(random: number, message: Message | undefined): void {
    this.sending.delete(random);
    if (message && message.seq > 0) {
      this.track(idOf(message.to)).take(message.seq);
    }
  }

  /** Takes a push that is about messages or changes. */
  pushed(push: Push): void {
    const event = push.event;
    switch (event?.$case) {
      case 'message':
        this.pushedMessage(event.value);
        break;
      case 'conversationChange':
        this.pushedChange(event.value);
        break;
      case 'changes':
        this.tellThings(this.feed.pushed(event.value));
        break;
      case 'resync':
        // Also while a run is under way: what was dropped may be of a conversation that it is done with.
        void this.begin(true);
        break;
      default:
    }
  }

  private async begin(catchingUp: boolean): Promise<void> {
    const run = ++this.run;
    clearTimeout(this.retry);
    this.feed.stop();
    this.placed.clear();
    this.held = catchingUp ? (this.held ?? new Map()) : undefined;
    try {
      await Promise.all([
        catchingUp ? this.readFeed(run) : undefined,
        this.readConversations(run, catchingUp),
      ]);
      if (run === this.run) {
        this.held = undefined;
      }
    } catch (thrown) {
      const error = asChatError(thrown);
      if (run !== this.run) {
        return;
      }
      if (error.retryable) {
        this.retry = setTimeout(() => void this.begin(catchingUp), error.retryAfterMs || RETRY_MS);
        return;
      }
      // It will not get better by itself: what waits for it is told now.
      for (const id of [...(this.held?.keys() ?? [])]) {
        this.release(id);
      }
      this.held = undefined;
    }
  }

  /** An answer of a run that another one has replaced is not looked at. */
  private async ask<K extends OperationName>(run: number, name: K, ask: Ask<K>): Promise<Awaited<Answer<K>>> {
    const answer = await this.io.call(name, ask);
    if (run !== this.run) {
      throw new Error('another run has begun');
    }
    return answer;
  }

  private async readFeed(run: number): Promise<void> {
    for (let more = true; more; ) {
      const page = await this.ask(run, 'getChanges', { after: this.feed.pull(), limit: 1_000 });
      const read = this.feed.page(page);
      this.tellThings(read.things);
      more = read.more;
    }
  }

  private async readConversations(run: number, catchingUp: boolean): Promise<void> {
    const listed: Conversation[] = [];
    for (let cursor = '', more = true; more && listed.length < MOST_LISTED; more = cursor !== '') {
      // The cursor is a string here whatever it is in other lists.
      const page = await this.ask(run, 'listConversations', { cursor, limit: 100 });
      listed.push(...page.conversations);
      cursor = page.nextCursor;
    }
    this.io.tell({ kind: 'listed', conversations: listed, whole: listed.length < MOST_LISTED });
    const queue: (() => Promise<void>)[] = [];
    const seen = new Set<string>();
    for (const conversation of listed) {
      const id = idOf(conversation.ref);
      const track = this.track(id);
      seen.add(id);
      if (conversation.activeTimeMs < this.sinceMs) {
        track.stoodAt(conversation.lastSeq);
      }
      if (catchingUp) {
        queue.push(() => this.read(run, id, conversation.lastSeq, conversation.lastChange));
      } else {
        track.change(conversation.lastChange);
      }
    }
    if (catchingUp) {
      // What was pushed to conversations that the list did not name makes them worth reading. A group that was followed
      // and is not on it may be no more: nobody could be told while away.
      const unlisted = [...this.tracks].filter(
        ([id, track]) => isGroup(id) && track.hasBegun && !seen.has(id),
      );
      const pushed = [...(this.held?.keys() ?? [])].filter(id => !seen.has(id));
      for (const id of new Set([...pushed, ...unlisted.map(([id]) => id)])) {
        queue.push(() => this.read(run, id, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
      }
      const work = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          await next();
        }
      };
      await Promise.all(Array.from({ length: PARALLEL }, work));
      // What has begun to wait meanwhile, in conversations that are newer than the list.
      for (let [id] = this.held?.keys() ?? []; id !== undefined; [id] = this.held?.keys() ?? []) {
        await this.read(run, id, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
      }
      if (run === this.run) {
        this.held = undefined;
      }
    }
  }

  /** Brings one conversation up to `lastSeq` and `lastChange`, then tells what was held for it. */
  private async read(run: number, id: string, lastSeq: number, lastChange: number): Promise<void> {
    const track = this.track(id);
    try {
      await this.readHistory(run, id, track, lastSeq);
      if (lastChange > track.lastChange || this.held?.get(id)?.changes) {
        await this.readChanges(run, id, track);
      }
    } catch (thrown) {
      const error = thrown as ChatError;
      if (run !== this.run || error.retryable) {
        throw thrown;
      }
      // The server will not say more about it: it is as it is, or gone.
      if (error.code === NO_SUCH_GROUP && track.hasBegun) {
        this.dismissed(id);
      }
    }
    this.release(id);
  }

  private async readHistory(run: number, id: string, track: Track, lastSeq: number): Promise<void> {
    if (lastSeq < Number.MAX_SAFE_INTEGER && track.next > 0 && lastSeq - MOST_TOLD >= track.next) {
      track.skipTo(lastSeq - MOST_TOLD);
    }
    let from = track.next;
    let told = 0;
    while ((track.isMissing(lastSeq) || this.held?.get(id)?.overflow) && told < MOST_TOLD) {
      const held = this.held?.get(id);
      if (held) {
        held.overflow = false;
      }
      const page = await this.ask(run, 'getHistory', {
        conversation: refOf(id),
        direction: 1,
        fromSeq: from,
        limit: 100,
        minTimeMs: from === 0 ? this.sinceMs : 0,
      });
      let newest = from;
      for (const view of page.messages) {
        newest = Math.max(newest, view.message?.seq ?? 0);
        told += 1;
        this.tellMessage(id, view);
      }
      // A server that does not get on would be asked for ever.
      if (page.nextSeq <= newest) {
        track.skipTo(lastSeq < Number.MAX_SAFE_INTEGER ? Math.max(lastSeq, newest) : newest);
        return;
      }
      from = page.nextSeq;
    }
    if (told >= MOST_TOLD && lastSeq < Number.MAX_SAFE_INTEGER) {
      track.skipTo(lastSeq);
    }
  }

  private async readChanges(run: number, id: string, track: Track): Promise<void> {
    for (let more = true; more; ) {
      const after = track.lastChange;
      const page = await this.ask(run, 'getConversationChanges', {
        conversation: refOf(id),
        after,
        limit: 1_000,
      });
      for (const change of page.changes) {
        this.tellChange(id, change);
      }
      more = !page.finished && track.lastChange > after;
    }
  }

  private release(id: string): void {
    const held = this.held?.get(id);
    this.held?.delete(id);
    this.placed.add(id);
    for (const [, message] of [...(held?.messages ?? [])].sort(([a], [b]) => a - b)) {
      this.tellMessage(id, viewOf(message));
    }
  }

  private holds(id: string): Held | undefined {
    if (!this.held || this.placed.has(id)) {
      return undefined;
    }
    let held = this.held.get(id);
    if (!held) {
      held = { messages: new Map(), overflow: false, changes: false };
      this.held.set(id, held);
    }
    return held;
  }

  private pushedMessage(message: Message): void {
    const id = seenBy(this.me, message.to, message.from);
    const held = message.seq > 0 ? this.holds(id) : undefined;
    if (!held) {
      this.tellMessage(id, viewOf(message));
    } else if (held.messages.size >= MOST_HELD) {
      held.overflow = true;
    } else {
      held.messages.set(message.seq, message);
    }
  }

  private pushedChange(change: ConversationChange): void {
    const from = change.thing && 'from' in change.thing.value ? change.thing.value.from : '';
    const id = seenBy(this.me, change.to, from);
    const held = this.holds(id);
    if (held) {
      held.changes = true;
    } else {
      this.tellChange(id, change);
    }
  }

  private tellMessage(conversationID: string, view: MessageView): void {
    const message = view.message;
    if (!message || (message.seq > 0 && !this.track(conversationID).take(message.seq))) {
      return;
    }
    if (message.from !== this.me || !this.sending.has(message.random)) {
      this.io.tell({ kind: 'message', conversationID, view });
    }
  }

  private tellChange(conversationID: string, change: ConversationChange): void {
    if (change.thing?.$case === 'dismissed') {
      // Has no number: the feed has gone with the group.
      this.dismissed(conversationID);
    } else if (this.track(conversationID).change(change.number)) {
      this.io.tell({ kind: 'change', conversationID, change });
    }
  }

  private tellThings(things: Thing[]): void {
    for (const thing of things) {
      this.io.tell({ kind: 'thing', thing });
    }
  }

  private dismissed(id: string): void {
    // Another group may take the id, and begins at 1.
    this.tracks.set(id, new Track(0));
    this.io.tell({ kind: 'dismissed', groupID: id.slice('GROUP'.length) });
  }

  private track(id: string): Track {
    let track = this.tracks.get(id);
    if (!track) {
      track = new Track();
      this.tracks.set(id, track);
    }
    return track;
  }
}

function viewOf(message: Message): MessageView {
  return { message, receipt: undefined, receiptSent: false, peerRead: false };
}
