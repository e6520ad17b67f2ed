// Which language is shown: chosen, else the browser's first that there is, else English. Remembered.

import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from '../storage.ts';
import { formatOf } from './format.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language in its own words. */
export const LANGUAGE_NAMES: Record<Language, string> = { 'zh-CN': '简体中文', en: 'English' };

const KEY = 'yidu.language';
/** English made 60 % longer, with accents: shows what a longer language would break. Chosen only through storage. */
const PSEUDO = 'en-XA';

function chosen(): Language {
  const wanted = [recall(KEY) ?? '', ...(globalThis.navigator?.languages ?? [])];
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) {
      return 'zh-CN';
    }
    if (/^en\b/i.test(tag)) {
      return 'en';
    }
  }
  return 'en';
}

/** The language shown. Setting it shows everything anew, without a reload. */
export const language = signal<Language>(chosen());
export const format = computed(() => formatOf(language.value));
export const isPseudo = recall(KEY) === PSEUDO;

export function chooseLanguage(next: Language): void {
  language.value = next;
  remember(KEY, next);
}

effect(() => {
  if (globalThis.document) {
    document.documentElement.lang = language.value;
  }
});
