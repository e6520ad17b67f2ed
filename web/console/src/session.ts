// Signing in and out, and what a role may do.

import { computed } from '@preact/signals';
import { ApiError, get, send, session } from './api.ts';
import type { Role, Session } from './data/types.ts';

const RANK: Record<Role, number> = { viewer: 0, operator: 1, owner: 2 };

const rank = computed(() => (session.value ? RANK[session.value.role] : -1));
/** Whether buttons that write are shown. */
export const mayWrite = computed(() => rank.value >= RANK.operator);
/** Whether apps, keys, UserSigs and operators are in this session's hands. */
export const isOwner = computed(() => rank.value >= RANK.owner);

/** Asks the server whose cookie this is. */
export async function resume(): Promise<void> {
  try {
    session.value = await get<Session>('/session');
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    session.value = null;
  }
}

export type Credentials = { token: string } | { name: string; password: string };

export async function signIn(credentials: Credentials): Promise<void> {
  session.value = await send<Session>('POST', '/session', credentials);
}

export async function setUp(token: string, name: string, password: string): Promise<void> {
  session.value = await send<Session>('POST', '/session/setup', { token, name, password });
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/session').catch(() => {});
  session.value = null;
}
