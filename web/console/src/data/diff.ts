// What differs between two values, field by field.

import type { Difference } from './types.ts';

/** The fields of two objects that differ, in the order of their names; nested objects by their path. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (same(before, after)) {
    return [];
  }
  if (!isObject(before) || !isObject(after)) {
    return [{ field: path, before, after }];
  }
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap(name => differences(before[name], after[name], path ? `${path}.${name}` : name));
}

/** `mine` anew on top of `theirs`: what I changed since `base` is as I want it, all else is as theirs. */
export function rebase<T extends object>(base: T, mine: T, theirs: T): T {
  const next = { ...theirs };
  for (const name of Object.keys(mine) as (keyof T)[]) {
    const [was, wanted, now] = [base[name], mine[name], theirs[name]];
    if (!same(was, wanted)) {
      next[name] = isObject(was) && isObject(wanted) && isObject(now) ? rebase(was, wanted, now) : wanted;
    }
  }
  return next;
}

/** Lists of names are sets: their order says nothing. */
function same(a: unknown, b: unknown): boolean {
  const plain = (value: unknown) => JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
  return plain(a) === plain(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as a person reads it. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) {
    return '–';
  }
  if (Array.isArray(value)) {
    return value.length > 0 ? value.map(shown).join(', ') : '–';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
