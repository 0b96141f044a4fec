import { Readable } from 'node:stream';
import type { RecordLines } from '../projections/records/reads.js';

/** The most milliseconds that a reader may take for a page. */
const patience = 60_000;

/** A stream of pages of text. It fetches the next page when the reader has taken the last one, and ends if the reader takes none for `wait` milliseconds. */
export function pageStream(pages: AsyncIterable<string>, wait = patience): Readable {
  const stream: Readable = Readable.from(taken(), { objectMode: false, highWaterMark: 1 });
  return stream;

  async function* taken(): AsyncIterable<Buffer> {
    let stalled: NodeJS.Timeout | undefined;
    try {
      for await (const page of pages) {
        stalled = setTimeout(() => stream.destroy(), wait);
        yield Buffer.from(page);
        clearTimeout(stalled);
      }
    } finally {
      clearTimeout(stalled);
    }
  }
}

/** A {@link pageStream} of records, to the end as of the first page. */
export function recordStream(
  first: RecordLines,
  next: (after: number, end: number) => Promise<RecordLines | undefined>,
  wait = patience,
): Readable {
  return pageStream(pages(), wait);

  async function* pages(): AsyncIterable<string> {
    for (let page: RecordLines | undefined = first; page && page.lines !== ''; page = await next(page.last, page.end)) {
      yield page.lines;
      if (page.last >= page.end) return;
    }
  }
}
