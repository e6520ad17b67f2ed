// What a client is made with.

import type { SocketClass } from './connection/socket.ts';
import { invalid } from './errors.ts';
import type { ReceiptStore } from './receipts/store.ts';

/** Options of `Chat.create`. */
export interface CreateOptions {
  /** The app. */
  SDKAppID: number;
  /** The server: `wss://im.example.org` or `ws://127.0.0.1:7400`; the path `/ws` is added where there is none. */
  server: string;
  /** Where receipts wait: `createOutbox()` of `@yidu/sdk/outbox`. Default: memory. */
  outbox?: ReceiptStore;
  /** The WebSocket to use. Default: the platform's, else that of the package `ws`. */
  WebSocket?: SocketClass;
  /** How long a call may take, in milliseconds, waiting for a connection included. Default: 30,000. */
  requestTimeout?: number;
  /** How long a login may take, in milliseconds. Default: 10,000. */
  connectTimeout?: number;
  /**
   * `sendMessageReadReceipt` fails with 2114 when no message is left that can have a receipt, as the vendor's does. With
   * false it resolves with an empty list. Default: true.
   */
  strict?: boolean;
  /** The vendor's; accepted and not used. */
  modules?: unknown;
  proxyServer?: string;
  scene?: string;
}

export function checked(options: CreateOptions): CreateOptions {
  const app = options?.SDKAppID;
  if (!Number.isInteger(app) || app <= 0 || app > 0xffff_ffff) {
    throw invalid(`SDKAppID is ${app}; give the number that the server names at its start`);
  }
  if (typeof options.server !== 'string') {
    throw invalid('server is missing: give the address of a Yidu server, such as wss://im.example.org');
  }
  return options;
}
