import { expect, test } from 'vitest';

type Tables = Record<'en' | 'zh', Record<string, unknown>>;
const files = import.meta.glob<Tables>('../../src/**/*strings.ts', { eager: true });

test('every text is there in both languages, of one kind, and not left untranslated', () => {
  expect(Object.keys(files).length).toBeGreaterThan(9);
  for (const [file, { en, zh }] of Object.entries(files)) {
    expect(Object.keys(zh).sort(), file).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      expect(typeof zh[key], `${file} ${key}`).toBe(typeof text);
      expect(zh[key], `${file} ${key}`).not.toBe('');
    }
  }
});
