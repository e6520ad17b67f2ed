// A change of settings on its way: what was read, what is wanted, and what the server says to it.

import { ApiError, at, request } from '../api.ts';
import type { Settings, SettingsChanged } from './types.ts';

export interface Stored {
  settings: Settings;
  etag: string;
}

const STALE = 412;

export async function read(app: string, signal?: AbortSignal): Promise<Stored> {
  const { data, etag } = await request<Settings>(at`/apps/${app}/settings`, signal ? { signal } : {});
  return { settings: data, etag };
}

/** `undefined`: others have changed the settings since they were read. */
export async function put(
  app: string,
  { settings, etag }: Stored,
  dryRun: boolean,
): Promise<SettingsChanged | undefined> {
  try {
    const { data } = await request<SettingsChanged>(at`/apps/${app}/settings`, {
      method: 'PUT',
      query: { dry_run: dryRun || undefined },
      headers: { 'if-match': etag },
      body: settings,
    });
    return data;
  } catch (error) {
    if (error instanceof ApiError && error.status === STALE) {
      return undefined;
    }
    throw error;
  }
}
