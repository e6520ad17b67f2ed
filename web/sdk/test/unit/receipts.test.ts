// Receipts: newest wins, updates are gathered, what is seen counts as read.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReceiptState } from '../../src/gen/server.ts';
import { draft, takeReceipts } from '../../src/model/message.ts';
import { Coalescer } from '../../src/receipts/coalesce.ts';
import { Dwell } from '../../src/receipts/dwell.ts';

const state = (readCount: number, leftCount = 0) =>
  ({ audienceCount: 100, readCount, leftCount, unreadCount: 100 - readCount - leftCount }) as ReceiptState;

test('of the states of a message the one with more read wins, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { minLength: 1 }), counts => {
      const info = draft('me', 'GROUPteam', {}).readReceiptInfo;
      let version = 0;
      for (const count of counts) {
        const isNew = takeReceipts(info, 'GROUPteam', state(count));
        expect(info.version).toBe(isNew ? version + 1 : version);
        version = info.version;
      }
      expect(info).toMatchObject({
        readCount: Math.max(...counts),
        unreadCount: 100 - Math.max(...counts),
        audience: 100,
      });
    }),
  );
});

test('at the same count the later state is taken: somebody has left', () => {
  const info = draft('me', 'GROUPteam', {}).readReceiptInfo;
  takeReceipts(info, 'GROUPteam', state(3));
  expect(takeReceipts(info, 'GROUPteam', state(3, 2))).toBe(true);
  expect(info).toMatchObject({ readCount: 3, unreadCount: 95, leftCount: 2, version: 2 });
  expect(takeReceipts(info, 'GROUPteam', state(3, 2))).toBe(false);
});

test('updates: the last state of each message is told, at most 4 a second of it, 10 arrays a second', () => {
  const offer = fc.record({ id: fc.constantFrom('a', 'b', 'c'), after: fc.nat(120) });
  fc.assert(
    fc.property(fc.array(offer, { minLength: 1, maxLength: 200 }), offers => {
      const coalescer = new Coalescer<{ id: string; n: number }>();
      const last = new Map<string, number>();
      const told = new Map<string, { at: number; n: number }>();
      let arrayAt = Number.NEGATIVE_INFINITY;
      let now = 0;
      const tell = (until: number) => {
        for (let due = coalescer.due(); due !== undefined && due <= until; due = coalescer.due()) {
          const items = coalescer.take(due, () => false);
          expect(items.length).toBeGreaterThan(0);
          expect(due - arrayAt).toBeGreaterThanOrEqual(100);
          arrayAt = due;
          for (const { id, n } of items) {
            const before = told.get(id);
            expect(n).toBeGreaterThan(before?.n ?? -1);
            expect(due - (before?.at ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(250);
            told.set(id, { at: due, n });
          }
        }
      };
      offers.forEach(({ id, after }, n) => {
        now += after;
        tell(now);
        coalescer.offer(id, { id, n }, now);
        last.set(id, n);
      });
      tell(Number.POSITIVE_INFINITY);
      expect(new Map([...told].map(([id, { n }]) => [id, n]))).toEqual(last);
    }),
  );
});

test('updates: a single change is told within a frame, watched messages first, a flood at once', () => {
  const coalescer = new Coalescer<string>();
  coalescer.offer('a', 'a', 1_000);
  coalescer.offer('b', 'b', 1_001);
  expect(coalescer.due()).toBe(1_016);
  expect(coalescer.take(1_015, () => false)).toEqual([]);
  expect(coalescer.take(1_016, id => id === 'b')).toEqual(['b', 'a']);
  for (let n = 0; n <= 10_000; n++) {
    coalescer.offer(`${n}`, `${n}`, 1_017);
  }
  expect(coalescer.take(1_017, () => false)).toHaveLength(10_001);
});

test('a message is read after 500 ms of being seen without a break, and once', () => {
  const dwell = new Dwell<string>(500);
  dwell.attention(true, 0);
  dwell.visible('a', true, 0);
  dwell.visible('b', true, 100);
  expect(dwell.due()).toBe(500);
  expect(dwell.read(499)).toEqual([]);
  dwell.visible('b', false, 499);
  expect(dwell.read(500)).toEqual(['a']);
  dwell.visible('b', true, 510);
  dwell.attention(false, 900);
  expect(dwell.due()).toBeUndefined();
  expect(dwell.read(5_000)).toEqual([]);
  dwell.attention(true, 6_000);
  expect(dwell.read(6_500)).toEqual(['b']);
  expect(dwell.read(9_000)).toEqual([]);
});

test('dwell agrees with a plain look at the past', () => {
  const step = fc.record({
    after: fc.nat(400),
    what: fc.constantFrom('show a', 'hide a', 'show b', 'hide b', 'come', 'go'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const dwell = new Dwell<string>(500);
      // For every millisecond: who is visible, is somebody there?
      const seen: { a: number; b: number } = { a: 0, b: 0 };
      const done = new Set<string>();
      let shown = new Set<string>();
      let there = false;
      let now = 0;
      for (const { after, what } of steps) {
        for (const key of ['a', 'b'] as const) {
          const holds = shown.has(key) && there && !done.has(key);
          seen[key] = holds ? seen[key] + after : 0;
        }
        now += after;
        const expected = (['a', 'b'] as const).filter(key => seen[key] >= 500 && !done.has(key));
        expect(dwell.read(now).sort()).toEqual(expected);
        for (const key of expected) {
          done.add(key);
          // Read messages are no longer watched.
          shown = new Set([...shown].filter(other => other !== key));
        }
        const [verb, key] = what.split(' ') as [string, 'a' | 'b' | undefined];
        if (key && !done.has(key)) {
          if (verb === 'show' && !shown.has(key)) {
            shown.add(key);
            seen[key] = 0;
          } else if (verb === 'hide') {
            shown.delete(key);
            seen[key] = 0;
          }
          dwell.visible(key, verb === 'show', now);
        } else if (!key) {
          there = verb === 'come';
          dwell.attention(there, now);
        }
      }
    }),
  );
});
