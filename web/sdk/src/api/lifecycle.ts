// Logging in, staying in, leaving.

import type { Core } from '../core.ts';
import { ChatError, CODE, invalid } from '../errors.ts';
import type { EventName, Handler } from '../events.ts';
import type { Outcome } from '../types.ts';
import { ok } from './support.ts';

/** What `login` resolves with; the vendor's shape. */
export interface LoginData {
  actionStatus: 'OK';
  errorCode: 0;
  errorInfo: string;
  /** The same user was logged in already. */
  repeatLogin: boolean;
}

export interface Lifecycle {
  /**
   * Logs in and keeps the session up until `logout` or the server ends it. Resolves when the server has accepted; wait for
   * SDK_READY to have conversations and groups. The same user again resolves with `repeatLogin`, and a new UserSig takes
   * the place of the old one. Fails with the server's number (70001 expired UserSig, 70009 wrong key, …), 2801 when the
   * server does not answer within `connectTimeout`, 2905 when somebody else is logged in.
   *
   * @example
   * ```ts
   * await chat.login({ userID: 'alice', userSig: await fetchUserSig('alice') });
   * ```
   */
  login(options: { userID: string; userSig: string }): Promise<Outcome<LoginData>>;
  /**
   * Ends the session. Receipts that wait in the outbox are forgotten. Without a login nothing happens.
   *
   * @example
   * ```ts
   * await chat.logout();
   * ```
   */
  logout(): Promise<Outcome<Record<string, never>>>;
  /**
   * Logs out without a word to the outbox, stops listening to the page and removes all handlers.
   *
   * @example
   * ```ts
   * await chat.destroy();
   * ```
   */
  destroy(): Promise<void>;
  /**
   * SDK_READY was told, and SDK_NOT_READY was not since.
   *
   * @example
   * ```ts
   * if (!chat.isReady()) await new Promise(resolve => chat.once(Chat.EVENT.SDK_READY, resolve));
   * ```
   */
  isReady(): boolean;
  /**
   * Who is logged in; empty when nobody is.
   *
   * @example
   * ```ts
   * title.textContent = chat.getLoginUser();
   * ```
   */
  getLoginUser(): string;
  /**
   * The server's clock in seconds; this device's before the first login.
   *
   * @example
   * ```ts
   * const age = chat.getServerTime() - message.time;
   * ```
   */
  getServerTime(): number;
  /**
   * Adds a handler. It gets `{name, data}` in a microtask, with `context` as `this`; what it throws stops no other.
   *
   * @example
   * ```ts
   * chat.on(Chat.EVENT.MESSAGE_RECEIVED, ({ data }) => data.forEach(show));
   * ```
   */
  on<N extends EventName>(name: N, handler: Handler<N>, context?: unknown): void;
  /**
   * Adds a handler for one event.
   *
   * @example
   * ```ts
   * chat.once(Chat.EVENT.SDK_READY, start);
   * ```
   */
  once<N extends EventName>(name: N, handler: Handler<N>, context?: unknown): void;
  /**
   * Removes a handler. One that was not added: nothing happens.
   *
   * @example
   * ```ts
   * chat.off(Chat.EVENT.MESSAGE_RECEIVED, onMessage);
   * ```
   */
  off<N extends EventName>(name: N, handler: Handler<N>): void;
  /**
   * The vendor's; this SDK writes no log, so nothing happens.
   *
   * @example
   * ```ts
   * chat.setLogLevel(0);
   * ```
   */
  setLogLevel(level: number): void;
  /**
   * The vendor's; groups are always in and files are not in scope, so nothing happens.
   *
   * @example
   * ```ts
   * chat.registerPlugin({});
   * ```
   */
  registerPlugin(plugins: object): void;
}

export function lifecycle(core: Core): Lifecycle {
  let destroyed = false;
  const done = (repeatLogin: boolean) =>
    ok<LoginData>({ actionStatus: 'OK', errorCode: 0, errorInfo: '', repeatLogin });
  return {
    async login({ userID, userSig }) {
      if (typeof userID !== 'string' || typeof userSig !== 'string' || !userID || !userSig) {
        throw invalid('userID and userSig are required');
      }
      if (destroyed) {
        throw new ChatError(CODE.INVALID_OPERATION, 'this client was destroyed: create another one');
      }
      const now = core.session.user;
      if (now && now.userID !== userID) {
        throw new ChatError(CODE.INVALID_OPERATION, `${now.userID} is logged in: log out first`);
      }
      if (now && core.session.isLoggedIn) {
        if (now.userSig !== userSig) {
          core.renew(userSig);
        }
        return done(true);
      }
      if (now) {
        throw new ChatError(CODE.INVALID_OPERATION, 'a login is under way');
      }
      await core.enter(userID, userSig);
      return done(false);
    },
    async logout() {
      await core.leave();
      return ok({});
    },
    async destroy() {
      destroyed = true;
      core.destroy();
      await core.session.logout();
    },
    isReady: () => core.isReady,
    getLoginUser: () => core.me,
    getServerTime: () => Math.floor(core.session.now() / 1000),
    on: (name, handler, context) => core.events.add(name, handler, context, false),
    once: (name, handler, context) => core.events.add(name, handler, context, true),
    off: (name, handler) => core.events.remove(name, handler),
    setLogLevel() {},
    registerPlugin() {},
  };
}
