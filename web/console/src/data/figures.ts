// The numbers of a node, as GET /stats answers them.

export const FIGURES = [
  'connections',
  'sessions',
  'requests_per_second',
  'failures_per_second',
  'bugs',
  'request_p50_ms',
  'request_p99_ms',
  'messages_per_second',
  'receipts_per_second',
  'receipts_accepted_per_second',
  'receipts_duplicate_per_second',
  'receipts_not_asked_per_second',
  'receipts_not_audience_per_second',
  'pushes_per_second',
  'merged_per_second',
  'coalescing_ratio',
  'resyncs',
  'stalled',
  'commits_per_second',
  'syncs_per_second',
  'storage_bytes',
  'cache_bytes',
  'unfolded_receipts',
  'webhooks_waiting',
  'webhooks_oldest_seconds',
  'webhook_failures_per_second',
  'webhooks_dead',
  'cpu_percent',
  'memory_bytes',
] as const;

export type FigureName = (typeof FIGURES)[number];
export type Figures = { time_ms: number } & Record<FigureName, number>;
