// Heartbeats: when to say something, and when the peer counts as dead.

const INTERVAL_MS = 25_000;
const GRACE_MS = 10_000;

/** What is due: a ping, the end, or nothing for so many milliseconds. */
export type Due = 'ping' | 'dead' | number;

/**
 * A network that is gone leaves the socket open, so silence is the only sign of it. After an interval in which nothing
 * was sent, or nothing was heard, a ping goes out; when nothing is heard for the grace time after it, the peer is dead.
 */
export class Liveness {
  private readonly interval: number;
  private readonly grace: number;
  private lastSent: number;
  private lastHeard: number;
  private pingedAt: number | undefined;

  /** The interval is the server's, at most 25 s; 0 means 25 s. */
  constructor(heartbeatMs: number, now: number) {
    this.interval = Math.min(heartbeatMs || INTERVAL_MS, INTERVAL_MS);
    this.grace = Math.min(this.interval, GRACE_MS);
    this.lastSent = now;
    this.lastHeard = now;
  }

  sent(now: number): void {
    this.lastSent = now;
  }

  pinged(now: number): void {
    this.lastSent = now;
    this.pingedAt ??= now;
  }

  heard(now: number): void {
    this.lastHeard = now;
    this.pingedAt = undefined;
  }

  due(now: number): Due {
    const dead = this.pingedAt === undefined ? Number.POSITIVE_INFINITY : this.pingedAt + this.grace;
    if (dead <= now) {
      return 'dead';
    }
    // With a ping under way, silence from the peer is no reason for another one.
    const quiet = this.pingedAt === undefined ? Math.min(this.lastSent, this.lastHeard) : this.lastSent;
    const ping = quiet + this.interval;
    return ping <= now ? 'ping' : Math.min(dead, ping) - now;
  }
}
