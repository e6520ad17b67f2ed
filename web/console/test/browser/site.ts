// A real server with people and messages, and a real Chromium on its console.

import Chat, { type ChatSDK, type Message } from '@yidu/sdk';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { Server } from '../../../sdk/test/server.ts';

export const OWNER = { name: 'ann', password: 'correct horse battery' };
export const VIEWER = { name: 'vera', password: 'only looking around' };

/** Text that runs where a page takes it for markup. */
export const HOSTILE = `<img src=x onerror="document.title='owned'">"'><script>document.title='owned'</script>`;

export interface Opened {
  context: BrowserContext;
  page: Page;
  /** What the content security policy has stopped, and errors of the page. */
  faults: string[];
}

export class Site {
  private constructor(
    readonly server: Server,
    readonly browser: Browser,
  ) {}

  static async open(): Promise<Site> {
    const server = await Server.start();
    const browser = await chromium.launch({
      executablePath: process.env['YIDU_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    });
    return new Site(server, browser);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.close();
  }

  get http(): string {
    return this.server.url.replace('ws://', 'http://');
  }

  address(path: string): string {
    return `${this.http}/console${path}`;
  }

  /** A page of its own browser profile, with everything that goes wrong in it noted. */
  async page(
    options: { colorScheme?: 'light' | 'dark'; locale?: string; width?: number } = {},
  ): Promise<Opened> {
    const { colorScheme = 'light', locale = 'en-GB', width = 1280 } = options;
    const context = await this.browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      locale,
      timezoneId: 'Asia/Shanghai',
    });
    const page = await context.newPage();
    const faults: string[] = [];
    await page.exposeFunction('noteFault', (fault: string) => faults.push(fault));
    await page.addInitScript(() => {
      const note = (globalThis as unknown as { noteFault: (text: string) => void }).noteFault;
      addEventListener('securitypolicyviolation', event =>
        note(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
      );
    });
    page.on('pageerror', error => faults.push(error.message));
    return { context, page, faults };
  }

  /** A page that is signed in as the owner, whom the first call makes. */
  async owner(options: Parameters<Site['page']>[0] = {}): Promise<Opened> {
    const opened = await this.page(options);
    const post = (path: string, data: object) =>
      opened.context.request.post(`${this.http}/api/v1${path}`, { data });
    const { setupToken } = this.server;
    this.server.setupToken = '';
    const answer = setupToken
      ? await post('/session/setup', { token: setupToken, ...OWNER })
      : await post('/session', OWNER);
    if (!answer.ok()) {
      throw new Error(`the owner cannot sign in: ${await answer.text()}`);
    }
    return opened;
  }

  /** Calls the API with the session of a page. */
  async call<T>({ context }: Opened, method: string, path: string, data?: unknown): Promise<T> {
    const session = await context.request.get(`${this.http}/api/v1/session`);
    const { csrf } = (await session.json()) as { csrf: string };
    const answer = await context.request.fetch(`${this.http}/api/v1${path}`, {
      method,
      headers: {
        'yidu-csrf': csrf,
        origin: this.http,
        ...(path.includes('/settings') && { 'if-match': '*' }),
      },
      ...(data !== undefined && { data }),
    });
    if (!answer.ok()) {
      throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    }
    const text = await answer.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

/** A group of `names` in which the first has sent a message that the next `readers` have read. */
export async function seed(
  server: Server,
  { group, name, names, readers }: { group: string; name: string; names: string[]; readers: number },
): Promise<{ sender: ChatSDK; message: Message }> {
  const users = await Promise.all(names.map(one => server.user(one)));
  const [sender, ...others] = users;
  if (!sender) {
    throw new Error('a group needs somebody');
  }
  await sender.createGroup({
    groupID: group,
    name,
    type: Chat.TYPES.GRP_WORK,
    memberList: names.slice(1).map(userID => ({ userID })),
  });
  const message = sender.createTextMessage({
    to: group,
    conversationType: Chat.TYPES.CONV_GROUP,
    payload: { text: '22:00 发版, 请确认' },
    needReadReceipt: true,
  });
  await sender.sendMessage(message);
  for (const reader of others.slice(0, readers)) {
    const { data } = await reader.getMessageList({ conversationID: `GROUP${group}` });
    await reader.sendMessageReadReceipt(data.messageList.filter(one => one.needReadReceipt));
  }
  return { sender, message };
}
