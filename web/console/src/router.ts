// Which page an address names. Every state that is worth a link is in the address.

import { computed, signal } from '@preact/signals';

/** Where the console lives on its server. */
export const BASE = '/console';

/** The paths of all pages; `:x` stands for one part. */
export const ROUTES = {
  overview: '/',
  nodes: '/nodes',
  operators: '/operators',
  explorer: '/explorer',
  apps: '/apps',
  keys: '/a/:app/keys',
  policy: '/a/:app/policy',
  lookup: '/a/:app/messages',
  receipt: '/a/:app/messages/group/:group/:seq',
  peerReceipt: '/a/:app/messages/user/:user/:peer/:seq',
  groups: '/a/:app/groups',
  group: '/a/:app/groups/:group',
  users: '/a/:app/users',
  user: '/a/:app/users/:user',
  webhooks: '/a/:app/webhooks',
  audit: '/a/:app/audit',
} as const;

export type PageName = keyof typeof ROUTES;
export type Params = Readonly<Record<string, string>>;

export interface Route {
  page: PageName;
  params: Params;
}

/** The page of a path below `BASE`; `undefined` when there is none. */
export function match(path: string): Route | undefined {
  const parts = partsOf(path);
  for (const page of Object.keys(ROUTES) as PageName[]) {
    const pattern = partsOf(ROUTES[page]);
    const params: Record<string, string> = {};
    const fits =
      pattern.length === parts.length &&
      pattern.every((name, n) => {
        const part = parts[n] ?? '';
        if (!name.startsWith(':')) {
          return name === part;
        }
        const value = decoded(part);
        params[name.slice(1)] = value ?? '';
        return value !== undefined;
      });
    if (fits) {
      return { page, params };
    }
  }
  return undefined;
}

/** The address of a page. */
export function href(page: PageName, params: Params = {}, query: Params = {}): string {
  const path = ROUTES[page].replace(/:([a-z]+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `${BASE}${path}${asked && `?${asked}`}`;
}

function partsOf(path: string): string[] {
  return path.split('/').filter(part => part !== '');
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const here = () => globalThis.location?.pathname + globalThis.location?.search;

/** Path and query that are shown. */
export const address = signal(here());
export const route = computed(() => match(pathOf(address.value)));
export const query = computed(() => new URLSearchParams(address.value.split('?')[1] ?? ''));

function pathOf(whole: string): string {
  const path = whole.split('?')[0] ?? '';
  return path.startsWith(BASE) ? path.slice(BASE.length) : path;
}

export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === address.value) {
    return;
  }
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to);
  address.value = to;
}

/** Keeps a part of a page's state in the address, without an entry of the history. */
export function setQuery(name: string, value: string): void {
  const next = new URLSearchParams(query.value);
  if (value) {
    next.set(name, value);
  } else {
    next.delete(name);
  }
  const text = next.toString();
  navigate(`${address.value.split('?')[0]}${text && `?${text}`}`, 'replace');
}

globalThis.addEventListener?.('popstate', () => {
  address.value = here();
});
