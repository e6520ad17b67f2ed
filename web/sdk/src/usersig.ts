// When a UserSig runs out.

const WARN_BEFORE_MS = 10 * 60 * 1000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** When a UserSig runs out, in milliseconds; undefined for what is none, or where it cannot be unpacked. */
export async function expiryOf(userSig: string): Promise<number | undefined> {
  try {
    const base64 = userSig.replace(/[*_-]/g, letter => ({ '*': '+', '-': '/', _: '=' })[letter] as string);
    const packed = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
    const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    const claims = JSON.parse(await new Response(unpacked).text()) as Record<string, number>;
    return (Number(claims['TLS.time']) + Number(claims['TLS.expire'])) * 1000 || undefined;
  } catch {
    return undefined;
  }
}

/** Tells ten minutes before a UserSig runs out, or at once when less is left. Returns what stops it. */
export function warnBeforeExpiry(userSig: string, warn: (expiresAt: number) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  void expiryOf(userSig).then(expiresAt => {
    const wait = expiresAt === undefined ? LONGEST_TIMER_MS : expiresAt - WARN_BEFORE_MS - Date.now();
    if (!stopped && expiresAt !== undefined && wait < LONGEST_TIMER_MS) {
      timer = setTimeout(() => warn(expiresAt), Math.max(wait, 0));
      // In Node: no reason to keep the process.
      (timer as { unref?(): void }).unref?.();
    }
  });
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
