import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { openApi } from '../../src/data/explain.ts';
import { bodyOf, curl, example, filled, type Listed, listOf } from '../../src/pages/explorer/request.ts';

let all: Listed[];
beforeAll(() => {
  openApi.value = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));
  all = openApi.value ? listOf(openApi.value) : [];
});
const find = (id: string): Listed => {
  const found = all.find(one => one.id === id);
  if (!found) {
    throw new Error(`no ${id}`);
  }
  return found;
};

test('every request of the document is listed and every body has something to begin with', () => {
  expect(all.length).toBeGreaterThan(20);
  for (const one of all) {
    const schema = bodyOf(one);
    expect(schema === undefined || typeof example(schema) === 'object', one.id).toBe(true);
  }
});

test('values go into path and query, escaped', () => {
  const listed = find('get /api/v1/apps/{app}/groups/{group}/members');
  expect(filled(listed, { app: '1', group: '@TGS#2/3', limit: '5' })).toBe(
    '/api/v1/apps/1/groups/%40TGS%232%2F3/members?limit=5',
  );
});

test('a shell takes the command as it was meant, quotes and all', () => {
  const listed = find('put /api/v1/apps/{app}/settings');
  const text = curl(listed, { app: '1', 'If-Match': '"7"' }, `{"a":"it's $HOME"}`, 'http://127.0.0.1:1');
  const script = `curl() { printf '%s\\n' "$@"; }; cat() { echo token; }; ${text}`;
  const words = execFileSync('sh', ['-c', script]).toString().trim().split('\n');
  expect(words).toEqual([
    '-X',
    'PUT',
    '-H',
    'Authorization: Bearer token',
    '-H',
    'If-Match: "7"',
    '-H',
    'Content-Type: application/json',
    '-d',
    `{"a":"it's $HOME"}`,
    'http://127.0.0.1:1/api/v1/apps/1/settings',
  ]);
});
