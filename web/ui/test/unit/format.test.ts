// Numbers, plurals, times and initials as each language writes them.

import { expect, test } from 'vitest';
import { initialsOf } from '../../src/avatar.tsx';
import { formatOf } from '../../src/i18n/format.ts';

const en = formatOf('en');
const zh = formatOf('zh-CN');

test('numbers are shortened from ten thousand on', () => {
  expect([9_999, 12_345, 1_000_000].map(en.compact)).toEqual(['9999', '12.3K', '1M']);
  expect([9_999, 12_345].map(zh.compact)).toEqual(['9999', '1.2万']);
});

test('plurals follow the language', () => {
  const forms = { one: 'member', other: 'members' };
  expect([0, 1, 2].map(n => en.plural(n, forms))).toEqual(['members', 'member', 'members']);
  expect(zh.plural(1, { other: '名成员' })).toBe('名成员');
});

test('times are on the 24 hour clock, older days are named', () => {
  const noon = new Date().setHours(0, 5, 9, 0);
  expect(en.seconds(noon)).toBe('00:05:09');
  expect(en.exact(noon)).toBe('00:05:09');
  expect(en.day(noon)).toBe('Today');
  expect(zh.day(noon - 86_400_000)).toBe('昨天');
  const old = new Date(2020, 2, 4, 7, 8, 9).getTime();
  expect(en.exact(old)).toBe('Mar 4, 2020 07:08:09');
  expect(zh.short(old)).toBe('2020年3月4日');
});

test('initials are one letter, or the last two Chinese characters', () => {
  expect(['王小芳', 'Anna Schmidt', '研发一组', '😀', '7-up', 'émile', '李 Li'].map(initialsOf)).toEqual([
    '小芳',
    'A',
    '一组',
    '#',
    '7',
    'É',
    '李',
  ]);
});
