/** Writes one partition under a transactional id, which only one producer holds at a time. */
import type { KafkaConnection } from './connection.js';
import { PartitionClient } from './partition-client.js';
import { encodeBatch, type OutgoingMessage } from './record-batch.js';

/** Time (ms) after which the brokers abort the transaction of a dead owner, unless the next owner does so earlier. */
const transactionTimeout = 15_000;
/** Sequence numbers start again from 0 at this number. */
const sequences = 2 ** 31;

type Held = { transactionalId: string; producerId: string; producerEpoch: number };

/** Must not be used again after an error: a request that was under way may still take effect. */
export class TransactionalProducer {
  private readonly client: PartitionClient;
  private readonly transactionalId: string;
  private held: Held | undefined;
  private sequence = 0;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
    private readonly partition: number,
  ) {
    this.client = new PartitionClient(connection, topic, partition);
    this.transactionalId = `${topic}-${partition}`;
  }

  /** Takes the transactional id over: fences every earlier holder, and aborts its open transaction. Fences nobody once `signal` is aborted. */
  async takeOver(signal?: AbortSignal): Promise<void> {
    const { client, transactionalId } = this;
    this.held = await client.patiently(async () => {
      const coordinator = await client.coordinator(transactionalId);
      signal?.throwIfAborted();
      const { producerId, producerEpoch } = await coordinator.initProducerId({ transactionalId, transactionTimeout });
      return { transactionalId, producerId, producerEpoch };
    }, signal);
  }

  /** Writes messages in one transaction and commits it. @returns the offset of the first message */
  async write(messages: readonly OutgoingMessage[]): Promise<number> {
    const offset = await this.begin(messages);
    await this.end();
    return offset;
  }

  /** Writes messages in a transaction and leaves it open. @returns the offset of the first message */
  async begin(messages: readonly OutgoingMessage[]): Promise<number> {
    const { client, topic, partition, transactionalId, held } = this;
    if (!held) throw new Error(`the transactional id ${transactionalId} is not held`);
    const producer = { id: BigInt(held.producerId), epoch: held.producerEpoch, firstSequence: this.sequence };
    const batch = encodeBatch(messages, Date.now(), producer);
    await client.patiently(async () => {
      await (await client.coordinator(transactionalId)).addPartitionsToTxn({ ...held, topics: [{ topic, partitions: [partition] }] });
    });
    // Brokers don't write a batch twice that is sent again with the same sequence number.
    const offset = await client.patiently(() => client.produce(batch, transactionalId));
    this.sequence = (this.sequence + messages.length) % sequences;
    return offset;
  }

  /** Commits the open transaction. It asks only once: after an error it is not known whether the transaction was committed. */
  async end(): Promise<void> {
    const { held } = this;
    if (!held) throw new Error(`the transactional id ${this.transactionalId} is not held`);
    await (await this.client.coordinator(this.transactionalId)).endTxn({ ...held, transactionResult: true });
  }

  /** Closes its connections. */
  close(): Promise<void> {
    return this.client.close();
  }
}
