// The page of the browser tests: the SDK as an app bundles it.

import Chat from '@yidu/sdk';
import { createReadTracker } from '@yidu/sdk/dom';
import { createOutbox } from '@yidu/sdk/outbox';

/** What the tests find in the page. */
const kit = { Chat, createReadTracker, createOutbox };
export type Kit = typeof kit;

(globalThis as unknown as { kit: Kit }).kit = kit;
