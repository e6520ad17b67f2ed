// A real server for tests: the binary of this repository on a temporary folder and a free port.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Chat, { type ChatSDK, type CreateOptions, type EventData, type EventName } from '@yidu/sdk';

const BINARY =
  process.env['YIDU_BIN'] ?? fileURLToPath(new URL('../../../target/debug/yidu', import.meta.url));

export class Server {
  private process: ChildProcess | undefined;
  private readonly folder = mkdtempSync(join(tmpdir(), 'yidu-web-'));
  private readonly users: ChatSDK[] = [];
  url = '';
  app = 0;
  /** Makes the first owner of the console; empty once there is one. */
  setupToken = '';

  static async start(): Promise<Server> {
    if (!existsSync(BINARY)) {
      throw new Error(`${BINARY} is not there: cargo build -p yidu, or name it in YIDU_BIN`);
    }
    const server = new Server();
    await server.run('127.0.0.1:0');
    return server;
  }

  /** Stops the server as an operator does. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM');
  }

  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const running = this.process;
    this.process = undefined;
    if (running && running.exitCode === null) {
      running.kill(signal);
      await once(running, 'exit');
    }
  }

  /** Starts it anew on the same folder and port. */
  async restart(): Promise<void> {
    await this.run(this.url.replace('ws://', ''));
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    await Promise.all(this.users.map(user => user.destroy()));
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A token for so many seconds. */
  userSig(user: string, seconds = 86_400): string {
    const data = join(this.folder, 'data');
    const args = ['--json', 'usersig', user, '--data', data, '--expires', `${seconds}`];
    return (JSON.parse(execFileSync(BINARY, args).toString()) as { user_sig: string }).user_sig;
  }

  /** A client that is logged in and ready. */
  async user(userID: string, options: Partial<CreateOptions> = {}): Promise<ChatSDK> {
    const chat = Chat.create({ SDKAppID: this.app, server: this.url, ...options });
    this.users.push(chat);
    const ready = next(chat, Chat.EVENT.SDK_READY);
    await chat.login({ userID, userSig: this.userSig(userID) });
    await ready;
    return chat;
  }

  private async run(listen: string): Promise<void> {
    const args = ['--json', 'serve', '--data', join(this.folder, 'data'), '--listen', listen];
    const env = { ...process.env, YIDU_LOG_LEVEL: 'warn' };
    const running = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    this.process = running;
    for await (const line of createInterface({ input: running.stdout })) {
      const told = JSON.parse(line) as {
        url: string;
        apps: { sdk_app_id: number }[];
        setup_token?: string | null;
      };
      this.url = told.url;
      this.app = told.apps[0]?.sdk_app_id ?? 0;
      this.setupToken = told.setup_token ?? '';
      return;
    }
    throw new Error('the server said nothing');
  }
}

/** The data of the next event of a kind that is wanted; fails after 20 seconds. */
export function next<N extends EventName>(
  chat: ChatSDK,
  name: N,
  wanted: (data: EventData[N]) => boolean = () => true,
): Promise<EventData[N]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      chat.off(name, heard);
      reject(new Error(`no ${name} that was wanted within 20 s`));
    }, 20_000);
    const heard = ({ data }: { data: EventData[N] }) => {
      if (wanted(data)) {
        clearTimeout(timer);
        chat.off(name, heard);
        resolve(data);
      }
    };
    chat.on(name, heard);
  });
}

/** Waits until something holds; fails after 20 seconds, naming it. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`not within 20 s: ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
