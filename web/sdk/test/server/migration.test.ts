// A program for the vendor's web SDK runs: only its import and its options of `create` were changed.

import Chat from '@yidu/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badges, makeGroup, open, readers, refresh, sendWithReceipt, start } from '../migration/program.ts';
import { Server, until } from '../server.ts';

let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.close());

const account = (userID: string) => ({
  SDKAppID: server.app,
  server: server.url,
  userID,
  userSig: server.userSig(userID),
});

test('the program shows who has read, one-to-one and in a group, and again after a restart', async () => {
  const [alice, ...others] = await Promise.all(
    ['alice', 'bob', 'carol', 'dan'].map(user => start(account(user))),
  );
  if (!alice) throw new Error('alice is in');
  await makeGroup(alice, 'team', ['bob', 'carol', 'dan']);
  const id = await sendWithReceipt(alice, 'team', Chat.TYPES.CONV_GROUP, 'lunch at one?');
  expect(badges.get(id)).toBe('Unread');
  expect(await Promise.all(others.map(chat => open(chat, 'GROUPteam')))).toEqual(
    others.map(() => expect.arrayContaining(['lunch at one?'])),
  );
  await until('the badge says that all have read', () => badges.get(id) === 'All read');
  expect((await readers(alice, id, 0)).sort()).toEqual(['bob', 'carol', 'dan']);
  expect(await readers(alice, id, 1)).toEqual([]);

  const [bob] = others;
  if (!bob) throw new Error('bob is in');
  const private_ = await sendWithReceipt(bob, 'alice', Chat.TYPES.CONV_C2C, 'are you there?');
  await open(alice, 'C2Cbob');
  await until('the badge says that it was read', () => badges.get(private_) === 'Read');
  await Promise.all([alice, ...others].map(chat => chat.logout()));

  const again = await start(account('alice'));
  expect(await refresh(again, 'GROUPteam')).toContain('3/3');
  const bobAgain = await start(account('bob'));
  expect(await refresh(bobAgain, 'C2Calice')).toEqual(['Read']);
  await Promise.all([again.destroy(), bobAgain.destroy()]);
});
