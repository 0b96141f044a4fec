/** Changes of one programme as Server-Sent Events (HTML Living Standard, section 9.2). */
import { Readable } from 'node:stream';
import type { ToldRecord } from '../application/committed-records.js';

/** The source of changes. */
export type Changes = {
  /** The next records after a position, none if there are none. */
  after(position: number): Promise<readonly ToldRecord[]>;
  /** Calls `take` with records that follow one another, as they are committed. @returns the function to call when listening ends */
  listen(take: (records: readonly ToldRecord[]) => void): () => void;
};

export type StreamLimits = {
  /** Records that wait for a slow reader; beyond them they are read again when it goes on. */
  waiting: number;
  /** Milliseconds without a change after which a comment is sent, so that proxies keep the connection open. */
  heartbeat: number;
  /** Milliseconds within which a reader takes what was sent; a slower one is ended, and may resume. */
  patience: number;
};
export const usualLimits: StreamLimits = { waiting: 1_000, heartbeat: 15_000, patience: 60_000 };

/** Milliseconds after which a client connects again once a stream has ended. */
const retry = 2_000;

/** A stream of the changes after a position: those committed before, then each as it comes, until `gone` is aborted. */
export function changeStream(
  position: number,
  changes: Changes,
  gone: AbortSignal,
  { waiting, heartbeat, patience }: StreamLimits = usualLimits,
): Readable {
  let queue: ToldRecord[] = [];
  let wake: () => void = () => undefined;
  const stop = changes.listen((records) => {
    queue.push(...records);
    // The records before the last are read again: the gap shows that they are missing.
    if (queue.length > waiting) queue = queue.slice(-1);
    wake();
  });
  // A client may be gone before its stream begins.
  if (gone.aborted) stop();
  gone.addEventListener('abort', () => {
    stop();
    wake();
  });
  const stream: Readable = Readable.from(endedIfSlow(texts()), { objectMode: false, highWaterMark: 1 });
  return stream;

  async function* texts(): AsyncIterable<string> {
    yield `retry: ${retry}\n\n`;
    let last = position;
    let mustReadBack = true;
    while (!gone.aborted) {
      const next = mustReadBack ? await changes.after(last) : queue.splice(0).filter((record) => record.position > last);
      const [first] = next;
      const follows = first?.position === last + 1;
      if (first && follows) {
        last = (next.at(-1) ?? first).position;
        yield next.map(textOf).join('');
      } else if (first) mustReadBack = true;
      else if (mustReadBack) mustReadBack = false;
      else if (queue.length === 0 && !(await isWokenInTime())) {
        yield ': nothing new\n\n';
        // The next read also finds a change that the listener missed.
        mustReadBack = true;
      }
    }
  }

  /** Whether something comes before the next heartbeat, or the reader leaves. */
  function isWokenInTime(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, heartbeat);
      wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  /** Ends the stream of a reader that does not take a text in time. */
  async function* endedIfSlow(all: AsyncIterable<string>): AsyncIterable<Buffer> {
    for await (const text of all) {
      const timer = setTimeout(() => stream.destroy(), patience);
      try {
        yield Buffer.from(text);
      } finally {
        clearTimeout(timer);
      }
    }
  }
}

function textOf(record: ToldRecord): string {
  return `id: ${record.position}\nevent: record\ndata: ${JSON.stringify(record)}\n\n`;
}
