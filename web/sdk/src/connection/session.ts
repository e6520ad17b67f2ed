// A login, kept over as many connections as it takes.
//
// Bounds: at most 1,000 calls wait for an answer, then further ones are refused with 9506. A call that was under way when
// the connection broke is sent again after the reconnect: every request may be sent twice without harm (semantics.md
// rule 12). Each call has a time limit, connected or not.

import { ChatError, CODE } from '../errors.ts';
import type { Kicked, LoginResult, Push, Response } from '../gen/server.ts';
import { Backoff } from './backoff.ts';
import { Link, type LinkEnd } from './link.ts';
import type { SocketClass } from './socket.ts';
import { type Answer, type Ask, encodeRequest, type Operation, type OperationName } from './wire.ts';

/** Calls without an answer. */
const MOST_CALLS = 1_000;
const GOODBYE_MS = 5_000;

export interface SessionOptions {
  url: string;
  appID: number;
  deviceID: string;
  socket: SocketClass | undefined;
  connectTimeoutMs: number;
  requestTimeoutMs: number;
}

export interface Credentials {
  userID: string;
  userSig: string;
}

/** What the session tells. */
export interface SessionListener {
  /** Logged in; `again` after a reconnect. */
  online(login: LoginResult, again: boolean): void;
  connecting(): void;
  /** The connection is gone; the next attempt is made by itself. */
  offline(why: ChatError): void;
  pushed(push: Push): void;
  /** The server ended the session, and it is not made again. */
  ended(why: ChatError, reason: Kicked['reason']): void;
}

interface Call {
  bytes: Uint8Array;
  resolve(result: unknown): void;
  reject(error: ChatError): void;
  timer: ReturnType<typeof setTimeout>;
}

/** Logged out; connecting for the first time; online; without a connection. */
type State = 'out' | 'entering' | 'online' | 'away';

export class Session {
  private state: State = 'out';
  private link: Link | undefined;
  private credentials: Credentials | undefined;
  private readonly calls = new Map<number, Call>();
  private nextID = 2;
  private backoff = new Backoff();
  private onlineSince = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private clock = { server: 0, here: 0 };

  constructor(
    private readonly options: SessionOptions,
    private readonly listener: SessionListener,
  ) {}

  get isOnline(): boolean {
    return this.state === 'online';
  }

  get isLoggedIn(): boolean {
    return this.state === 'online' || this.state === 'away';
  }

  get user(): Credentials | undefined {
    return this.credentials;
  }

  /** The server's clock in milliseconds, as far as it is known. */
  now(): number {
    return this.clock.server === 0 ? Date.now() : this.clock.server + (performance.now() - this.clock.here);
  }

  /** One attempt; what comes after a success is kept up by itself. */
  async login(credentials: Credentials): Promise<LoginResult> {
    this.state = 'entering';
    this.credentials = credentials;
    try {
      return await this.connect(false);
    } catch (error) {
      this.reset(error as ChatError);
      throw error;
    }
  }

  /** Takes a new UserSig for the same user: connects anew with it. */
  renew(credentials: Credentials): void {
    this.credentials = credentials;
    if (this.link) {
      this.link.end(new ChatError(CODE.NETWORK_ERROR, 'connecting anew with the new UserSig'));
    }
    this.wake();
  }

  /** Says goodbye, and is logged out whatever the server answers. */
  async logout(): Promise<void> {
    if (this.state === 'online') {
      await this.call('logout', {}, GOODBYE_MS).catch(() => undefined);
    }
    this.reset(new ChatError(CODE.NOT_LOGGED_IN, 'logged out before the answer came'));
  }

  /** There is reason to think that the network is back: connects at once, or looks whether the peer is still there. */
  wake(): void {
    if (this.state === 'away' && this.retry !== undefined) {
      clearTimeout(this.retry);
      this.reconnect();
    } else if (this.state === 'online') {
      this.link?.probe();
    }
  }

