import { start, type Offset } from '../libs/event-log/ports.js';

/** The lag of the read models behind the log. */
export class Lag {
  private committed: Offset = start;
  private folded: Offset = start;
  /** Appends that are not folded yet, each with the time it became durable, oldest first. */
  private readonly waiting: { offset: Offset; since: number }[] = [];

  /** `now` in milliseconds. */
  constructor(private readonly now: () => number) {}

  onCommitted(offset: Offset): void {
    if (offset === this.committed) return;
    this.committed = offset;
    if (offset > this.folded) this.waiting.push({ offset, since: this.now() });
  }
  onFolded(offset: Offset): void {
    this.folded = offset;
    const unfolded = this.waiting.findIndex((append) => append.offset > offset);
    this.waiting.splice(0, unfolded === -1 ? this.waiting.length : unfolded);
  }

  get current(): { records: number; seconds: number } {
    const [oldest] = this.waiting;
    return { records: Math.max(0, this.committed - this.folded), seconds: oldest ? (this.now() - oldest.since) / 1_000 : 0 };
  }
}
