// Where one conversation stands.

/**
 * Messages remembered beyond a gap. Seqs that one may not see (messages to other members) look like gaps too, so a gap is
 * closed when so many have come after it.
 */
export const MOST_ABOVE = 256;

/** What has been told of a conversation. */
export class Track {
  /** Every message up to here was told or was there before; undefined while that is not known. */
  private through: number | undefined;
  /** Told beyond it, rising. */
  private above: number[] = [];
  /** Number of the last change told. */
  lastChange = 0;

  constructor(through?: number) {
    this.through = through;
  }

  /** Something of it was told, or was there when following it began. */
  get hasBegun(): boolean {
    return (this.through ?? 0) > 0 || this.above.length > 0 || this.lastChange > 0;
  }

  /** Where to read on; 0 when that is not known. */
  get next(): number {
    return this.through === undefined ? 0 : this.through + 1;
  }

  /** Where it stood when following it began. Changes nothing once something is known. */
  stoodAt(seq: number): void {
    if (this.through === undefined && this.above.length === 0) {
      this.through = seq;
    }
  }

  /** Some message up to `lastSeq` may be missing. */
  isMissing(lastSeq: number): boolean {
    return lastSeq > (this.through ?? 0);
  }

  /** Takes a message; false when it was taken before. */
  take(seq: number): boolean {
    if ((this.through !== undefined && seq <= this.through) || this.above.includes(seq)) {
      return false;
    }
    let place = this.above.length;
    while (place > 0 && (this.above[place - 1] as number) > seq) {
      place -= 1;
    }
    this.above.splice(place, 0, seq);
    if (this.above.length > MOST_ABOVE) {
      this.through = this.above[0];
    }
    this.absorb();
    return true;
  }

  /** Everything up to here counts as told. */
  skipTo(seq: number): void {
    this.through = Math.max(this.through ?? 0, seq);
    this.absorb();
  }

  /** Takes a change; false when it, or a later one, was taken before. */
  change(number: number): boolean {
    const isNew = number > this.lastChange;
    this.lastChange = Math.max(this.lastChange, number);
    return isNew;
  }

  private absorb(): void {
    for (let seq = this.above[0]; seq !== undefined && seq <= (this.through ?? 0) + 1; seq = this.above[0]) {
      this.through = Math.max(this.through ?? 0, seq);
      this.above.shift();
    }
  }
}
