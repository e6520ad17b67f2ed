// The pages in the rail.

import type { PageName } from '../router.ts';
import type { en } from './strings.ts';

export interface Entry {
  page: PageName;
  label: keyof typeof en;
  /** Pages below it. */
  also?: PageName[];
  owner?: boolean;
}

export const OF_SERVER: readonly Entry[] = [
  { page: 'overview', label: 'overview' },
  { page: 'apps', label: 'apps' },
  { page: 'nodes', label: 'nodes' },
  { page: 'operators', label: 'operators', owner: true },
  { page: 'explorer', label: 'explorer' },
];

export const OF_APP: readonly Entry[] = [
  { page: 'policy', label: 'policy' },
  { page: 'lookup', label: 'lookup', also: ['receipt', 'peerReceipt'] },
  { page: 'groups', label: 'groups', also: ['group'] },
  { page: 'users', label: 'users', also: ['user'] },
  { page: 'webhooks', label: 'webhooks' },
  { page: 'keys', label: 'keys' },
  { page: 'audit', label: 'audit' },
];
