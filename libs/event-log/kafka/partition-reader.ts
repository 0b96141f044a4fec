/** Reads one partition by offset, from any offset. There may be any number of readers, without consumer groups. */
import { setTimeout as wait } from 'node:timers/promises';
import { LogUnavailable, LogUnreadable } from '../ports.js';
import { errorTypes, messageOf, type KafkaConnection } from '../../kafka-client/connection.js';
import { PartitionClient, type Fetched } from '../../kafka-client/partition-client.js';
import type { FetchedMessage } from '../../kafka-client/record-batch.js';

/** The most attempts of a fetch while the leader moves, and the longest pause (ms) between them. */
const patience = { attempts: 60, pause: 500 } as const;
/** The most requests for an offset that the leader doesn't have: it may only just have become the leader. */
const outOfRangeAttempts = 5;
/** The longest wait of one fetch for open transactions before a known end, in milliseconds. */
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
   * Fetches committed messages from an offset on, at most a batch, and waits up to `patientFor` milliseconds if there are none yet. Tries again while leaders
   * move.
   * @throws {LogUnreadable} the partition no longer has that offset
   * @throws {LogUnavailable} no leader could be reached for long, the reader was closed, or `signal` was aborted
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

  /** Fetches all committed messages from an offset on, to the end as of the call, which includes every acknowledged append. */
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

  /** Closes its connections, including those that are being made, and makes no more. */
  close(): Promise<void> {
    return this.client.close();
  }
}
