/**
 * `@yidu/sdk/outbox`: receipts that survive a closed tab, a crash and days without a network.
 *
 * @module
 */

import { deleteDB, type IDBPDatabase, openDB } from 'idb';
import {
  batchOf,
  CAPACITY,
  MemoryStore,
  type Note,
  type ReceiptStore,
  type Waiting,
} from './receipts/store.ts';

export type { Note, ReceiptStore, Waiting } from './receipts/store.ts';

const STORE = 'receipts';
const BY_AGE = 'byAge';
/** Receipts that are older than this are not sent any more. */
const KEEP_MS = 7 * 24 * 3600 * 1000;
/** How many of the oldest are looked at to fill a batch. */
const LOOK_AT = 500;

interface Row extends Waiting {
  owner: string;
}

/**
 * Keeps the receipts outbox in IndexedDB. Give it to `create`; without it, or where IndexedDB is not to be had (private
 * windows of some browsers, Node), receipts wait in memory.
 *
 * Among the tabs of one browser profile one sends for all (Web Locks). At most 10,000 receipts of a user are kept, for at
 * most 7 days; `logout` removes them.
 *
 * @example
 * ```ts
 * import Chat from '@yidu/sdk';
 * import { createOutbox } from '@yidu/sdk/outbox';
 *
 * const chat = Chat.create({ SDKAppID: 1400000001, server: 'wss://im.example.org', outbox: createOutbox() });
 * ```
 */
export function createOutbox(options: { database?: string } = {}): ReceiptStore {
  return new IndexedDBStore(options.database ?? 'yidu');
}

/** Removes the database with everything in it, whosever it is. */
export function deleteOutbox(database = 'yidu'): Promise<void> {
  return deleteDB(database);
}

class IndexedDBStore implements ReceiptStore {
  private db: IDBPDatabase | undefined;
  private readonly memory = new MemoryStore();
  private owner = '';
  private channel: BroadcastChannel | undefined;

  constructor(private readonly database: string) {}

  async open(owner: string, heard: (note: Note) => void): Promise<void> {
    this.owner = owner;
    await this.memory.open(owner);
    this.channel?.close();
    this.channel = globalThis.BroadcastChannel && new BroadcastChannel(`${this.database}:${owner}`);
    if (this.channel) {
      this.channel.onmessage = (event: MessageEvent<Note>) => heard(event.data);
    }
    try {
      this.db ??= await openDB(this.database, 1, {
        upgrade(db) {
          const store = db.createObjectStore(STORE, { keyPath: ['owner', 'conversationID', 'sequence'] });
          store.createIndex(BY_AGE, ['owner', 'queuedAt']);
        },
        // Another tab wants a newer version: it must not wait for this one.
        blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
      });
      await this.removeOld();
    } catch (error) {
      this.db = undefined;
      // biome-ignore lint/suspicious/noConsole: the only sign that receipts will not survive the page
      console.warn('yidu: IndexedDB is not to be had; receipts wait in memory', error);
    }
  }

  async put(conversationID: string, sequences: number[]): Promise<Waiting[]> {
    if (!this.db) {
      return this.memory.put(conversationID, sequences);
    }
    const transaction = this.db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
    const queuedAt = Date.now();
    for (const sequence of sequences) {
      if ((await transaction.store.getKey([this.owner, conversationID, sequence])) === undefined) {
        await transaction.store.put({ owner: this.owner, conversationID, sequence, queuedAt } satisfies Row);
      }
    }
    const age = transaction.store.index(BY_AGE);
    const tooMany = (await age.count(this.range())) - CAPACITY;
    const dropped: Row[] = tooMany > 0 ? await age.getAll(this.range(), tooMany) : [];
    for (const row of dropped) {
      await transaction.store.delete([row.owner, row.conversationID, row.sequence]);
    }
    await transaction.done;
    return dropped;
  }

  async next(): Promise<Waiting[]> {
    if (!this.db) {
      return this.memory.next();
    }
    return batchOf((await this.db.getAllFromIndex(STORE, BY_AGE, this.range(), LOOK_AT)) as Row[]);
  }

  async settle(conversationID: string, sequences: number[]): Promise<void> {
    if (!this.db) {
      return this.memory.settle(conversationID, sequences);
    }
    const transaction = this.db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
    for (const sequence of sequences) {
      await transaction.store.delete([this.owner, conversationID, sequence]);
    }
    await transaction.done;
  }

  async count(): Promise<number> {
    return this.db ? this.db.countFromIndex(STORE, BY_AGE, this.range()) : this.memory.count();
  }

  async clear(): Promise<void> {
    await this.memory.clear();
    await this.remove(this.range());
  }

  close(): void {
    this.channel?.close();
    this.channel = undefined;
    this.db?.close();
    this.db = undefined;
  }

  lead(signal: AbortSignal): Promise<void> {
    const locks = globalThis.navigator?.locks;
    if (!locks || !this.db) {
      return Promise.resolve();
    }
    return new Promise((granted, refused) => {
      const hold = () => {
        granted();
        return new Promise<void>(release => {
          if (signal.aborted) {
            release();
          }
          signal.addEventListener('abort', () => release(), { once: true });
        });
      };
      locks.request(`${this.database}:${this.owner}`, { signal }, hold).catch(refused);
    });
  }

  post(note: Note): void {
    this.channel?.postMessage(note);
  }

  private async removeOld(): Promise<void> {
    const until = [this.owner, Date.now() - KEEP_MS];
    await this.remove(IDBKeyRange.bound([this.owner, 0], until));
  }

  private async remove(range: IDBKeyRange): Promise<void> {
    if (!this.db) {
      return;
    }
    const transaction = this.db.transaction(STORE, 'readwrite');
    for (const key of await transaction.store.index(BY_AGE).getAllKeys(range)) {
      await transaction.store.delete(key);
    }
    await transaction.done;
  }

  private range(): IDBKeyRange {
    return IDBKeyRange.bound([this.owner, 0], [this.owner, Number.MAX_SAFE_INTEGER]);
  }
}
