// The WebSocket of whatever the SDK runs in.

import { ChatError, CODE } from '../errors.ts';

export const SUBPROTOCOL = 'yidu.v1';

/** The part of the WebSocket interface that the SDK uses; browsers, Node and the package `ws` have it. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
}

/** A constructor of WebSockets. */
export type SocketClass = new (url: string, protocols: string) => SocketLike;

/** The one of the platform, else of the package `ws` (Node before 22). */
export async function socketClass(given: SocketClass | undefined): Promise<SocketClass> {
  const found = given ?? (globalThis as { WebSocket?: SocketClass }).WebSocket;
  if (found) {
    return found;
  }
  // Not a literal, so that bundlers for browsers leave it alone.
  const name = 'ws';
  try {
    const module = (await import(/* @vite-ignore */ name)) as { WebSocket: SocketClass };
    return module.WebSocket;
  } catch {
    throw new ChatError(CODE.NETWORK_ERROR, 'there is no WebSocket here: npm install ws, or use Node 22');
  }
}

/** The address to connect to: `ws://` or `wss://`, with the path `/ws` where none is given. */
export function socketUrl(server: string): string {
  let url: URL;
  try {
    url = new URL(server);
  } catch {
    throw new ChatError(
      CODE.INVALID_PARAMETERS,
      `server is no address: ${server}; give ws://host:port or wss://host`,
    );
  }
  url.protocol = url.protocol.replace(/^http/, 'ws');
  if (!/^wss?:$/.test(url.protocol)) {
    throw new ChatError(
      CODE.INVALID_PARAMETERS,
      `server must begin with ws:// or wss://, not ${url.protocol}//`,
    );
  }
  if (url.pathname === '/') {
    url.pathname = '/ws';
  }
  return url.href;
}
