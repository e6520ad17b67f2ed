// What was told is told once, and nothing goes back.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Change, ReceiptState } from '../../src/gen/server.ts';
import { Feed } from '../../src/resume/feed.ts';
import { MOST_ABOVE, Track } from '../../src/resume/track.ts';

test('a track takes messages like a set does, whatever their order', () => {
  fc.assert(
    fc.property(fc.nat(5), fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 400 }), (start, seqs) => {
      const track = new Track();
      track.stoodAt(start);
      const model = new Set(Array.from({ length: start }, (_, index) => index + 1));
      for (const seq of seqs) {
        expect(track.take(seq)).toBe(!model.has(seq));
        model.add(seq);
        for (let told = 1; told < track.next; told++) {
          expect(model.has(told)).toBe(true);
        }
        expect(model.has(track.next)).toBe(false);
      }
    }),
  );
});

test('a gap that never closes costs bounded memory', () => {
  const track = new Track(0);
  for (let seq = 2; seq < 3_000; seq += 2) {
    expect(track.take(seq)).toBe(true);
  }
  expect(track.next).toBeGreaterThan(3_000 - 2 * MOST_ABOVE - 4);
});

test('what was there before is not missing; what is skipped is not taken later', () => {
  const track = new Track();
  track.stoodAt(9);
  expect(track.isMissing(9)).toBe(false);
  expect(track.isMissing(10)).toBe(true);
  track.skipTo(12);
  expect(track.take(11)).toBe(false);
  expect(track.take(13)).toBe(true);
});

const receipt = (number: number, seq: number, readCount: number): Change => {
  const conversation = { of: { $case: 'group' as const, value: 'team' } };
  const state = { seq, readCount, conversation, messageId: `m${seq}` } as ReceiptState;
  return { number, thing: { $case: 'receipt', value: state } };
};

test('receipts of a message never fall, and its last state is told, however pushes and pages mix', () => {
  // A history of receipts: each makes one message's count rise by one and has the next number.
  const history = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      history,
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      fc.nat(59),
      (seqs, lost, cut) => {
        const counts = new Map<number, number>();
        const changes = seqs.map((seq, index) => {
          counts.set(seq, (counts.get(seq) ?? 0) + 1);
          return receipt(index + 1, seq, counts.get(seq) as number);
        });
        const feed = new Feed(0);
        const told = new Map<number, number>();
        const hear = (things: { $case: string; value: unknown }[]) => {
          for (const thing of things) {
            const { seq, readCount } = thing.value as ReceiptState;
            expect(readCount).toBeGreaterThan(told.get(seq) ?? 0);
            told.set(seq, readCount);
          }
        };
        // Before the cut some pushes are lost; then the feed is read page by page while the rest is pushed.
        const before = Math.min(cut, changes.length);
        changes.slice(0, before).forEach((change, index) => {
          if (!lost[index]) {
            // Lost pushes leave the position of the session behind.
            hear(feed.pushed({ changes: [change], position: 0 }));
          }
        });
        feed.pull();
        const rest = changes.slice(before);
        const newest = new Map<number, Change>();
        for (const change of changes.slice(0, before)) {
          newest.set((change.thing as { value: ReceiptState }).value.seq, change);
        }
        const entries = [...newest.values()].sort((a, b) => a.number - b.number);
        const half = Math.ceil(entries.length / 2);
        for (const change of rest.slice(0, 5)) {
          hear(feed.pushed({ changes: [change], position: change.number }));
        }
        const first = entries.slice(0, half);
        if (half < entries.length) {
          const page = feed.page({ changes: first, position: first.at(-1)?.number ?? 0, finished: false });
          hear(page.things);
          expect(page.more).toBe(true);
        }
        const last = feed.page({
          changes: half < entries.length ? entries.slice(half) : entries,
          position: before,
          finished: true,
        });
        hear(last.things);
        expect(last.more).toBe(false);
        for (const change of rest.slice(5)) {
          hear(feed.pushed({ changes: [change], position: change.number }));
        }
        expect(Object.fromEntries(told)).toEqual(Object.fromEntries(counts));
        expect(feed.position).toBe(changes.length);
      },
    ),
  );
});
