// The receipts outbox: what was read is kept until the server has judged it.
//
// Receipts are put into the store first, then sent by the one tab of the browser profile whose turn it is, in batches of at
// most 50 of one conversation, one batch at a time. A batch that fails for a passing reason stays; one that is refused as a
// whole goes, with an ERROR event. Bound: the store holds 10,000 receipts, beyond that the oldest go.

import { asChatError, type ChatError } from '../errors.ts';
import type { Note, ReceiptStore, Waiting } from './store.ts';

/** Between two batches while messages scroll into view. */
const PACE_MS = 1_000;
const RETRY_MS = 1_000;
const FULL = 50;

export interface OutboxIO {
  /** Sends receipts; resolves with the code of each: 0 when the server has it. */
  send(conversationID: string, sequences: number[]): Promise<{ sequence: number; code: number }[]>;
  changed(pending: number): void;
  refused(error: ChatError): void;
}

type Settled = (code: number | undefined) => void;

export class Outbox {
  private turn: AbortController | undefined;
  private leading = false;
  private pumping = false;
  private again = false;
  private paced: ReturnType<typeof setTimeout> | undefined;
  private unsent = 0;
  private lastPump = Number.NEGATIVE_INFINITY;
  /** Who waits for a verdict, by conversation and sequence. */
  private readonly waiters = new Map<string, Settled[]>();
  private opened: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: ReceiptStore,
    private readonly io: OutboxIO,
  ) {}

  /** Somebody has logged in. What an earlier page of the same user left is sent too. */
  open(owner: string): void {
    this.opened = this.store.open(owner, note => this.heard(note));
  }

  /** There is a connection: waits for this tab's turn, then sends. */
  online(): void {
    this.turn?.abort();
    const turn = new AbortController();
    this.turn = turn;
    this.opened
      .then(() => this.store.lead(turn.signal))
      .then(() => {
        if (!turn.signal.aborted) {
          this.leading = true;
          void this.pump();
        }
      })
      .catch(() => undefined);
  }

  /** The connection is gone: another tab may take the turn, and nobody waits for verdicts any more. */
  offline(): void {
    this.turn?.abort();
    this.turn = undefined;
    this.leading = false;
    for (const key of [...this.waiters.keys()]) {
      this.tell(key, undefined);
    }
  }

  /** Puts receipts in, durably; returns those that had to make room. */
  async put(conversationID: string, sequences: number[]): Promise<Waiting[]> {
    await this.opened;
    const dropped = await this.store.put(conversationID, sequences);
    this.unsent += sequences.length;
    this.io.changed(await this.store.count());
    return dropped;
  }

  /** The verdicts on receipts that were put in: undefined for one that still waits when the connection or the time is over. */
  verdicts(conversationID: string, sequences: number[], limitMs: number): Promise<(number | undefined)[]> {
    const one = (sequence: number) =>
      new Promise<number | undefined>(resolve => {
        const key = `${conversationID} ${sequence}`;
        const timer = setTimeout(() => resolve(undefined), limitMs);
        const settled: Settled = code => {
          clearTimeout(timer);
          resolve(code);
        };
        this.waiters.set(key, [...(this.waiters.get(key) ?? []), settled]);
      });
    return Promise.all(sequences.map(one));
  }

  /** Sends what waits: at once, or when the last batch is a second ago or 50 have come together. */
  flush(when: 'now' | 'paced'): void {
    const wait = this.lastPump + PACE_MS - performance.now();
    if (when === 'now' || this.unsent >= FULL || wait <= 0) {
      clearTimeout(this.paced);
      this.paced = undefined;
      this.unsent = 0;
      this.lastPump = performance.now();
      this.store.post({ kind: 'filled' });
      void this.pump();
    } else {
      this.paced ??= setTimeout(() => this.flush('now'), wait);
    }
  }

  async pending(): Promise<number> {
    await this.opened;
    return this.store.count();
  }

  /** The user has logged out: nothing of theirs is to be left. */
  async clear(): Promise<void> {
    this.offline();
    clearTimeout(this.paced);
    this.paced = undefined;
    await this.opened;
    await this.store.clear();
    this.store.post({ kind: 'cleared' });
  }

  close(): void {
    this.offline();
    clearTimeout(this.paced);
    this.store.close();
  }

  private async pump(): Promise<void> {
    if (this.pumping) {
      this.again = true;
      return;
    }
    this.pumping = true;
    try {
      do {
        this.again = false;
        while (this.leading && (await this.sendOne())) {}
      } while (this.again && this.leading);
    } finally {
      this.pumping = false;
    }
  }

  /** Sends one batch; false when nothing waits, or the batch has to wait. */
  private async sendOne(): Promise<boolean> {
    const batch = await this.store.next();
    const conversationID = batch[0]?.conversationID;
    if (conversationID === undefined || !this.leading) {
      return false;
    }
    const sequences = batch.map(waiting => waiting.sequence);
    let results: { sequence: number; code: number }[];
    try {
      results = await this.io.send(conversationID, sequences);
    } catch (thrown) {
      const error = asChatError(thrown);
      if (error.retryable || !this.leading) {
        setTimeout(() => void this.pump(), error.retryAfterMs || RETRY_MS);
        return false;
      }
      this.io.refused(error);
      results = sequences.map(sequence => ({ sequence, code: error.code }));
    }
    await this.store.settle(conversationID, sequences);
    const note: Note = { kind: 'settled', conversationID, results };
    this.store.post(note);
    this.heard(note);
    return true;
  }

  private heard(note: Note): void {
    if (note.kind === 'filled') {
      void this.pump();
      return;
    }
    if (note.kind === 'settled') {
      for (const { sequence, code } of note.results) {
        this.tell(`${note.conversationID} ${sequence}`, code);
      }
    }
    void this.store.count().then(pending => this.io.changed(pending));
  }

  private tell(key: string, code: number | undefined): void {
    const waiters = this.waiters.get(key) ?? [];
    this.waiters.delete(key);
    for (const settled of waiters) {
      settled(code);
    }
  }
}
