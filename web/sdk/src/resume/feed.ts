// The user's own change feed: each changed thing told once with its newest state, receipts only forward.

import type { Change, Changes, GetChangesResult, ReceiptState } from '../gen/server.ts';
import { idOf } from '../model/ids.ts';

/**
 * Things told beyond the position, and messages whose read count is remembered. Beyond this the memory of the oldest goes,
 * and a state may then be told twice.
 */
const REMEMBERED = 10_000;

export type Thing = NonNullable<Change['thing']>;

export class Feed {
  /** What was told beyond the position: pushes overtake each other, since receipts are paced. */
  private told = new Map<string, number>();
  private readonly readCounts = new Map<string, number>();
  /** While the feed is read page by page: how far the pushes have come. */
  private pulling: number | undefined;

  /** Everything up to `position` was told. */
  constructor(public position: number) {}

  /** Begins to read the feed; returns the position to read after. */
  pull(): number {
    this.pulling ??= 0;
    return this.position;
  }

  /** Stops reading; the position stays where the last page put it. */
  stop(): void {
    this.pulling = undefined;
  }

  /** A page has come: what is new in it, and whether to ask for another one. */
  page(page: GetChangesResult): { things: Thing[]; more: boolean } {
    const things = this.tellAll(page.changes);
    // A server that does not get on would be asked for ever.
    const more = !page.finished && page.position > this.position;
    this.advance(page.position);
    if (!more && this.pulling !== undefined) {
      this.advance(this.pulling);
      this.pulling = undefined;
    }
    return { things, more };
  }

  /** What is new in a push. */
  pushed(changes: Changes): Thing[] {
    const things = this.tellAll(changes.changes);
    if (this.pulling === undefined) {
      this.advance(changes.position);
    } else {
      // What came before this login is not in yet, so the position waits.
      this.pulling = Math.max(this.pulling, changes.position);
    }
    return things;
  }

  private advance(position: number): void {
    if (position > this.position) {
      this.position = position;
      for (const [about, number] of this.told) {
        if (number <= position) {
          this.told.delete(about);
        }
      }
    }
  }

  private tellAll(changes: Change[]): Thing[] {
    return changes.flatMap(({ number, thing }) => (thing && this.isNew(number, thing) ? thing : []));
  }

  private isNew(number: number, thing: Thing): boolean {
    const about = aboutOf(thing);
    if (number <= this.position || number <= (this.told.get(about) ?? 0)) {
      return false;
    }
    if (this.told.size >= REMEMBERED) {
      this.told.clear();
    }
    this.told.set(about, number);
    return thing.$case !== 'receipt' || this.rises(about, thing.value);
  }

  /** Whether this state is not behind one that was told. The same count may come again: who left has changed. */
  private rises(about: string, state: ReceiptState): boolean {
    const known = this.readCounts.get(about);
    if (known === undefined && this.readCounts.size >= REMEMBERED) {
      const [oldest] = this.readCounts.keys();
      this.readCounts.delete(oldest as string);
    }
    this.readCounts.set(about, Math.max(known ?? 0, state.readCount));
    return state.readCount >= (known ?? 0);
  }
}

function aboutOf(thing: Thing): string {
  switch (thing.$case) {
    case 'receipt':
      return `receipt ${idOf(thing.value.conversation)} ${thing.value.seq}`;
    case 'peerRead':
      return `peerRead ${thing.value.userId}`;
    case 'unreadCleared':
      return `unreadCleared ${idOf(thing.value.conversation)}`;
    case 'membership':
      return `membership ${thing.value.groupId}`;
    case 'profile':
      return 'profile';
    case 'conversationDeleted':
      return `deleted ${idOf(thing.value)}`;
  }
}
