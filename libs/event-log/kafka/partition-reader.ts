/** Reads one partition by offset: from anywhere, any number of readers, no groups. */
import Batch from 'kafkajs/src/consumer/batch.js';
import type Cluster from 'kafkajs/src/cluster/index.js';
import type { FetchedMessage } from 'kafkajs/src/cluster/index.js';
import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailable, LogUnreadable } from '../ports.js';
import { errorTypes, messageOf, type KafkaConnection } from './connection.js';

const atOnce = 1024 * 1024;
const readCommitted = 1;
/** How often a fetch is tried again while its leader moves, and the longest pause between, in milliseconds. */
const patience = { attempts: 60, pause: 500 } as const;
/** So often is an offset that the leader doesn't have asked for again, in case it has only just become the leader. */
const outOfRangeAttempts = 5;

/** Messages in order, and where to go on. The partition ends at `end`; what lies before it may still be about to be committed or undone. */
export type Fetched = { messages: FetchedMessage[]; next: number; end: number };
/** How long a reader that wants everything up to an end waits at once for what is about to be decided, in milliseconds. */
const decidedWait = 50;

export class PartitionReader {
  private cluster: Promise<Cluster> | undefined;
  private closed = false;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
  ) {}

  /**
   * What is committed from an offset on, at most a batch; waits up to `patientFor` milliseconds where there is nothing yet. Tried again while leaders move.
   * @throws {LogUnreadable} the partition no longer has that offset
   * @throws {LogUnavailable} no leader could be reached for long, or it is closed or `signal` aborted meanwhile
   */
  async fetch(from: number, patientFor: number, signal?: AbortSignal): Promise<Fetched> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.fetchOnce(from, patientFor);
      } catch (cause) {
        const outOfRange = errorTypes(cause).includes('OFFSET_OUT_OF_RANGE');
        if (outOfRange && attempt >= outOfRangeAttempts)
          throw new LogUnreadable(
            from,
            `${this.topic}-${this.partition} has no offset ${from} any more: records were removed, or the topic was replaced`,
            { cause },
          );
        if (attempt >= patience.attempts || this.closed || signal?.aborted)
          throw new LogUnavailable(`${this.topic}-${this.partition} can't be read: ${messageOf(cause)}`, { cause });
        await this.disconnect();
        await wait(Math.min(patience.pause, 10 * 2 ** attempt), undefined, { ...(signal && { signal }) }).catch(() => undefined);
      }
    }
  }

  /** Everything committed from an offset on, to the end as of the call, an append that has been acknowledged included. */
  async *fetchAll(from: number): AsyncIterable<FetchedMessage[]> {
    let end: number | undefined;
    for (let at = from; end === undefined || at < end;) {
      const fetched = await this.fetch(at, end === undefined ? 0 : decidedWait);
      const bound = (end ??= fetched.end);
      at = fetched.next;
      const messages = fetched.messages.filter(({ offset }) => Number(offset) < bound);
      if (messages.length > 0) yield messages;
    }
  }

  /** Lets go of its connections, of those that are being made included, and makes no more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.disconnect();
  }

  private async disconnect(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    await (await cluster?.catch(() => undefined))?.disconnect().catch(() => undefined);
  }

  private async fetchOnce(from: number, patientFor: number): Promise<Fetched> {
    const { topic, partition } = this;
    if (this.closed) throw new Error('the reader is closed');
    const cluster = await (this.cluster ??= this.connected());
    const leader = cluster.findTopicPartitionMetadata(topic).find(({ partitionId }) => partitionId === partition)?.leader;
    if (leader === undefined || leader < 0) throw new Error(`${topic}-${partition} has no leader`);
    const broker = await cluster.findBroker({ nodeId: String(leader) });
    const { responses } = await broker.fetch({
      maxWaitTime: patientFor,
      minBytes: patientFor > 0 ? 1 : 0,
      maxBytes: atOnce,
      isolationLevel: readCommitted,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: atOnce }] }],
    });
    const fetched = responses[0]?.partitions[0];
    if (!fetched) throw new Error(`${topic}-${partition} was not in the answer`);
    const last = fetched.messages.at(-1);
    return {
      messages: new Batch(topic, String(from), fetched).messages,
      next: last ? Math.max(from, Number(last.offset) + 1) : from,
      end: Number(fetched.highWatermark),
    };
  }

  private async connected(): Promise<Cluster> {
    const cluster = this.connection.cluster();
    try {
      await cluster.connect();
      await cluster.addTargetTopic(this.topic);
      return cluster;
    } catch (error) {
      await cluster.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
