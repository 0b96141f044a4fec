import { start, type Place } from '../libs/event-log/ports.js';

/** How far the read models are behind the log. */
export class Lag {
  private committed: Place = start;
  private folded: Place = start;
  /** When appends became durable that are not folded yet, oldest first. */
  private readonly waiting: { place: Place; since: number }[] = [];

  /** `now` in milliseconds. */
  constructor(private readonly now: () => number) {}

  onCommitted(place: Place): void {
    if (place === this.committed) return;
    this.committed = place;
    if (place > this.folded) this.waiting.push({ place, since: this.now() });
  }
  onFolded(place: Place): void {
    this.folded = place;
    const unfolded = this.waiting.findIndex((append) => append.place > place);
    this.waiting.splice(0, unfolded === -1 ? this.waiting.length : unfolded);
  }

  get current(): { records: number; seconds: number } {
    const [oldest] = this.waiting;
    return { records: Math.max(0, this.committed - this.folded), seconds: oldest ? (this.now() - oldest.since) / 1_000 : 0 };
  }
}
