// Texts: one table a language, all with the keys and arguments of the English one. A missing key is a type error.

import type { Format } from './format.ts';
import { format, isPseudo, type Language, language } from './language.ts';

/** A text, or a function that writes it; numbers and times go through `Format`. */
export type Text = string | ((format: Format, ...values: never[]) => string);
export type Table = Record<string, Text>;
type Values<T> = T extends (format: Format, ...values: infer V) => string ? V : [];

/**
 * Makes the function that gives a text in the language shown. Components that call it are rendered anew when the language
 * changes.
 *
 * @example
 * ```ts
 * const t = translator({ en, 'zh-CN': zh });
 * t('readBy', 97);
 * ```
 */
export function translator<T extends Table>(tables: Record<Language, T>) {
  return <K extends keyof T>(key: K, ...values: Values<T[K]>): string => {
    const text = tables[language.value][key] as Text;
    const shown =
      typeof text === 'string'
        ? text
        : (text as (format: Format, ...values: unknown[]) => string)(format.value, ...values);
    return isPseudo ? pseudo(shown) : shown;
  };
}

const ACCENTS: Record<string, string> = { a: 'å', e: 'é', i: 'ï', o: 'ö', u: 'ü', n: 'ñ', c: 'ç', s: 'š' };

function pseudo(text: string): string {
  const accented = text.replace(/[aeiouncs]/g, letter => ACCENTS[letter] ?? letter);
  return `［${accented}${'～'.repeat(Math.ceil(text.length * 0.3))}］`;
}
