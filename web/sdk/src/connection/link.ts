// One connection: from the handshake over the login to its end.

import { ChatError, CODE } from '../errors.ts';
import type { Login } from '../gen/client.ts';
import type { Kicked, LoginResult, Push, Response } from '../gen/server.ts';
import { Liveness } from './liveness.ts';
import { type SocketClass, type SocketLike, SUBPROTOCOL, socketClass } from './socket.ts';
import { encodeRequest, frames, items } from './wire.ts';

const LOGIN_ID = 1;
/** Pings take ids from a range of their own, downwards. */
const PING_ID = Number.MAX_SAFE_INTEGER;
/** A server that is about to stop gets this long to answer what it was asked. */
const DRAIN_MS = 5_000;
const NORMAL = 1000;

/** Why a connection is over. */
export interface LinkEnd {
  error: ChatError;
  /** By the server's word: not to be made again. */
  final?: boolean;
  reason?: Kicked['reason'];
  /** Not to be made again before. */
  afterMs?: number;
}

interface LinkListener {
  response(response: Response): void;
  push(push: Push): void;
  pong(serverTimeMs: number): void;
  /** How many calls wait for an answer. */
  waiting(): number;
  /** Comes once, also when the login fails. */
  ended(end: LinkEnd): void;
}

export class Link {
  private socket: SocketLike | undefined;
  private alive: Liveness | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private outgoing: Uint8Array[] = [];
  private over = false;
  private pingID = PING_ID;
  private draining: { afterMs: number; timer: ReturnType<typeof setTimeout> } | undefined;
  private entered: { resolve(login: LoginResult): void; reject(error: ChatError): void } | undefined;
  /** Pushes that came with the answer to the login, until it has been told. */
  private early: Push[] | undefined = [];

  constructor(private readonly listener: LinkListener) {}

  /** Connects and logs in. Rejects, after `ended`, when that fails or takes too long. */
  async open(
    options: { url: string; socket: SocketClass | undefined; connectTimeoutMs: number },
    login: Login,
  ): Promise<LoginResult> {
    return new Promise((resolve, reject) => {
      this.entered = { resolve, reject };
      this.timer = setTimeout(
        () => this.end(new ChatError(CODE.NETWORK_TIMEOUT, 'the server did not take the login in time')),
        options.connectTimeoutMs,
      );
      socketClass(options.socket)
        .then(Socket => {
          if (!this.over) {
            this.connect(new Socket(options.url, SUBPROTOCOL), login);
          }
        })
        .catch((error: unknown) => this.end(lost(error)));
    });
  }

  private connect(socket: SocketLike, login: Login): void {
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.send(encodeRequest(LOGIN_ID, { $case: 'login', value: login }));
    socket.onmessage = (event: { data: unknown }) => this.received(event.data);
    socket.onerror = () => undefined;
    socket.onclose = (event: { code?: number; reason?: string }) =>
      this.end(
        new ChatError(
          CODE.NETWORK_ERROR,
          `the connection was closed (${event.code}${event.reason && ` ${event.reason}`})`,
        ),
      );
  }

  /** Queues a request; what is queued at one moment leaves in one message. */
  send(request: Uint8Array): void {
    if (this.outgoing.push(request) === 1) {
      queueMicrotask(() => this.flush());
    }
  }

  /** The login has been told: hands on what came with its answer. */
  deliver(): void {
    const early = this.early ?? [];
    this.early = undefined;
    for (const push of early) {
      this.listener.push(push);
    }
  }

  /** A call was answered, or is waited for no longer. */
  settled(): void {
    if (this.draining && this.listener.waiting() === 0) {
      this.drained();
    }
  }

  /** Says something, to learn whether the peer is there. */
  probe(): void {
    if (this.alive && !this.over) {
      this.alive.pinged(performance.now());
      this.send(encodeRequest(this.pingID--, { $case: 'ping', value: {} }));
      this.watch();
    }
  }

  /** Ends the connection from this side. */
  end(error: ChatError, more: Omit<LinkEnd, 'error'> = {}): void {
    if (this.over) {
      return;
    }
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.draining?.timer);
    const socket = this.socket;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      // `ws` throws an error event at whoever closes before it is open.
      socket.onerror = () => undefined;
      socket.close(NORMAL);
    }
    this.listener.ended({ error, ...more });
    this.entered?.reject(error);
  }

  private flush(): void {
    const requests = this.outgoing;
    this.outgoing = [];
    if (this.over) {
      return;
    }
    for (const frame of frames(requests)) {
      this.socket?.send(frame);
    }
    this.alive?.sent(performance.now());
  }

  private received(data: unknown): void {
    let received: ReturnType<typeof items>;
    try {
      received = items(data as ArrayBuffer);
    } catch {
      this.end(new ChatError(CODE.NETWORK_ERROR, 'the server said something that this build cannot read'));
      return;
    }
    this.alive?.heard(performance.now());
    for (const item of received) {
      if (this.over) {
        return;
      }
      if (item.$case === 'push') {
        this.pushed(item.value);
      } else if (item.value.id === 0) {
        this.end(new ChatError(CODE.NETWORK_ERROR, 'the server could not read what was sent'));
      } else if (item.value.id === LOGIN_ID) {
        this.loggedIn(item.value);
      } else if (item.value.result?.$case === 'ping') {
        this.listener.pong(item.value.result.value.serverTimeMs);
      } else {
        this.listener.response(item.value);
      }
    }
  }

  private loggedIn({ error, result }: Response): void {
    const entered = this.entered;
    if (error) {
      const why = new ChatError(error.code, error.text, error.retryAfterMs);
      this.end(why, why.retryable ? { afterMs: error.retryAfterMs } : { final: true });
    } else if (entered && result?.$case === 'login') {
      clearTimeout(this.timer);
      this.entered = undefined;
      this.alive = new Liveness(result.value.heartbeatMs, performance.now());
      this.watch();
      entered.resolve(result.value);
    }
  }

  private pushed(push: Push): void {
    const event = push.event;
    if (event?.$case === 'kicked') {
      const { code, text, reason } = event.value;
      this.end(new ChatError(code, text), { final: true, reason });
    } else if (event?.$case === 'draining') {
      const timer = setTimeout(() => this.drained(), DRAIN_MS);
      this.draining = { afterMs: event.value.reconnectAfterMs, timer };
      this.settled();
    } else if (this.early) {
      this.early.push(push);
    } else {
      this.listener.push(push);
    }
  }

  private drained(): void {
    const afterMs = this.draining?.afterMs ?? 0;
    this.end(new ChatError(CODE.NETWORK_ERROR, 'the server is about to stop'), { afterMs });
  }

  /** Sets the timer for what the liveness wants next. */
  private watch(): void {
    clearTimeout(this.timer);
    const due = this.alive?.due(performance.now());
    if (due === 'dead') {
      this.end(new ChatError(CODE.NETWORK_ERROR, 'the server no longer answers'));
    } else if (due === 'ping') {
      this.probe();
    } else if (due !== undefined) {
      this.timer = setTimeout(() => this.watch(), due);
    }
  }
}

function lost(thrown: unknown): ChatError {
  return thrown instanceof ChatError ? thrown : new ChatError(CODE.NETWORK_ERROR, String(thrown));
}
