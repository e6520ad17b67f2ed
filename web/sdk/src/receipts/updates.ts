// Tells receipt updates at the pace of the coalescer, in frames while the page is seen.

import type { ReadReceiptItem } from '../events.ts';
import { Coalescer } from './coalesce.ts';

type Watcher = (item: ReadReceiptItem) => void;

export class Updates {
  private readonly coalescer = new Coalescer<ReadReceiptItem>();
  private readonly watchers = new Map<string, Watcher[]>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly onVisible = () => this.schedule();

  constructor(private readonly emit: (items: ReadReceiptItem[]) => void) {}

  offer(item: ReadReceiptItem): void {
    this.coalescer.offer(item.messageID, item, performance.now());
    this.schedule();
  }

  /** Hears of one message until the returned function is called. */
  watch(messageID: string, watcher: Watcher): () => void {
    this.watchers.set(messageID, [...(this.watchers.get(messageID) ?? []), watcher]);
    return () => {
      const left = (this.watchers.get(messageID) ?? []).filter(known => known !== watcher);
      if (left.length > 0) {
        this.watchers.set(messageID, left);
      } else {
        this.watchers.delete(messageID);
      }
    };
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.coalescer.clear();
  }

  private schedule(): void {
    const due = this.coalescer.due();
    if (due === undefined) {
      return;
    }
    const page = globalThis.document;
    // A due time of −∞: too much waits to wait on.
    if (page?.visibilityState === 'hidden' && due > Number.NEGATIVE_INFINITY) {
      page.addEventListener('visibilitychange', this.onVisible, { once: true });
      return;
    }
    this.timer ??= setTimeout(() => this.tell(), Math.max(due - performance.now(), 0));
  }

  private tell(): void {
    this.timer = undefined;
    if (
      globalThis.document?.visibilityState === 'hidden' &&
      this.coalescer.due() !== Number.NEGATIVE_INFINITY
    ) {
      this.schedule();
      return;
    }
    const items = this.coalescer.take(performance.now(), id => this.watchers.has(id));
    if (items.length > 0) {
      this.emit(items);
    }
    for (const item of items) {
      for (const watcher of this.watchers.get(item.messageID) ?? []) {
        queueMicrotask(() => watcher(item));
      }
    }
    this.schedule();
  }
}
