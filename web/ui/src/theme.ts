// Light, dark, or as the system has it. Remembered; `data-theme` on the root element says it to the style sheets.

import { effect, signal } from '@preact/signals';
import { recall, remember } from './storage.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'yidu.theme';

export const theme = signal<Theme>(THEMES.find(known => known === recall(KEY)) ?? 'system');

effect(() => {
  remember(KEY, theme.value);
  if (globalThis.document) {
    document.documentElement.dataset['theme'] = theme.value;
  }
});
