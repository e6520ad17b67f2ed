// Each page is a file of its own that is fetched when it is opened.

import type { ComponentType } from 'preact';
import type { PageName, Params } from '../router.ts';

export type PageComponent = ComponentType<{ params: Params }>;

export const PAGES: Record<PageName, () => Promise<PageComponent>> = {
  overview: () => import('../pages/overview/overview.tsx').then(file => file.Overview),
  nodes: () => import('../pages/nodes/nodes.tsx').then(file => file.Nodes),
  operators: () => import('../pages/operators/operators.tsx').then(file => file.Operators),
  explorer: () => import('../pages/explorer/explorer.tsx').then(file => file.Explorer),
  apps: () => import('../pages/apps/apps.tsx').then(file => file.Apps),
  keys: () => import('../pages/apps/keys.tsx').then(file => file.Keys),
  policy: () => import('../pages/policy/policy.tsx').then(file => file.Policy),
  lookup: () => import('../pages/messages/lookup.tsx').then(file => file.Lookup),
  receipt: () => import('../pages/messages/receipt.tsx').then(file => file.Receipt),
  peerReceipt: () => import('../pages/messages/peer-receipt.tsx').then(file => file.PeerReceipt),
  groups: () => import('../pages/directory/groups.tsx').then(file => file.Groups),
  group: () => import('../pages/directory/group.tsx').then(file => file.GroupPage),
  users: () => import('../pages/directory/users.tsx').then(file => file.Users),
  user: () => import('../pages/directory/user.tsx').then(file => file.UserPage),
  webhooks: () => import('../pages/webhooks/webhooks.tsx').then(file => file.Webhooks),
  audit: () => import('../pages/audit/audit.tsx').then(file => file.Audit),
};
