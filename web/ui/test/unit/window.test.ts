// What a long list shows covers the view, whatever its length and wherever it is scrolled.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HIGHEST, windowOf } from '../../src/window.ts';

const list = fc.record({
  count: fc.nat({ max: 2_000_000 }),
  rowHeight: fc.integer({ min: 20, max: 120 }),
  viewHeight: fc.integer({ min: 100, max: 2_000 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

test('rows fill the view without a gap, and few are beside it', () => {
  fc.assert(
    fc.property(list, ({ share, ...rows }) => {
      const height = Math.min(rows.count * rows.rowHeight, HIGHEST);
      const scrollTop = share * Math.max(height - rows.viewHeight, 0);
      const shown = windowOf({ ...rows, scrollTop, overscan: 8 });
      const bottom = shown.top + (shown.end - shown.first) * rows.rowHeight;
      expect(shown.height).toBe(height);
      expect(shown.first === 0 || shown.top <= scrollTop + 0.01).toBe(true);
      expect(shown.end === rows.count || bottom >= scrollTop + rows.viewHeight - 0.01).toBe(true);
      expect(shown.end - shown.first).toBeLessThanOrEqual(rows.viewHeight / rows.rowHeight + 18);
    }),
  );
});

test('both ends of a list that is higher than browsers allow can be reached', () => {
  const rows = { count: 1_000_000, rowHeight: 56, viewHeight: 700, overscan: 8 };
  expect(windowOf({ ...rows, scrollTop: 0 })).toMatchObject({ first: 0, top: 0, height: HIGHEST });
  const last = windowOf({ ...rows, scrollTop: HIGHEST - 700 });
  expect(last.end).toBe(1_000_000);
  expect(last.top + (last.end - last.first) * 56).toBeCloseTo(HIGHEST, 3);
});
