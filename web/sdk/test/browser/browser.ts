// A real Chromium on a page with the SDK, for tests.

import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { ChatSDK, Message } from '@yidu/sdk';
import type { ReadTracker } from '@yidu/sdk/dom';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { Kit } from './page.ts';

/** What a page of the tests has in its global scope. */
export interface InPage {
  kit: Kit;
  chat: ChatSDK;
  messages: Message[];
  tracker: ReadTracker;
  list: HTMLElement;
}

export class Site {
  private constructor(
    private readonly http: HttpServer,
    readonly browser: Browser,
    readonly url: string,
  ) {}

  static async open(): Promise<Site> {
    const script = await bundle();
    const http = createServer((request, response) => {
      const isScript = request.url === '/page.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(
        isScript
          ? script
          : '<!doctype html><meta charset="utf-8"><title>Yidu</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
      );
    });
    await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
    const executablePath = process.env['YIDU_CHROMIUM'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    return new Site(http, browser, `http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.http.closeAllConnections();
    await new Promise(resolve => this.http.close(resolve));
  }

  context(): Promise<BrowserContext> {
    return this.browser.newContext({ viewport: { width: 1280, height: 800 } });
  }

  /** A page with the SDK, and the receipts that leave it, request by request. */
  async page(context: BrowserContext): Promise<{ page: Page; requests: number[][] }> {
    const page = await context.newPage();
    const requests: number[][] = [];
    page.on('websocket', socket =>
      socket.on('framesent', ({ payload }) => requests.push(...receiptsIn(payload as Buffer))),
    );
    await page.goto(this.url);
    await page.waitForFunction(() => 'kit' in globalThis);
    return { page, requests };
  }
}

async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      rolldownOptions: { input: fileURLToPath(new URL('page.ts', import.meta.url)) },
    },
  });
  const output = 'output' in result ? result.output : [];
  return output.map(part => ('code' in part ? part.code : '')).join('');
}

/** The seqs of every request to send receipts in a frame (ClientFrame, Request, SendReceipts). */
function receiptsIn(frame: Uint8Array): number[][] {
  return fields(frame)
    .filter(([field]) => field === 1)
    .flatMap(([, request]) => fields(request))
    .filter(([field]) => field === 30)
    .map(([, receipts]) =>
      fields(receipts)
        .filter(([field]) => field === 2)
        .flatMap(([, packed]) => {
          const reader = new BinaryReader(packed);
          const seqs: number[] = [];
          while (reader.pos < reader.len) {
            seqs.push(Number(reader.uint64()));
          }
          return seqs;
        }),
    );
}

/** The fields of a message that have a length. */
function fields(message: Uint8Array): [number, Uint8Array][] {
  const reader = new BinaryReader(message);
  const found: [number, Uint8Array][] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === WireType.LengthDelimited) {
      found.push([field, reader.bytes()]);
    } else {
      reader.skip(type);
    }
  }
  return found;
}

/** A page or a worker. */
type Evaluates = Pick<Page, 'evaluate'>;

/** Logs a page in; its outbox is in IndexedDB. */
export function logIn(
  page: Evaluates,
  account: { SDKAppID: number; server: string; userID: string; userSig: string },
): Promise<void> {
  return page.evaluate(async ({ SDKAppID, server, userID, userSig }) => {
    const here = globalThis as unknown as InPage;
    const { Chat, createOutbox } = here.kit;
    const chat = Chat.create({ SDKAppID, server, outbox: createOutbox() });
    here.chat = chat;
    const ready = new Promise(resolve => chat.once(Chat.EVENT.SDK_READY, resolve));
    await chat.login({ userID, userSig });
    await ready;
  }, account);
}

/** Fetches the newest page of a conversation; returns how many messages that is. */
export function load(page: Evaluates, conversationID: string, count: number): Promise<number> {
  return page.evaluate(
    async ({ conversationID, count }) => {
      const here = globalThis as unknown as InPage;
      const { data } = await here.chat.getMessageList({ conversationID, count });
      here.messages = data.messageList.filter(message => message.needReadReceipt);
      return here.messages.length;
    },
    { conversationID, count },
  );
}
