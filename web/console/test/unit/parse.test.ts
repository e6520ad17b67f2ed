import { expect, test } from 'vitest';
import { parseWanted } from '../../src/pages/messages/parse.ts';

const ID = '144115188075855873-1795591347-1269501111';

test.each([
  ['team@7', 'team@7'],
  ['  @TGS#2J4SZEAEL@12 ', '@TGS#2J4SZEAEL@12'],
  [ID, ID],
  [`14:02:31 INFO message sent id=${ID} took=12ms`, ID],
  [`{"level":"warn","msgID":"${ID}","code":10062}`, ID],
  ['[sdk] receipt for team@10231 failed: timeout', 'team@10231'],
  ['WARN receipts not sent {groupID: "team", seq: 41, code: 2800}', 'team@41'],
  ['GroupId=@TGS#1 MsgSeq=9', '@TGS#1@9'],
  ['研发一组@3', '研发一组@3'],
])('%s', (text, q) => {
  expect(parseWanted(text)).toEqual({ kind: 'query', q });
});

test('a text without either asks for nothing', () => {
  for (const text of ['', '   ', 'connection lost, trying again', 'id = none']) {
    expect(parseWanted(text)).toEqual({ kind: 'nothing' });
  }
});

test('a long line that is nearly a place is answered', () => {
  expect(parseWanted(`${'a@'.repeat(50_000)} ${'9-'.repeat(50_000)}`)).toEqual({ kind: 'nothing' });
});
