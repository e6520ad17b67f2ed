import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BASE, href, match, type PageName, ROUTES } from '../../src/router.ts';

test('an address and its page belong together, whatever ids hold', () => {
  const id = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(fc.constantFrom(...(Object.keys(ROUTES) as PageName[])), id, id, (page, one, two) => {
      const params = { app: '1400000001', group: one, user: one, peer: two, seq: '7' };
      const route = match(href(page, params).slice(BASE.length));
      expect(route?.page).toBe(page);
      for (const [name, value] of Object.entries(route?.params ?? {})) {
        expect(value).toBe(params[name as keyof typeof params]);
      }
    }),
  );
});

test('what is no page is none', () => {
  for (const path of ['/a', '/a/1', '/a/1/policy/more', '/a/1/users/%E0%A4%A', '/nowhere']) {
    expect(match(path), path).toBeUndefined();
  }
});

test('a query without values leaves no question mark', () => {
  expect(href('lookup', { app: '1' }, { q: '' })).toBe('/console/a/1/messages');
  expect(href('lookup', { app: '1' }, { q: 'a b&c' })).toBe('/console/a/1/messages?q=a+b%26c');
});
