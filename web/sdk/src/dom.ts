/**
 * `@yidu/sdk/dom`: when a message on the screen counts as read.
 *
 * @module
 */

import type { ChatSDK, Message } from './index.ts';
import { Dwell } from './receipts/dwell.ts';

/** Steps at which a row is looked at while it scrolls. */
const THRESHOLDS = Array.from({ length: 11 }, (_, step) => step / 10);
const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Options of `createReadTracker`. */
export interface ReadTrackerOptions {
  /** The element that scrolls; null for the page. */
  root: Element | null;
  /** How much of a message must be in view, or of the view be filled by it. Default: 0.5. */
  ratio?: number;
  /** For how long, in milliseconds. Default: 500. */
  dwell?: number;
  /** Somebody counts as there only for so long after the last movement, key or touch, in milliseconds. Default: not asked for. */
  requireActivity?: number;
  /** Is told the messages whose receipts were put into the outbox. */
  onRead?: (messages: Message[]) => void;
}

/** Made by `createReadTracker`. */
export interface ReadTracker {
  /** Watches the row of a message. One's own messages, those that did not ask and those that have a receipt are not watched. */
  observe(row: Element, message: Message): void;
  /** Stops watching a row, when it is removed or shows another message. */
  unobserve(row: Element): void;
  /** Something covers the list: nothing is read until `resume`. */
  pause(): void;
  resume(): void;
  /** Stops for good. */
  disconnect(): void;
}

/**
 * Sends receipts for messages that a person could have read: half of the message, or of the view, is filled by it, the page is
 * visible and has the focus, nothing covers the list, for 500 ms without a break. What flies past while scrolling is not read,
 * a message higher than the list is. Receipts go through the outbox, at most once a second and 50 at a time.
 *
 * Do not make one for a reader who has switched receipts off.
 *
 * @example
 * ```ts
 * import { createReadTracker } from '@yidu/sdk/dom';
 *
 * const tracker = createReadTracker(chat, { root: list });
 * for (const message of messages) tracker.observe(render(message), message);
 * dialog.addEventListener('toggle', () => (dialog.open ? tracker.pause() : tracker.resume()));
 * ```
 */
export function createReadTracker(
  chat: Pick<ChatSDK, 'queueMessageReadReceipt'>,
  options: ReadTrackerOptions,
): ReadTracker {
  const { root, ratio = 0.5, dwell: dwellMs = 500, requireActivity, onRead } = options;
  const dwell = new Dwell<Element>(dwellMs);
  const messages = new Map<Element, Message>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let covered = false;
  let activeUntil =
    requireActivity === undefined ? Number.POSITIVE_INFINITY : performance.now() + requireActivity;

  const look = () => {
    const now = performance.now();
    const isThere =
      document.visibilityState === 'visible' && document.hasFocus() && !covered && now < activeUntil;
    dwell.attention(isThere, now);
    report(dwell.read(now));
    clearTimeout(timer);
    const due = dwell.due();
    timer = due === undefined ? undefined : setTimeout(look, Math.max(due - now, 0));
  };
  const report = (rows: Element[]) => {
    const byConversation = new Map<string, Message[]>();
    for (const row of rows) {
      const message = messages.get(row);
      forget(row);
      // Recalled or answered for while it was watched.
      if (message && !message.isRevoked && !message.hasSentReceipt) {
        const same = byConversation.get(message.conversationID) ?? [];
        byConversation.set(message.conversationID, [...same, message]);
      }
    }
    for (const list of byConversation.values()) {
      chat
        .queueMessageReadReceipt(list)
        .then(({ data }) => data.queuedList.length > 0 && onRead?.(data.queuedList))
        // Logged out meanwhile: nobody is there whose receipt it would be.
        .catch(() => undefined);
    }
  };
  const forget = (row: Element) => {
    observer.unobserve(row);
    messages.delete(row);
    dwell.visible(row, false, performance.now());
  };
  const observer = new IntersectionObserver(
    entries => {
      const now = performance.now();
      for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
        const view = rootBounds?.height ?? 0;
        const fills = view > 0 && intersectionRect.height >= ratio * view;
        dwell.visible(target, messages.has(target) && (intersectionRatio >= ratio || fills), now);
      }
      look();
    },
    { root, threshold: THRESHOLDS },
  );
  const acted = () => {
    const now = performance.now();
    activeUntil = now + (requireActivity ?? 0);
    clearTimeout(idle);
    idle = setTimeout(look, requireActivity);
    look();
  };

  document.addEventListener('visibilitychange', look);
  window.addEventListener('focus', look);
  window.addEventListener('blur', look);
  if (requireActivity !== undefined) {
    for (const name of ACTIVITY) {
      window.addEventListener(name, acted, { capture: true, passive: true });
    }
    idle = setTimeout(look, requireActivity);
  }
  return {
    observe(row, message) {
      if (messages.get(row) === message) {
        return;
      }
      forget(row);
      if (message.flow === 'in' && message.needReadReceipt && !message.hasSentReceipt && !message.isRevoked) {
        messages.set(row, message);
        observer.observe(row);
      }
    },
    unobserve: forget,
    pause() {
      covered = true;
      look();
    },
    resume() {
      covered = false;
      look();
    },
    disconnect() {
      observer.disconnect();
      clearTimeout(timer);
      clearTimeout(idle);
      messages.clear();
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
      window.removeEventListener('blur', look);
      for (const name of ACTIVITY) {
        window.removeEventListener(name, acted, { capture: true });
      }
    },
  };
}
