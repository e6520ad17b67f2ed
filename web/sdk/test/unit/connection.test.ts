// Back-off, heartbeats, frames, addresses.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Backoff } from '../../src/connection/backoff.ts';
import { Liveness } from '../../src/connection/liveness.ts';
import { socketUrl } from '../../src/connection/socket.ts';
import { encodeRequest, frames } from '../../src/connection/wire.ts';

test('the ceiling of the back-off doubles up to 30 s, and a connection that lasted starts it over', () => {
  const backoff = new Backoff();
  const ceilings = Array.from({ length: 8 }, () => backoff.next(1));
  expect(ceilings).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  backoff.lasted(29_999);
  expect(backoff.next(1)).toBe(30_000);
  backoff.lasted(30_000);
  expect(backoff.next(1)).toBe(500);
});

test('a quiet connection is pinged every interval, also one that only listens', () => {
  const alive = new Liveness(5_000, 0);
  expect(alive.due(4_000)).toBe(1_000);
  expect(alive.due(5_000)).toBe('ping');
  alive.pinged(5_000);
  alive.heard(6_000);
  expect(alive.due(7_000)).toBe(3_000);
  alive.heard(9_999);
  expect(alive.due(10_000)).toBe('ping');
});

test('a peer that takes everything and says nothing is dead after interval and grace', () => {
  const alive = new Liveness(30_000, 0);
  for (let second = 1; second <= 25; second++) {
    alive.sent(second * 1_000);
  }
  expect(alive.due(25_000)).toBe('ping');
  alive.pinged(25_000);
  alive.sent(34_000);
  expect(alive.due(34_999)).toBe(1);
  expect(alive.due(35_000)).toBe('dead');
});

test('frames hold every request once, in order, and stay below 1 MiB', () => {
  const request = fc.integer({ min: 1, max: 12_000 });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 200 }), sizes => {
      const requests = sizes.map((size, index) =>
        encodeRequest(index + 2, { $case: 'joinGroup', value: { groupId: 'g', hello: 'x'.repeat(size) } }),
      );
      const all = frames(requests);
      expect(all.every(frame => frame.length > 0 && frame.length < 1024 * 1024)).toBe(true);
      const joined = Buffer.concat(all);
      const expected = Buffer.concat(requests.flatMap(bytes => [varint(bytes.length), bytes]));
      expect(joined.equals(expected)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

/** Field 1 and a length. */
function varint(length: number): Uint8Array {
  const bytes = [10];
  for (let rest = length; ; rest = rest >> 7) {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) {
      return Uint8Array.from(bytes);
    }
  }
}

test('addresses get the path of the server, and nonsense is named', () => {
  expect(socketUrl('ws://127.0.0.1:7400')).toBe('ws://127.0.0.1:7400/ws');
  expect(socketUrl('https://im.example.org')).toBe('wss://im.example.org/ws');
  expect(socketUrl('wss://example.org/im/ws')).toBe('wss://example.org/im/ws');
  expect(() => socketUrl('im.example.org')).toThrow(/no address/);
  expect(() => socketUrl('ftp://example.org')).toThrow(/ws:\/\/ or wss:\/\//);
});
