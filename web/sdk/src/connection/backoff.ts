// How long to wait before the next attempt.

const FIRST_MS = 500;
const MOST_MS = 30_000;

/**
 * Exponential back-off with full jitter: before attempt n the wait is random between 0 and 0.5 s × 2ⁿ, at most 30 s, so
 * that a crowd that was cut off together does not come back together. A connection that lasted 30 s starts over.
 */
export class Backoff {
  private attempt = 0;

  /** The wait before the next attempt in milliseconds, given a random number of [0, 1). */
  next(random: number): number {
    const ceiling = Math.min(FIRST_MS * 2 ** this.attempt, MOST_MS);
    this.attempt += 1;
    return ceiling * random;
  }

  /** A connection has ended that lasted for this long. */
  lasted(ms: number): void {
    if (ms >= MOST_MS) {
      this.attempt = 0;
    }
  }
}
