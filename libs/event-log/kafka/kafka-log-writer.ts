/** The writer of a partition. It uses one transactional producer, and ends at the first error. */
import { randomUUID } from 'node:crypto';
import { LogFenced, LogUnavailable, LogUnreadable, OutcomeUnknown, start, type LogWriter, type NewEntry, type Offset } from '../ports.js';
import { errorTypes, messageOf, type KafkaConnection } from '../../kafka-client/connection.js';
import { genesisIn, logFormat, messageOfEntry, ownMessage, ownTypes, type Genesis } from './event-message.js';
import type { KeptForADay } from './kept-for-a-day.js';
import { PartitionReader } from './partition-reader.js';
import type { FetchedMessage, OutgoingMessage } from '../../kafka-client/record-batch.js';
import { TopicRefused } from './topics.js';
import { TransactionalProducer } from '../../kafka-client/transactional-producer.js';

/** The longest wait of one fetch for the ownership mark, in milliseconds. */
const markWait = 250;
const fencedBy = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'TRANSACTIONAL_ID_FENCED', 'INVALID_PRODUCER_ID_MAPPING']);

type Acquiring = {
  connection: KafkaConnection;
  kept: KeptForADay;
  topic: string;
  partition: number;
  partitions: number;
  signal?: AbortSignal;
};

export class KafkaLogWriter implements LogWriter {
  private ended: Error | undefined;

  private constructor(
    private readonly producer: TransactionalProducer,
    private readonly topic: string,
    private readonly partition: number,
    private readonly kept: KeptForADay,
  ) {}

  /**
   * Fences every earlier writer, marks the partition as its own, and waits until it can read the mark: every transaction before it has ended by then.
   * @throws {TopicRefused} the partition is not that of this ledger @throws {LogFenced} another writer acquired it meanwhile @throws {LogUnavailable}
   */
  static async acquire({ connection, kept, topic, partition, partitions, signal }: Acquiring): Promise<KafkaLogWriter> {
    const producer = new TransactionalProducer(connection, topic, partition);
    const reader = new PartitionReader(connection, topic, partition);
    const writer = new KafkaLogWriter(producer, topic, partition, kept);
    try {
      await producer.takeOver(signal);
      const { isNew } = await checkGenesis(reader, topic, { partition, partitions, format: logFormat });
      const mark = randomUUID();
      const messages = [
        ...(isNew ? [ownMessage(ownTypes.genesis, { partition, partitions, format: logFormat })] : []),
        ownMessage(ownTypes.ownership, { mark }),
      ];
      const offset = await writer.transact(messages);
      await seen(reader, offset + messages.length - 1);
      return writer;
    } catch (error) {
      await writer.end(error);
      if (error instanceof TopicRefused || error instanceof LogFenced) throw error;
      // If the partition has another owner by now, the error doesn't matter.
      signal?.throwIfAborted();
      throw new LogUnavailable(`${topic}-${partition} can't be acquired: ${messageOf(error)}`, { cause: error });
    } finally {
      await reader.close();
    }
  }

  async append(entries: readonly NewEntry[]): Promise<Offset[]> {
    if (entries.length === 0) return [];
    const whole = entries.some(({ expires }) => expires) ? await Promise.all(entries.map((entry) => this.checkedIn(entry))) : entries;
    const offset = await this.transact(whole.map(messageOfEntry));
    return entries.map((_entry, index) => offset + index);
  }

  /** From now on this writer writes nothing. */
  async end(why: unknown): Promise<void> {
    this.ended ??= Error.isError(why) ? why : new Error(String(why));
    await this.producer.close();
  }

  /** Keeps an expiring entry's bytes elsewhere before the log refers to them. If that takes too long, the log says so: other commands don't wait for it. */
  private async checkedIn(entry: NewEntry): Promise<NewEntry> {
    if (!entry.expires) return entry;
    const bytes = await this.kept.keepInTime(this.partition, entry.bytes);
    return { ...entry, bytes };
  }

  /** @returns the offset of the first message */
  private async transact(messages: readonly OutgoingMessage[]): Promise<Offset> {
    if (this.ended instanceof LogFenced) throw this.ended;
    if (this.ended)
      throw new OutcomeUnknown(`the writer of ${this.topic}-${this.partition} has ended: ${this.ended.message}`, { cause: this.ended });
    try {
      return await this.producer.write(messages);
    } catch (cause) {
      // A late answer to an old request could decide a later transaction of the same producer, so none is begun.
      const error = this.errorOf(cause);
      void this.end(error);
      throw error;
    }
  }

  private errorOf(cause: unknown): Error {
    const where = `${this.topic}-${this.partition}`;
    if (errorTypes(cause).some((type) => fencedBy.has(type)))
      return new LogFenced(`${where} has another writer now, or the brokers gave up a transaction that took too long`, { cause });
    return new OutcomeUnknown(`it is not known whether ${where} was written: ${messageOf(cause)}`, { cause });
  }
}

/** @throws {TopicRefused} the partition was created among another number of partitions, or in another format */
export async function checkGenesis(reader: PartitionReader, topic: string, own: Genesis): Promise<{ isNew: boolean }> {
  const where = `${topic}-${own.partition}`;
  const first = await firstOf(reader, where);
  if (first) {
    const genesis = genesisIn(first);
    if (!genesis) throw new TopicRefused(`${where} does not begin as a ledger does: it is another’s, or its first records were removed`);
    if (genesis.format !== own.format)
      throw new TopicRefused(`${where} is written in format ${genesis.format}; this version reads ${own.format}`);
    if (genesis.partitions !== own.partitions || genesis.partition !== own.partition)
      throw new TopicRefused(
        `${where} was created as partition ${genesis.partition} of ${genesis.partitions}, and there are ${own.partitions}: a programme’s records would be looked for elsewhere`,
      );
    return { isNew: false };
  }
  return { isNew: true };
}

/** @throws {TopicRefused} its first records were removed */
async function firstOf(reader: PartitionReader, where: string): Promise<FetchedMessage | undefined> {
  try {
    for await (const [first] of reader.fetchAll(start + 1)) if (first) return first;
    return undefined;
  } catch (cause) {
    if (cause instanceof LogUnreadable)
      throw new TopicRefused(`${where} does not begin at offset 0: its first records were removed`, { cause });
    throw cause;
  }
}

async function seen(reader: PartitionReader, offset: Offset): Promise<void> {
  for (let { next } = await reader.fetch(offset, markWait); next <= offset;) ({ next } = await reader.fetch(offset, markWait));
}