  /**
   * Asks the server. Waits for a connection where there is none, up to the time limit.
   *
   * Rejects with a {@link ChatError}: the server's number, 2024 without a login, 2801 or 2805 when time is up, 9506 when
   * too many calls wait.
   */
  call<K extends OperationName>(
    name: K,
    ask: Ask<K>,
    limitMs = this.options.requestTimeoutMs,
  ): Promise<Answer<K>> {
    if (!this.isLoggedIn) {
      return Promise.reject(new ChatError(CODE.NOT_LOGGED_IN, 'not logged in: call login first'));
    }
    if (this.calls.size >= MOST_CALLS) {
      return Promise.reject(new ChatError(CODE.BUSY, `more than ${MOST_CALLS} calls wait for an answer`));
    }
    const id = this.nextID++;
    const bytes = encodeRequest(id, { $case: name, value: ask } as Operation);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.calls.delete(id);
        reject(
          this.isOnline
            ? new ChatError(CODE.NETWORK_TIMEOUT, 'the server did not answer in time')
            : new ChatError(CODE.NO_NETWORK, 'there is no connection to the server'),
        );
        this.link?.settled();
      }, limitMs);
      this.calls.set(id, { bytes, resolve: resolve as Call['resolve'], reject, timer });
      if (this.isOnline) {
        this.link?.send(bytes);
      }
    });
  }

  private async connect(again: boolean): Promise<LoginResult> {
    this.listener.connecting();
    const { userID, userSig } = this.credentials as Credentials;
    const login = {
      appId: this.options.appID,
      userId: userID,
      userSig,
      platform: 100 as const,
      deviceId: this.options.deviceID,
    };
    const link = new Link({
      ended: end => this.lost(link, end),
      waiting: () => this.calls.size,
      response: response => this.answered(response),
      push: push => this.listener.pushed(push),
      pong: serverTimeMs => this.setClock(serverTimeMs),
    });
    this.link = link;
    const result = await link.open(this.options, login);
    this.state = 'online';
    this.onlineSince = performance.now();
    this.setClock(result.serverTimeMs);
    for (const call of this.calls.values()) {
      link.send(call.bytes);
    }
    this.listener.online(result, again);
    link.deliver();
    return result;
  }

  private answered(response: Response): void {
    const call = this.calls.get(response.id);
    if (!call) {
      return;
    }
    this.calls.delete(response.id);
    clearTimeout(call.timer);
    if (response.error) {
      const { code, text, retryAfterMs } = response.error;
      call.reject(new ChatError(code, text, retryAfterMs));
    } else {
      call.resolve(response.result?.value ?? {});
    }
    this.link?.settled();
  }

  private lost(link: Link, end: LinkEnd): void {
    if (this.link !== link) {
      return;
    }
    this.link = undefined;
    // A first login that fails is told by its promise.
    if (this.state === 'entering' || this.state === 'out') {
      return;
    }
    if (end.final) {
      this.reset(end.error);
      this.listener.ended(end.error, end.reason ?? 0);
      return;
    }
    if (this.state === 'online') {
      this.backoff.lasted(performance.now() - this.onlineSince);
    }
    this.state = 'away';
    this.listener.offline(end.error);
    const wait = (end.afterMs ?? 0) + this.backoff.next(Math.random());
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.reconnect(), wait);
  }

  private reconnect(): void {
    this.retry = undefined;
    // What went wrong is told by the end of the link.
    this.connect(true).catch(() => undefined);
  }

  private reset(why: ChatError): void {
    this.state = 'out';
    this.credentials = undefined;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.backoff = new Backoff();
    const link = this.link;
    this.link = undefined;
    link?.end(why);
    for (const call of this.calls.values()) {
      clearTimeout(call.timer);
      call.reject(why);
    }
    this.calls.clear();
  }

  private setClock(serverTimeMs: number): void {
    this.clock = { server: serverTimeMs, here: performance.now() };
  }
}
