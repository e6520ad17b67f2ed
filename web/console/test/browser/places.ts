// Every page of the console, with the heading by which it is known.

export interface Place {
  name: string;
  path: string;
  heading: string;
}

export function placesOf(
  app: number,
  seen: { group: string; user: string; peer: string; seq: number },
): Place[] {
  const a = `/a/${app}`;
  const message = `${a}/messages/group/${encodeURIComponent(seen.group)}/${seen.seq}`;
  return [
    { name: 'overview', path: '/?span=15m', heading: 'Overview' },
    { name: 'nodes', path: '/nodes', heading: 'Nodes and storage' },
    { name: 'operators', path: '/operators', heading: 'Operators' },
    { name: 'explorer', path: '/explorer?request=get+%2Fapi%2Fv1%2Fapps', heading: 'API explorer' },
    { name: 'apps', path: '/apps', heading: 'Apps' },
    { name: 'keys', path: `${a}/keys`, heading: 'Keys and UserSig' },
    { name: 'policy', path: `${a}/policy`, heading: 'Receipts policy' },
    {
      name: 'lookup',
      path: `${a}/messages?q=${encodeURIComponent(`${seen.group}@${seen.seq}`)}`,
      heading: 'Message look-up',
    },
    { name: 'receipt-read', path: `${message}?list=read`, heading: 'Receipt' },
    { name: 'receipt-unread', path: `${message}?list=unread`, heading: 'Receipt' },
    { name: 'receipt-search', path: `${message}?list=unread&q=${seen.user.slice(0, 2)}`, heading: 'Receipt' },
    { name: 'receipt-peer', path: `${a}/messages/user/${seen.user}/${seen.peer}/1`, heading: 'Receipt' },
    { name: 'groups', path: `${a}/groups`, heading: 'Groups' },
    { name: 'group', path: `${a}/groups/${encodeURIComponent(seen.group)}`, heading: '研发一组' },
    { name: 'users', path: `${a}/users`, heading: 'Users' },
    { name: 'user', path: `${a}/users/${seen.user}`, heading: seen.user },
    { name: 'webhooks', path: `${a}/webhooks`, heading: 'Webhooks' },
    { name: 'audit', path: `${a}/audit`, heading: 'Audit log' },
    { name: 'not-found', path: '/no/such/page', heading: 'There is no such page' },
  ];
}
