// Plays a scenario (`examples/scenarios`) with this SDK: one client for each person's device, behind a cable that can be cut.

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import Chat, { type ChatSDK, type Message, type ReadReceiptItem } from '@yidu/sdk';
import { next, type Server, until } from './server.ts';

const { EVENT, TYPES } = Chat;
const KINDS = { Work: TYPES.GRP_WORK, Public: TYPES.GRP_PUBLIC, Meeting: TYPES.GRP_MEETING };

export interface Scenario {
  shows: string;
  groups?: { name: string; kind: keyof typeof KINDS; members: string[]; crowd?: number }[];
  steps: Step[];
}

interface Step {
  as?: string;
  does?: string;
  in?: string;
  text?: string;
  texts?: string[];
  custom?: string;
  cloud?: string;
  asks?: boolean;
  list?: 'read' | 'unread';
  page?: number;
  name?: string;
  gives?: Record<string, unknown>;
  cut?: string;
  mend?: string;
  server?: string;
  crowd?: [number, number];
  reads?: string[];
}

/** A way to the server that can be cut. */
class Cable {
  private sockets = new Set<Socket>();
  private isCut = false;
  private readonly proxy: NetServer;

  constructor(private readonly server: Server) {
    this.proxy = createServer(near => {
      const { hostname, port } = new URL(this.server.url);
      if (this.isCut) {
        near.destroy();
        return;
      }
      const far = connect(Number(port), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(one);
        one.on('error', () => undefined);
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
  }

  async open(): Promise<string> {
    await new Promise<void>(resolve => this.proxy.listen(0, '127.0.0.1', resolve));
    return `ws://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.proxy.close();
  }
}

class Person {
  readonly known: Message[] = [];
  readonly told: ReadReceiptItem[] = [];
  cleared = new Set<string>();

  constructor(
    readonly chat: ChatSDK,
    readonly cable: Cable,
  ) {
    chat.on(EVENT.MESSAGE_RECEIVED, ({ data }) => this.known.push(...data));
    chat.on(EVENT.MESSAGE_READ_RECEIPT_RECEIVED, ({ data }) => this.told.push(...data));
    chat.on(EVENT.MESSAGE_READ_BY_PEER, ({ data }) => {
      for (const message of data) {
        this.cleared.add(message.conversationID);
      }
    });
  }

  message(conversationID: string, text: string): Message {
    const found = this.known.find(one => one.conversationID === conversationID && textOf(one) === text);
    if (!found) {
      throw new Error(`the message ${text} was neither heard nor seen`);
    }
    return found;
  }
}

const textOf = (message: Message) => (message.payload as { text?: string }).text;

export class Stage {
  private readonly people = new Map<string, Person>();
  private readonly groups = new Map<string, string>();

  constructor(private readonly server: Server) {}

  async play(scenario: Scenario): Promise<void> {
    for (const { name, kind, members, crowd = 0 } of scenario.groups ?? []) {
      const names = Array.from({ length: crowd }, (_, index) => crowdName(index));
      // The first login makes an account.
      await together([...members, ...names], async user => {
        await this.person(user);
        await this.leave(user);
      });
      const owner = await this.person(members[0] as string);
      const { data } = await owner.chat.createGroup({ name, type: KINDS[kind] });
      const groupID = data.group.groupID;
      this.groups.set(name, groupID);
      const rest = [...members.slice(1), ...names];
      const added = await owner.chat.addGroupMember({ groupID, userIDList: rest });
      if (added.data.successUserIDList.length !== rest.length) {
        throw new Error(`not everybody could be added: ${added.data.failureUserIDList}`);
      }
      await this.leave(members[0] as string);
    }
    for (const [index, step] of scenario.steps.entries()) {
      try {
        await this.step(step);
      } catch (error) {
        throw new Error(`step ${index + 1} ${JSON.stringify(step)}: ${error}`, { cause: error });
      }
    }
  }

  async close(): Promise<void> {
    for (const name of [...this.people.keys()]) {
      await this.leave(name);
    }
  }

  private async step(step: Step): Promise<void> {
    if (step.as) {
      await this.act(await this.person(step.as), step.as, step);
    } else if (step.cut || step.mend) {
      const { chat, cable } = this.people.get(step.cut ?? step.mend ?? '') as Person;
      const wanted = step.cut ? 'disconnected' : 'connected';
      const noticed = next(chat, EVENT.NET_STATE_CHANGE, ({ state }) => state === wanted);
      step.cut ? cable.cut() : cable.mend();
      await noticed;
    } else if (step.server === 'restart') {
      await this.server.stop();
      await this.server.restart();
    } else if (step.crowd) {
      const [from, to] = step.crowd;
      const names = Array.from({ length: to - from }, (_, index) => crowdName(from + index));
      const place = { in: step.in as string };
      await together(names, async name => {
        const person = await this.person(name);
        await this.act(person, name, { ...place, does: 'sees' });
        await this.act(person, name, { ...place, does: 'reads', texts: step.reads ?? [] });
        await this.leave(name);
      });
    } else {
      throw new Error('a step of a kind that this runner does not know');
    }
  }

  private async act(person: Person, name: string, step: Step): Promise<void> {
    const { chat } = person;
    const group = this.groups.get(step.in ?? '');
    const to = group ?? step.in ?? '';
    const conversationID = (group ? 'GROUP' : 'C2C') + to;
    const message = () => person.message(conversationID, step.text as string);
    const compare = (given: Record<string, unknown>) => {
      if (!holds(given, step.gives)) {
        throw new Error(`gave ${JSON.stringify(given)}`);
      }
    };
    switch (step.does) {
      case 'sends': {
        const draft = chat.createTextMessage({
          to,
          conversationType: group ? TYPES.CONV_GROUP : TYPES.CONV_C2C,
          payload: { text: step.text as string },
          needReadReceipt: step.asks !== false,
          cloudCustomData: step.cloud ?? '',
        });
        if (step.custom !== undefined) {
          const payload = { data: step.custom, description: '', extension: '' };
          draft.elements.push({ type: TYPES.MSG_CUSTOM, payload });
        }
        person.known.push((await chat.sendMessage(draft)).data.message);
        break;
      }
      case 'hears': {
        const heard = () =>
          person.known.some(one => one.conversationID === conversationID && textOf(one) === step.text);
        await until(`${name} hears ${step.text}`, heard);
        const { from, nick, elements, cloudCustomData, needReadReceipt } = message();
        const custom = (elements[1]?.payload as { data: string } | undefined)?.data;
        compare({ from, name: nick, custom, cloud: cloudCustomData, asks: needReadReceipt });
        break;
      }
      case 'sees': {
        const { data } = await chat.getMessageList({ conversationID, count: 100 });
        const seen = data.messageList.filter(one => one.type !== TYPES.MSG_GRP_TIP).reverse();
        person.known.push(...seen.filter(one => !person.known.includes(one)));
        const texts = (wanted: (one: Message) => boolean) => seen.filter(wanted).map(textOf);
        compare({
          texts: texts(() => true),
          receipt_sent: texts(one => one.hasSentReceipt),
          peer_cleared: texts(one => one.isPeerRead),
        });
        break;
      }
      case 'reads':
        await chat.sendMessageReadReceipt(
          (step.texts ?? []).map(text => person.message(conversationID, text)),
        );
        break;
      case 'is_told': {
        const { ID } = message();
        const was = () =>
          person.told.some(item => item.messageID === ID && holds(receiptOf(item), step.gives));
        await until(`${name} is told`, was);
        break;
      }
      case 'counts': {
        const { data } = await chat.getMessageReadReceiptList([message()]);
        compare(receiptOf((data.messageList[0] as Message).readReceiptInfo));
        break;
      }
      case 'lists': {
        const users: string[] = [];
        let [cursor, pages] = ['', 0];
        for (let isCompleted = false; !isCompleted; pages++) {
          const filter = step.list === 'unread' ? 1 : 0;
          const { data } = await chat.getGroupMessageReadMemberList({
            message: message(),
            filter,
            cursor,
            count: step.page ?? 100,
          });
          users.push(...data.readUserIDList, ...data.unreadUserIDList);
          ({ cursor, isCompleted } = data);
        }
        if (new Set(users).size !== users.length) {
          throw new Error('somebody came twice');
        }
        compare({ users: users.sort(), count: users.length, pages });
        break;
      }
      case 'unread': {
        const { data } = await chat.getConversationList([conversationID]);
        compare({ count: data.conversationList[0]?.unreadCount ?? 0 });
        break;
      }
      case 'clears':
        await chat.setMessageRead({ conversationID });
        break;
      case 'is_cleared':
        await until(`${name} hears that it is cleared`, () => person.cleared.has(conversationID));
        break;
      case 'is_called':
        await chat.updateMyProfile({ nick: step.name as string });
        break;
      case 'leaves':
        await this.leave(name);
        break;
      default:
        throw new Error(`this runner does not know ${step.does}`);
    }
  }

  private async person(name: string): Promise<Person> {
    let person = this.people.get(name);
    if (!person) {
      const cable = new Cable(this.server);
      const chat = Chat.create({ SDKAppID: this.server.app, server: await cable.open() });
      person = new Person(chat, cable);
      this.people.set(name, person);
      const ready = next(chat, EVENT.SDK_READY);
      const userID = name.split('@')[0] as string;
      await chat.login({ userID, userSig: this.server.userSig(userID) });
      await ready;
    }
    return person;
  }

  private async leave(name: string): Promise<void> {
    const person = this.people.get(name);
    this.people.delete(name);
    await person?.chat.destroy();
    person?.cable.close();
  }
}

/** Does something for all of them, ten at a time. */
async function together(names: string[], act: (name: string) => Promise<void>): Promise<void> {
  const left = [...names];
  const work = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      await act(name);
    }
  };
  await Promise.all(Array.from({ length: 10 }, work));
}

const crowdName = (index: number) => `crowd-${String(index).padStart(6, '0')}`;

/** Receipts in the words of the scenarios. */
function receiptOf({
  readCount,
  unreadCount,
  isPeerRead,
}: Partial<ReadReceiptItem> | Message['readReceiptInfo']) {
  return { read: readCount, unread: unreadCount, peer_read: isPeerRead ?? false };
}

/** Every key that is wanted is there with this value. */
function holds(given: Record<string, unknown>, wanted: Record<string, unknown> = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => JSON.stringify(given[key]) === JSON.stringify(value));
}
