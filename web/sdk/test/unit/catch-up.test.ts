// The catch-up against a model of the server: whatever is lost and however answers and pushes mix, every message and every
// recall is told once, in order.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer, Ask, OperationName } from '../../src/connection/wire.ts';
import { ChatError, CODE } from '../../src/errors.ts';
import type { Conversation, ConversationChange, LoginResult, Message, Push } from '../../src/gen/server.ts';
import { CatchUp, type News } from '../../src/resume/catch-up.ts';

const ME = 'alice';
const PAGE = 3;
type Group = 'a' | 'b' | 'c';
const refOf = (group: Group) => ({ of: { $case: 'group' as const, value: group } });

/** Groups with messages and recalls; what is asked is answered when the test says so. */
class World {
  readonly messages: Record<Group, Message[]> = { a: [], b: [], c: [] };
  readonly recalls: Record<Group, ConversationChange[]> = { a: [], b: [], c: [] };
  readonly told: Record<Group, number[]> = { a: [], b: [], c: [] };
  readonly toldRecalls: Record<Group, number[]> = { a: [], b: [], c: [] };
  private readonly asked: (() => void)[] = [];
  private online = false;
  private clock = 1_000;
  readonly client = new CatchUp({
    call: (name, ask) => this.ask(name, ask),
    tell: news => this.hear(news),
  });

  login(): void {
    this.online = true;
    this.clock += 1;
    void this.client.loggedIn(ME, { position: 0, serverTimeMs: this.clock } as LoginResult);
  }

  logoutOfNetwork(): void {
    this.online = false;
  }

  send(group: Group, isPushed: boolean): void {
    this.clock += 1;
    const seq = this.messages[group].length + 1;
    const message = {
      seq,
      from: 'bob',
      to: refOf(group),
      timeMs: this.clock,
      id: `${group}${seq}`,
    } as Message;
    this.messages[group].push(message);
    this.push(isPushed, { event: { $case: 'message', value: message } });
  }

  recall(group: Group, isPushed: boolean): void {
    const message = this.messages[group].at(-1);
    if (message) {
      this.clock += 1;
      const number = this.recalls[group].length + 1;
      const value = { seq: message.seq, messageId: message.id, from: message.from, recall: undefined };
      const change: ConversationChange = { to: refOf(group), number, thing: { $case: 'recalled', value } };
      this.recalls[group].push(change);
      this.push(isPushed, { event: { $case: 'conversationChange', value: change } });
    }
  }

  /** More happened than was worth queueing: what was not pushed is made up for. */
  resync(): void {
    this.push(true, { event: { $case: 'resync', value: {} } });
  }

  /** Answers the question that has waited longest, or the latest, from what is true now. */
  async answer(oldest: boolean): Promise<boolean> {
    const answer = oldest ? this.asked.shift() : this.asked.pop();
    answer?.();
    for (let turn = 0; turn < 20; turn++) {
      await Promise.resolve();
    }
    return answer !== undefined;
  }

  private push(isPushed: boolean, push: Push): void {
    if (this.online && isPushed) {
      this.client.pushed(push);
    }
  }

  private hear(news: News): void {
    if (news.kind === 'message') {
      this.told[news.conversationID.slice(5) as Group].push(news.view.message?.seq ?? 0);
    } else if (news.kind === 'change') {
      this.toldRecalls[news.conversationID.slice(5) as Group].push(news.change.number);
    }
  }

  private ask<K extends OperationName>(name: K, ask: Ask<K>): Promise<Answer<K>> {
    return new Promise((resolve, reject) => {
      this.asked.push(() => {
        const given = this.given(name, ask as Record<string, never>);
        if (given === undefined) {
          reject(new ChatError(CODE.INVALID_OPERATION, `the model does not know ${name}`));
        } else {
          resolve(given as never);
        }
      });
    });
  }

  private given(name: string, ask: Record<string, number> & { conversation?: { of?: { value: string } } }) {
    const group = (ask.conversation?.of?.value ?? 'a') as Group;
    switch (name) {
      case 'listConversations':
        return { conversations: this.list(), nextCursor: '', totalUnread: 0 };
      case 'getChanges':
        return { changes: [], position: ask['after'], finished: true };
      case 'getHistory': {
        const from = ask['fromSeq'] ?? 0;
        const all = this.messages[group].filter(
          message => message.seq >= from && message.timeMs >= (ask['minTimeMs'] ?? 0),
        );
        const page = all.slice(0, PAGE);
        const nextSeq = all.length > PAGE ? (page.at(-1)?.seq ?? 0) + 1 : 0;
        return { messages: page.map(message => ({ message })), nextSeq };
      }
      case 'getConversationChanges':
        return { changes: this.recalls[group].slice(ask['after'] ?? 0), finished: true };
      default:
        return undefined;
    }
  }

  private list(): Conversation[] {
    return (['a', 'b', 'c'] as const)
      .filter(group => this.messages[group].length > 0)
      .map(group => {
        const last = this.messages[group].at(-1);
        return {
          ref: refOf(group),
          lastSeq: last?.seq ?? 0,
          lastChange: this.recalls[group].length,
          activeTimeMs: last?.timeMs ?? 0,
        } as Conversation;
      });
  }
}

const group = fc.constantFrom<Group>('a', 'b', 'c');
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), group }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recall' as const), group }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose the network' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('log in again' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drop pushes, then resync' as const), group }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('answer' as const), oldest: fc.boolean() }) },
);

test('every message and every recall is told once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(group, { maxLength: 6 }),
      fc.array(step, { maxLength: 80 }),
      async (before, steps) => {
        const world = new World();
        for (const group of before) {
          world.send(group, false);
        }
        const first = { a: world.messages.a.length, b: world.messages.b.length, c: world.messages.c.length };
        world.login();
        // The first list tells where everything stands.
        while (await world.answer(true)) {}
        let online = true;
        for (const step of steps) {
          switch (step.do) {
            case 'send':
              world.send(step.group, true);
              break;
            case 'recall':
              world.recall(step.group, true);
              break;
            case 'lose the network':
              online = false;
              world.logoutOfNetwork();
              break;
            case 'log in again':
              online = true;
              world.login();
              break;
            case 'drop pushes, then resync':
              if (online) {
                world.send(step.group, false);
                world.recall(step.group, false);
                world.resync();
              }
              break;
            case 'answer':
              await world.answer(step.oldest);
              break;
          }
        }
        world.login();
        while (await world.answer(true)) {}
        for (const group of ['a', 'b', 'c'] as const) {
          const seqs = world.messages[group].map(message => message.seq).slice(first[group]);
          expect(world.told[group]).toEqual(seqs);
          expect(world.toldRecalls[group]).toEqual(world.recalls[group].map(change => change.number));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
