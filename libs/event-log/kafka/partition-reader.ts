/** Reads one partition by offset: from anywhere, any number of readers, no groups. */
import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailable, LogUnreadable } from '../ports.js';
import { errorTypes, messageOf, type KafkaConnection } from '../../kafka-client/connection.js';
import { PartitionClient, type Fetched } from '../../kafka-client/partition-client.js';
import type { FetchedMessage } from '../../kafka-client/record-batch.js';

/** How often a fetch is tried again while its leader moves, and the longest pause between, in milliseconds. */
const patience = { attempts: 60, pause: 500 } as const;
/** So often is an offset that the leader doesn't have asked for again, in case it has only just become the leader. */
const outOfRangeAttempts = 5;
/** How long a reader that wants everything up to an end waits at once for what is about to be decided, in milliseconds. */
const decidedWait = 50;

export class PartitionReader {
  private readonly client: PartitionClient;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
  ) {
    this.client = new PartitionClient(connection, topic, partition);
  }

  /**
   * What is committed from an offset on, at most a batch; waits up to `patientFor` milliseconds where there is nothing yet. Tried again while leaders move.
   * @throws {LogUnreadable} the partition no longer has that offset
   * @throws {LogUnavailable} no leader could be reached for long, or it is closed or `signal` aborted meanwhile
   */
  async fetch(from: number, patientFor: number, signal?: AbortSignal): Promise<Fetched> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.client.fetch(from, patientFor);
      } catch (cause) {
        const outOfRange = errorTypes(cause).includes('OFFSET_OUT_OF_RANGE');
        if (outOfRange && attempt >= outOfRangeAttempts)
          throw new LogUnreadable(
            from,
            `${this.topic}-${this.partition} has no offset ${from} any more: records were removed, or the topic was replaced`,
            { cause },
          );
        if (attempt >= patience.attempts || this.client.isClosed || signal?.aborted)
          throw new LogUnavailable(`${this.topic}-${this.partition} can't be read: ${messageOf(cause)}`, { cause });
        await this.client.disconnect();
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
      const messages = fetched.messages.filter(({ offset }) => offset < bound);
      if (messages.length > 0) yield messages;
    }
  }

  /** Lets go of its connections, of those that are being made included, and makes no more. */
  close(): Promise<void> {
    return this.client.close();
  }
}
