// The outbox: nothing is lost, nothing is sent twice once the server has it.

import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChatError, CODE } from '../../src/errors.ts';
import { createOutbox, deleteOutbox } from '../../src/outbox.ts';
import { Outbox } from '../../src/receipts/outbox.ts';
import { CAPACITY, MemoryStore, type ReceiptStore } from '../../src/receipts/store.ts';

let databases = 0;
const stores: [string, () => ReceiptStore][] = [
  ['memory', () => new MemoryStore()],
  ['IndexedDB', () => createOutbox({ database: `test-${++databases}` })],
];

describe.each(stores)('store in %s', (_, make) => {
  test('holds what was put in until it is settled, each once, batches of one conversation', async () => {
    const command = fc.oneof(
      fc.record({
        do: fc.constant('put' as const),
        conversation: fc.constantFrom('C2Ca', 'GROUPb'),
        seqs: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 60 }),
      }),
      fc.record({ do: fc.constant('settle next' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async commands => {
        const store = make();
        await store.open('1:alice', () => undefined);
        const model = new Set<string>();
        for (const command of commands) {
          if (command.do === 'put') {
            expect(await store.put(command.conversation, command.seqs)).toEqual([]);
            for (const seq of command.seqs) {
              model.add(`${command.conversation} ${seq}`);
            }
          } else {
            const batch = await store.next();
            expect(batch.length > 0).toBe(model.size > 0);
            expect(batch.length).toBeLessThanOrEqual(50);
            expect(new Set(batch.map(waiting => waiting.conversationID)).size).toBeLessThanOrEqual(1);
            for (const { conversationID, sequence } of batch) {
              expect(model.delete(`${conversationID} ${sequence}`)).toBe(true);
            }
            if (batch[0]) {
              await store.settle(
                batch[0].conversationID,
                batch.map(waiting => waiting.sequence),
              );
            }
          }
          expect(await store.count()).toBe(model.size);
        }
        await store.clear();
        expect(await store.next()).toEqual([]);
        store.close();
      }),
      { numRuns: 20 },
    );
  });

  test('beyond its bound the oldest go, and are named', async () => {
    const store = make();
    await store.open('1:alice', () => undefined);
    const seqs = Array.from({ length: CAPACITY }, (_, index) => index + 1);
    await store.put('GROUPold', seqs.slice(0, 1));
    await new Promise(resolve => setTimeout(resolve, 2));
    await store.put('GROUPnew', seqs.slice(1));
    expect(await store.put('GROUPnew', [CAPACITY + 1])).toMatchObject([
      { conversationID: 'GROUPold', sequence: 1 },
    ]);
    expect(await store.count()).toBe(CAPACITY);
    store.close();
  });
});

test('IndexedDB: a new page finds what the last one left, of its own user only; a week later it is gone', async () => {
  const database = `test-${++databases}`;
  const first = createOutbox({ database });
  await first.open('1:alice', () => undefined);
  await first.put('GROUPteam', [1, 2, 3]);
  first.close();
  const other = createOutbox({ database });
  await other.open('1:bob', () => undefined);
  expect(await other.next()).toEqual([]);
  await other.clear();
  other.close();
  const again = createOutbox({ database });
  await again.open('1:alice', () => undefined);
  expect((await again.next()).map(waiting => waiting.sequence)).toEqual([1, 2, 3]);
  again.close();
  const now = Date.now;
  Date.now = () => now() + 8 * 24 * 3600 * 1000;
  try {
    const late = createOutbox({ database });
    await late.open('1:alice', () => undefined);
    expect(await late.count()).toBe(0);
    late.close();
  } finally {
    Date.now = now;
  }
  await deleteOutbox(database);
});

test('every receipt reaches the server, whatever fails on the way, and is judged once', async () => {
  const outcome = fc.constantFrom('taken', 'busy', 'offline');
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { maxLength: 12 }), async outcomes => {
      const judged = new Map<string, number>();
      const plan = [...outcomes];
      const outbox: Outbox = new Outbox(new MemoryStore(), {
        async send(conversationID, sequences) {
          const next = plan.shift() ?? 'taken';
          if (next === 'busy') {
            throw new ChatError(CODE.BUSY, 'too many requests', 1);
          }
          if (next === 'offline') {
            outbox.offline();
            setTimeout(() => outbox.online(), 1);
            throw new ChatError(CODE.NETWORK_ERROR, 'the connection was lost', 1);
          }
          for (const sequence of sequences) {
            const key = `${conversationID} ${sequence}`;
            judged.set(key, (judged.get(key) ?? 0) + 1);
          }
          return sequences.map(sequence => ({ sequence, code: 0 }));
        },
        changed() {},
        refused(error) {
          throw error;
        },
      });
      outbox.open('1:alice');
      outbox.online();
      for (const conversation of ['C2Ca', 'GROUPb', 'GROUPc']) {
        await outbox.put(
          conversation,
          Array.from({ length: 70 }, (_, index) => index + 1),
        );
        outbox.flush('now');
      }
      while ((await outbox.pending()) > 0) {
        await new Promise(resolve => setTimeout(resolve, 1));
      }
      expect(judged.size).toBe(210);
      expect([...judged.values()].every(times => times === 1)).toBe(true);
      outbox.close();
    }),
    { numRuns: 30 },
  );
});

test('a batch that is refused as a whole goes, and is told', async () => {
  const refused: number[] = [];
  const outbox = new Outbox(new MemoryStore(), {
    send: () => Promise.reject(new ChatError(10_010, 'the group does not exist')),
    changed() {},
    refused: error => void refused.push(error.code),
  });
  outbox.open('1:alice');
  outbox.online();
  await outbox.put('GROUPgone', [1, 2]);
  const verdicts = outbox.verdicts('GROUPgone', [1, 2], 5_000);
  outbox.flush('now');
  expect(await verdicts).toEqual([10_010, 10_010]);
  expect(refused).toEqual([10_010]);
  expect(await outbox.pending()).toBe(0);
  outbox.close();
});
