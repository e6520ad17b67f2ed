import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences, rebase, shown } from '../../src/data/diff.ts';

const settings = fc.record({
  days: fc.nat(5),
  types: fc.subarray(['Work', 'Public', 'Meeting']),
  limits: fc.record({ Work: fc.nat(3), Public: fc.nat(3) }),
});

test('equal values have no difference, and an order of names is none', () => {
  fc.assert(fc.property(settings, one => differences(one, structuredClone(one)).length === 0));
  expect(differences({ types: ['Work', 'Public'] }, { types: ['Public', 'Work'] })).toEqual([]);
});

test('each difference names the path, what was and what is', () => {
  const found = differences(
    { a: 1, limits: { Work: 1, Public: 2 } },
    { a: 2, limits: { Work: 3, Public: 2 } },
  );
  expect(found).toEqual([
    { field: 'a', before: 1, after: 2 },
    { field: 'limits.Work', before: 1, after: 3 },
  ]);
});

test('a rebase keeps what I changed and takes everything else from them', () => {
  fc.assert(
    fc.property(settings, settings, settings, (base, mine, theirs) => {
      const changed = new Set(differences(base, mine).map(one => one.field));
      const next = rebase(base, mine, theirs);
      for (const field of differences(next, theirs).map(one => one.field)) {
        expect(changed.has(field), `${field} is mine`).toBe(true);
      }
      for (const field of changed) {
        expect(differences(next, mine).map(one => one.field)).not.toContain(field);
      }
    }),
  );
});

test('values are shown as a person reads them', () => {
  expect([undefined, null, [], ['a', 'b'], { a: 1 }, 0, false].map(shown)).toEqual([
    '–',
    '–',
    '–',
    'a, b',
    '{"a":1}',
    '0',
    'false',
  ]);
});
