// Errors of the SDK: one class, told apart by `code`.

/** Numbers that the SDK itself gives. Those of the server are in `docs/errors.md` of the repository. */
export const CODE = {
  /** The call needs a login. */
  NOT_LOGGED_IN: 2024,
  /** A parameter is missing or has a wrong value. */
  INVALID_PARAMETERS: 2901,
  /** What was given is no message of this SDK. */
  MESSAGE_REQUIRED: 2105,
  /** A conversation id that is neither `C2C…` nor `GROUP…`. */
  INVALID_CONVERSATION_ID: 2503,
  /** There is no such conversation. */
  CONVERSATION_NOT_FOUND: 2500,
  /** No message is left after those have been taken out that cannot have a receipt. */
  READ_RECEIPT_LIST_EMPTY: 2114,
  /** The connection could not be made, or was lost. */
  NETWORK_ERROR: 2800,
  /** The server did not answer in time. */
  NETWORK_TIMEOUT: 2801,
  /** There was no connection for as long as the call could wait. */
  NO_NETWORK: 2805,
  /** Not possible now: logged in as somebody else, or destroyed. */
  INVALID_OPERATION: 2905,
  /** Too many calls wait for an answer. */
  BUSY: 9506,
} as const;

/** Refusals that pass by themselves: busy, internal error, storage unavailable; and what the network did. */
const PASSING: readonly number[] = [
  CODE.BUSY,
  10_002,
  91_000,
  CODE.NETWORK_ERROR,
  CODE.NETWORK_TIMEOUT,
  CODE.NO_NETWORK,
];

/** Why a call failed. Every rejected promise of the SDK carries one. */
export class ChatError extends Error {
  override readonly name = 'ChatError';
  /** The number: of {@link CODE}, or the server's. */
  readonly code: number;
  /** The same call may succeed later without any change. */
  readonly retryable: boolean;
  /** When to try again, in milliseconds; 0 where nobody knows. */
  readonly retryAfterMs: number;
  /** What belongs to the failure, such as the message that was not sent. */
  data?: unknown;

  constructor(code: number, text: string, retryAfterMs = 0) {
    super(text);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.retryable = retryAfterMs > 0 || PASSING.includes(code);
  }
}

/** Whatever was thrown, as a {@link ChatError}. */
export function asChatError(thrown: unknown): ChatError {
  return thrown instanceof ChatError ? thrown : new ChatError(CODE.INVALID_OPERATION, String(thrown));
}

export function invalid(text: string): ChatError {
  return new ChatError(CODE.INVALID_PARAMETERS, text);
}
