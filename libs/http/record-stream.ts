import { Readable } from 'node:stream';
import { TooManyWaiting } from '../async/fair-queue.js';
import type { RecordLines } from '../projections/records/reads.js';

/** The most streams open at once, and of one client. Each holds some hundred kilobytes until its reader takes them. */
const most = { all: 64, each: 4 } as const;
/** The most milliseconds that a reader may take for a page. */
const patience = 60_000;

/** Counts the open streams of records. */
export class RecordStreams {
  private readonly open_ = new Map<string, number>();
  private count = 0;

  /** @returns a function to call when the stream closes @throws {TooManyWaiting} */
  open(client: string): () => void {
    const own = this.open_.get(client) ?? 0;
    if (own >= most.each) throw new TooManyWaiting(`this client already reads ${own} record streams; try again when one has ended`);
    if (this.count >= most.all) throw new TooManyWaiting(`${this.count} record streams are already open; try again`);
    this.open_.set(client, own + 1);
    this.count++;
    return () => {
      this.count--;
      const left = (this.open_.get(client) ?? 1) - 1;
      if (left > 0) this.open_.set(client, left);
      else this.open_.delete(client);
    };
  }
}

/** A stream of pages. It fetches the next page when the reader has taken the last one, and ends if the reader takes none for `wait` milliseconds. */
export function recordStream(
  first: RecordLines,
  next: (after: number, end: number) => Promise<RecordLines | undefined>,
  wait = patience,
): Readable {
  const stream: Readable = Readable.from(pages(), { objectMode: false, highWaterMark: 1 });
  return stream;

  async function* pages(): AsyncIterable<Buffer> {
    let stalled: NodeJS.Timeout | undefined;
    try {
      for (let page: RecordLines | undefined = first; page && page.lines !== ''; page = await next(page.last, page.end)) {
        stalled = setTimeout(() => stream.destroy(), wait);
        yield Buffer.from(page.lines);
        clearTimeout(stalled);
        if (page.last >= page.end) return;
      }
    } finally {
      clearTimeout(stalled);
    }
  }
}
