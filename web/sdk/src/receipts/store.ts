// Where receipts wait for the server's answer, and who among the tabs of a browser profile sends them.

/** A receipt that waits. */
export interface Waiting {
  conversationID: string;
  sequence: number;
  /** When it was put in, by this device's clock, in milliseconds; it orders, no more. */
  queuedAt: number;
}

/** What tabs of one profile tell each other. */
export type Note =
  | { kind: 'filled' }
  | { kind: 'cleared' }
  | { kind: 'settled'; conversationID: string; results: { sequence: number; code: number }[] };

/** Receipts that a store holds; beyond that the oldest go. */
export const CAPACITY = 10_000;
/** Receipts in one request (semantics.md rule 3). */
export const BATCH = 50;

/** Keeps receipts of one user of one app, each once. */
export interface ReceiptStore {
  /** Makes the store `owner`'s. */
  open(owner: string, heard: (note: Note) => void): Promise<void>;
  /** Adds receipts; returns those that had to make room. */
  put(conversationID: string, sequences: number[]): Promise<Waiting[]>;
  /** At most 50 of the conversation that has the oldest one; empty when there is none. */
  next(): Promise<Waiting[]>;
  settle(conversationID: string, sequences: number[]): Promise<void>;
  count(): Promise<number>;
  /** Forgets everything of the owner. */
  clear(): Promise<void>;
  close(): void;
  /** Resolves when it is this tab's turn to send, which it has until `signal` is aborted. */
  lead(signal: AbortSignal): Promise<void>;
  /** Tells the other tabs. */
  post(note: Note): void;
}

/** Keeps them in memory: for as long as the page, or the process, lives. */
export class MemoryStore implements ReceiptStore {
  private owner = '';
  private waiting = new Map<string, Waiting>();

  async open(owner: string): Promise<void> {
    // A receipt may count for nobody else (semantics.md rule 13).
    if (this.owner !== owner) {
      this.waiting.clear();
      this.owner = owner;
    }
  }

  async put(conversationID: string, sequences: number[]): Promise<Waiting[]> {
    const dropped: Waiting[] = [];
    for (const sequence of sequences) {
      const key = `${conversationID} ${sequence}`;
      if (!this.waiting.has(key)) {
        this.waiting.set(key, { conversationID, sequence, queuedAt: Date.now() });
      }
    }
    while (this.waiting.size > CAPACITY) {
      const [[key, oldest]] = this.waiting as unknown as [[string, Waiting]];
      this.waiting.delete(key);
      dropped.push(oldest);
    }
    return dropped;
  }

  async next(): Promise<Waiting[]> {
    return batchOf([...this.waiting.values()]);
  }

  async settle(conversationID: string, sequences: number[]): Promise<void> {
    for (const sequence of sequences) {
      this.waiting.delete(`${conversationID} ${sequence}`);
    }
  }

  async count(): Promise<number> {
    return this.waiting.size;
  }

  async clear(): Promise<void> {
    this.waiting.clear();
  }

  close(): void {}

  async lead(): Promise<void> {}

  post(): void {}
}

/** At most 50 of the conversation of the first one. */
export function batchOf(oldestFirst: Waiting[]): Waiting[] {
  const conversationID = oldestFirst[0]?.conversationID;
  return oldestFirst.filter(waiting => waiting.conversationID === conversationID).slice(0, BATCH);
}
