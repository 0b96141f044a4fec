import { Readable } from 'node:stream';
import type { RecordLines } from '../projections/records/reads.js';

/** The most milliseconds that a reader may take for a page. */
const patience = 60_000;

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
