// Receipt updates, gathered so that nothing flickers.
//
// The newest state of each message wins. A message is told at most 4 times a second, and everything at most 10 times a
// second, in one array; messages that somebody watches go first. The last state is always told. While the page is hidden
// nothing is told but once on return. Bound: 10,000 messages wait; one more, and they are told at once.

const FRAME_MS = 16;
const PER_MESSAGE_MS = 250;
const PER_ARRAY_MS = 100;
const MOST_WAITING = 10_000;

/** Pure: time comes from outside. `T` is the state of one message. */
export class Coalescer<T> {
  private readonly waiting = new Map<string, T>();
  private readonly toldAt = new Map<string, number>();
  private arrayAt = Number.NEGATIVE_INFINITY;
  private gatherFrom = 0;
  /** When the first of those that wait may be told. */
  private first = Number.POSITIVE_INFINITY;

  /** Takes a state; it replaces an older one of the same message. */
  offer(id: string, state: T, now: number): void {
    if (this.waiting.size === 0) {
      this.gatherFrom = now;
    }
    this.waiting.delete(id);
    this.waiting.set(id, state);
    this.first = Math.min(this.first, this.readyAt(id));
  }

  /** When there will be something to tell; undefined when nothing waits. */
  due(): number | undefined {
    if (this.waiting.size === 0) {
      return undefined;
    }
    if (this.waiting.size > MOST_WAITING) {
      return Number.NEGATIVE_INFINITY;
    }
    return Math.max(this.first, this.gatherFrom + FRAME_MS, this.arrayAt + PER_ARRAY_MS);
  }

  /** What is to be told now, watched messages first. */
  take(now: number, isWatched: (id: string) => boolean): T[] {
    const all = this.waiting.size > MOST_WAITING;
    if (!all && now < (this.due() ?? Number.POSITIVE_INFINITY)) {
      return [];
    }
    const ready = [...this.waiting].filter(([id]) => all || this.readyAt(id) <= now);
    for (const [id] of ready) {
      this.waiting.delete(id);
      this.toldAt.set(id, now);
    }
    for (const [id, at] of this.toldAt) {
      if (at + PER_MESSAGE_MS > now) {
        break;
      }
      this.toldAt.delete(id);
    }
    this.first = Number.POSITIVE_INFINITY;
    for (const id of this.waiting.keys()) {
      this.first = Math.min(this.first, this.readyAt(id));
    }
    this.arrayAt = now;
    this.gatherFrom = now - FRAME_MS;
    const watched = ready.filter(([id]) => isWatched(id));
    return [...watched, ...ready.filter(([id]) => !isWatched(id))].map(([, state]) => state);
  }

  clear(): void {
    this.waiting.clear();
    this.first = Number.POSITIVE_INFINITY;
  }

  private readyAt(id: string): number {
    const told = this.toldAt.get(id);
    return told === undefined ? Number.NEGATIVE_INFINITY : told + PER_MESSAGE_MS;
  }
}
