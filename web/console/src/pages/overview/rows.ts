// Which numbers stand together, in the order in which one asks.

import type { Row } from './panel.tsx';

export const REQUESTS: readonly Row[] = [
  { name: 'requests_per_second', label: 'requests', as: 'rate' },
  { name: 'failures_per_second', label: 'failures', as: 'rate' },
  { name: 'bugs', label: 'bugs' },
  { name: 'sessions', label: 'sessions' },
];

export const COALESCING: readonly Row[] = [
  { name: 'pushes_per_second', label: 'pushes', as: 'rate' },
  { name: 'merged_per_second', label: 'merged', as: 'rate' },
  { name: 'coalescing_ratio', label: 'ratio', as: 'ratio' },
  { name: 'resyncs', label: 'resyncs' },
  { name: 'stalled', label: 'stalled' },
];

export const STORAGE: readonly Row[] = [
  { name: 'storage_bytes', label: 'disk', as: 'bytes' },
  { name: 'cache_bytes', label: 'cache', as: 'bytes' },
  { name: 'commits_per_second', label: 'commits', as: 'rate' },
  { name: 'syncs_per_second', label: 'syncs', as: 'rate' },
  { name: 'unfolded_receipts', label: 'unfolded' },
];

export const PROCESS: readonly Row[] = [
  { name: 'cpu_percent', label: 'cpu', as: 'percent' },
  { name: 'memory_bytes', label: 'memory', as: 'bytes' },
];

export const HOOKS: readonly Row[] = [
  { name: 'webhooks_waiting', label: 'waiting' },
  { name: 'webhooks_oldest_seconds', label: 'oldest', as: 'seconds' },
  { name: 'webhook_failures_per_second', label: 'hookFailures', as: 'rate' },
  { name: 'webhooks_dead', label: 'dead' },
];

/** What can be looked at over days. */
export const CHARTED: readonly Row[] = [
  { name: 'receipts_per_second', label: 'receipts', as: 'rate' },
  { name: 'messages_per_second', label: 'messages', as: 'rate' },
  { name: 'connections', label: 'connections' },
  { name: 'request_p99_ms', label: 'delay', as: 'ms' },
  { name: 'pushes_per_second', label: 'pushes', as: 'rate' },
  ...STORAGE,
  ...PROCESS,
  ...HOOKS,
];
