// When a message counts as seen: a pure state machine, time comes from outside.
//
// A message is read when it is visible and somebody is there for the whole dwell time; any break starts the clock anew.

export class Dwell<K> {
  /** Visible messages, since when they are visible while somebody is there. */
  private readonly since = new Map<K, number | undefined>();
  private active = false;

  constructor(private readonly dwellMs: number) {}

  /** Enough of the message is in view, or no longer. */
  visible(key: K, isVisible: boolean, now: number): void {
    if (!isVisible) {
      this.since.delete(key);
    } else if (!this.since.has(key)) {
      this.since.set(key, this.active ? now : undefined);
    }
  }

  /** Somebody is there to read, or no longer. */
  attention(isThere: boolean, now: number): void {
    if (isThere !== this.active) {
      this.active = isThere;
      for (const key of this.since.keys()) {
        this.since.set(key, isThere ? now : undefined);
      }
    }
  }

  /** Messages that have been read by now; each comes once. */
  read(now: number): K[] {
    const read = [...this.since].filter(([, since]) => since !== undefined && since + this.dwellMs <= now);
    for (const [key] of read) {
      this.since.delete(key);
    }
    return read.map(([key]) => key);
  }

  /** When `read` will have something; undefined while it cannot. */
  due(): number | undefined {
    let first: number | undefined;
    for (const since of this.since.values()) {
      if (since !== undefined && (first === undefined || since < first)) {
        first = since;
      }
    }
    return first === undefined ? undefined : first + this.dwellMs;
  }
}
