// What one browser remembers of a person's choices. Where storage is refused, nothing is remembered and nothing fails.

export function recall(key: string): string | null {
  try {
    return globalThis.localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    globalThis.localStorage.setItem(key, value);
  } catch {
    // Private windows of some browsers.
  }
}
