// The apps of the server, and which one is looked at.

import { computed, signal } from '@preact/signals';
import { recall, remember } from '@yidu/ui/storage.ts';
import { get } from '../api.ts';
import { route } from '../router.ts';
import type { AppInfo } from './types.ts';

const KEY = 'yidu.console.app';

export const apps = signal<AppInfo[]>([]);

export async function loadApps(): Promise<void> {
  apps.value = (await get<{ apps: AppInfo[] }>('/apps')).apps;
}

/** The app in the address, else the one looked at last, else the first; empty while there is none. */
export const currentApp = computed(() => {
  const named = route.value?.params['app'];
  if (named) {
    remember(KEY, named);
    return named;
  }
  const last = recall(KEY);
  const known = apps.value.find(app => String(app.app_id) === last) ?? apps.value[0];
  return known ? String(known.app_id) : '';
});
