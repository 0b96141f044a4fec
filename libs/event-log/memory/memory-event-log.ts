import { LogFenced, start, type Entry, type EventLog, type LogWriter, type NewEntry, type Offset } from '../ports.js';

const batchSize = 1_000;
type Partition = { entries: Entry[]; next: Offset; writer: object | undefined; waiting: Set<() => void> };

/** The event log in memory, for specs and simulation. It has no timers and no randomness. An append lasts as long as the object. */
export class MemoryEventLog implements EventLog {
  readonly partitions: number;
  private readonly logs: Partition[];

  constructor({ partitions = 1 }: { partitions?: number } = {}) {
    this.partitions = partitions;
    this.logs = Array.from({ length: partitions }, () => ({ entries: [], next: 0, writer: undefined, waiting: new Set() }));
  }

  async *read(partition: number, after: Offset): AsyncIterable<Entry[]> {
    const { entries } = this.log(partition);
    const end = entries.length;
    for (let from = indexAfter(entries, after); from < end; from += batchSize)
      yield Promise.resolve(entries.slice(from, Math.min(from + batchSize, end)));
  }

  end(partition: number): Promise<Offset> {
    return Promise.resolve(this.log(partition).entries.at(-1)?.offset ?? start);
  }

  async *follow(partition: number, after: Offset, signal: AbortSignal): AsyncIterable<Entry[]> {
    const log = this.log(partition);
    let next = indexAfter(log.entries, after);
    while (!signal.aborted) {
      const batch = log.entries.slice(next, next + batchSize);
      if (batch.length > 0) {
        next += batch.length;
        yield batch;
      } else await appended(log, signal);
    }
  }

  async acquire(partition: number, signal?: AbortSignal): Promise<LogWriter> {
    await Promise.resolve();
    signal?.throwIfAborted();
    const log = this.log(partition);
    const writer: LogWriter = {
      append: (added: readonly NewEntry[]) => {
        if (log.writer !== writer) return Promise.reject(new LogFenced(`partition ${partition} has another writer now`));
        const offsets = added.map((entry) => {
          const offset = log.next++;
          log.entries.push({ ...entry, offset });
          return offset;
        });
        for (const wake of log.waiting) wake();
        return Promise.resolve(offsets);
      },
    };
    log.writer = writer;
    return writer;
  }

  /** Uses up offsets without an entry, as a transaction does that is never committed. */
  useUp(partition: number, offsets: number): void {
    this.log(partition).next += offsets;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private log(partition: number): Partition {
    const log = this.logs[partition];
    if (!log) throw new RangeError(`there is no partition ${partition}; there are ${this.partitions}`);
    return log;
  }
}

/** Resolves at the next append, or on abort. */
function appended(log: Partition, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      log.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    log.waiting.add(wake);
    signal.addEventListener('abort', wake);
  });
}

/** The index of the first entry after an offset. */
function indexAfter(entries: readonly Entry[], after: Offset): number {
  const index = entries.findLastIndex(({ offset }) => offset <= after);
  return index + 1;
}
