/** The event log as a Kafka topic: an entry's offset is its Kafka offset. */
import { LogFenced, start, type Entry, type EventLog, type LogWriter, type Offset } from '../ports.js';
import type { KafkaConnection } from '../../kafka-client/connection.js';
import { entryOf, logFormat } from './event-message.js';
import { checkGenesis, KafkaLogWriter } from './kafka-log-writer.js';
import { KeptForADay, standsForWhole } from './kept-for-a-day.js';
import { PartitionReader } from './partition-reader.js';
import { servedByEveryBroker } from '../../kafka-client/served-everywhere.js';
import type { FetchedMessage } from '../../kafka-client/record-batch.js';
import {
  boundsOf,
  ensureTopics,
  eventsTopic,
  HistoryRemoved,
  partitionsOf,
  TopicMissing,
  TopicRefused,
  type TopicOptions,
} from './topics.js';
import { unlessAborted } from '../../kafka-client/unless-aborted.js';

/** The longest wait of one fetch for new entries, in milliseconds. It also bounds how long a follower takes to stop. */
const followWait = 250;
/** The most entries in one batch. */
const batchSize = 1_000;

/**
 * Opens the ledger's topics, and creates those that are missing.
 * @throws {TopicRefused} a setting could lose records, or the topics are not those of this ledger
 */
export async function openKafkaEventLog(connection: KafkaConnection, options: TopicOptions): Promise<KafkaEventLog> {
  await ensureTopics(connection, options);
  return openExisting(connection, options.partitions);
}

/** Opens a ledger's topics for reading. @throws {TopicMissing} @throws {TopicRefused} the number of partitions has changed */
export async function readKafkaEventLog(connection: KafkaConnection): Promise<KafkaEventLog> {
  const partitions = await partitionsOf(connection);
  await servedByEveryBroker(connection, [eventsTopic(connection.prefix)]);
  return openExisting(connection, partitions);
}

async function openExisting(connection: KafkaConnection, partitions: number): Promise<KafkaEventLog> {
  const topic = eventsTopic(connection.prefix);
  await Promise.all(
    Array.from({ length: partitions }, async (_, partition) => {
      const reader = new PartitionReader(connection, topic, partition);
      try {
        await checkGenesis(reader, topic, { partition, partitions, format: logFormat });
      } finally {
        await reader.close();
      }
    }),
  );
  return new KafkaEventLog(connection, partitions);
}

export class KafkaEventLog implements EventLog {
  private readonly topic: string;
  private readonly kept: KeptForADay;
  private readonly writers = new Map<number, KafkaLogWriter>();
  /** The end of each partition at the last check. */
  private readonly ends = new Map<number, Offset>();

  constructor(
    private readonly connection: KafkaConnection,
    readonly partitions: number,
  ) {
    this.topic = eventsTopic(connection.prefix);
    this.kept = new KeptForADay(connection);
  }

  async *read(partition: number, after: Offset): AsyncIterable<Entry[]> {
    const reader = this.reader(partition);
    try {
      for await (const messages of reader.fetchAll(after + 1)) yield* inBatches(messages);
    } finally {
      await reader.close();
    }
  }

  async end(partition: number): Promise<Offset> {
    const reader = this.reader(partition);
    try {
      const { end } = await reader.fetch(0, 0);
      // Each append ends with a transaction marker, so the last entry is a little before the end.
      for (let back = 4, from = end; from > 0; back *= 16) {
        from = Math.max(0, from - back);
        let last = start;
        for await (const messages of reader.fetchAll(from)) last = entriesIn(messages).at(-1)?.offset ?? last;
        if (last !== start) return last;
      }
      return start;
    } finally {
      await reader.close();
    }
  }

  async *follow(partition: number, after: Offset, signal: AbortSignal): AsyncIterable<Entry[]> {
    const reader = this.reader(partition);
    try {
      for (let from = after + 1; !signal.aborted;) {
        const fetched = await unlessAborted(reader.fetch(from, followWait, signal), signal);
        if (!fetched) return;
        from = fetched.next;
        for (const entries of inBatches(fetched.messages)) yield entries.map((entry) => this.withWhole(partition, entry));
      }
    } finally {
      await reader.close();
    }
  }

  async acquire(partition: number, signal?: AbortSignal): Promise<LogWriter> {
    this.check(partition);
    const { connection, kept, topic, partitions } = this;
    const writer = await KafkaLogWriter.acquire({ connection, kept, topic, partition, partitions, ...(signal && { signal }) });
    await this.writers.get(partition)?.end(new LogFenced(`${this.topic}-${partition} was acquired again`));
    this.writers.set(partition, writer);
    return writer;
  }

  /** Ends a partition's writer, so that none of its connections is open when another process takes over. */
  async release(partition: number): Promise<void> {
    await this.writers.get(partition)?.end(new LogFenced(`${this.topic}-${partition} was released`));
    this.writers.delete(partition);
  }

  /** A change that somebody made to the topic: another number of partitions, or removed records. `undefined` if there is none or the brokers don't answer. */
  async fault(): Promise<TopicRefused | HistoryRemoved | undefined> {
    const { connection, topic, partitions } = this;
    try {
      const found = await partitionsOf(connection);
      if (found !== partitions) return new TopicRefused(`${topic} has ${found} partitions now; it was created with ${partitions}`);
      for (const { partition, begin, end } of await boundsOf(connection, topic)) {
        const seen = this.ends.get(partition) ?? 0;
        if (begin > 0) return new HistoryRemoved(`${topic}-${partition} begins at offset ${begin}: the records before it were removed`);
        if (end < seen)
          return new HistoryRemoved(
            `${topic}-${partition} ends at offset ${end}; it had reached ${seen}: it was truncated or created again`,
          );
        this.ends.set(partition, end);
      }
      return undefined;
    } catch (error) {
      return error instanceof TopicMissing ? new HistoryRemoved(error.message) : undefined;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.writers.keys()].map((partition) => this.release(partition)));
    await this.kept.close();
  }

  private withWhole(partition: number, entry: Entry): Entry {
    if (entry.kind !== 'outcome' || !standsForWhole(entry.bytes)) return entry;
    return { ...entry, whole: () => this.kept.whole(partition, entry.bytes) };
  }

  private reader(partition: number): PartitionReader {
    this.check(partition);
    return new PartitionReader(this.connection, this.topic, partition);
  }

  private check(partition: number): void {
    if (!Number.isInteger(partition) || partition < 0 || partition >= this.partitions)
      throw new RangeError(`there is no partition ${partition}; there are ${this.partitions}`);
  }
}

function* inBatches(messages: readonly FetchedMessage[]): Iterable<Entry[]> {
  const entries = entriesIn(messages);
  for (let from = 0; from < entries.length; from += batchSize) yield entries.slice(from, from + batchSize);
}

function entriesIn(messages: readonly FetchedMessage[]): Entry[] {
  return messages.map(entryOf).filter((entry) => entry !== undefined);
}
