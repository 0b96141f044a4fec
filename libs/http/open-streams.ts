import { TooManyWaiting } from '../async/fair-queue.js';

/** Counts the streams of one kind that are open, of all clients and of each. */
export class OpenStreams {
  private readonly byClient = new Map<string, number>();
  private count = 0;

  constructor(
    /** What the streams carry, as a refusal calls it. */
    private readonly of: string,
    private readonly most: { readonly all: number; readonly each: number },
  ) {}

  /** @returns the function to call once the stream is closed @throws {TooManyWaiting} */
  open(client: string): () => void {
    const own = this.byClient.get(client) ?? 0;
    if (own >= this.most.each) throw new TooManyWaiting(`this client has ${own} streams of ${this.of} open; close one, or ask again later`);
    if (this.count >= this.most.all) throw new TooManyWaiting(`${this.count} streams of ${this.of} are open; ask again later`);
    this.byClient.set(client, own + 1);
    this.count++;
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.count--;
      const left = (this.byClient.get(client) ?? 1) - 1;
      if (left > 0) this.byClient.set(client, left);
      else this.byClient.delete(client);
    };
  }
}
