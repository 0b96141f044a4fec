/** Writes one partition under a transactional id, which one producer holds at a time. */
import type { KafkaConnection } from './connection.js';
import { PartitionClient } from './partition-client.js';
import { encodeBatch, type OutgoingMessage } from './record-batch.js';

/** A transaction of an owner that died is undone after this many milliseconds, unless the next owner does so before. */
const transactionTimeout = 15_000;
/** Sequence numbers begin again beyond this. */
const sequences = 2 ** 31;

type Held = { transactionalId: string; producerId: string; producerEpoch: number };

/** Not to be used again after an error: whatever was under way then may still come to its end. */
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

  /** Takes the transactional id over: every earlier holder is fenced, and what it left open is undone. Nobody is fenced once `signal` is aborted. */
  async takeOver(signal?: AbortSignal): Promise<void> {
    const { client, transactionalId } = this;
    this.held = await client.patiently(async () => {
      const coordinator = await client.coordinator(transactionalId);
      signal?.throwIfAborted();
      const { producerId, producerEpoch } = await coordinator.initProducerId({ transactionalId, transactionTimeout });
      return { transactionalId, producerId, producerEpoch };
    }, signal);
  }

  /** Writes messages in one transaction, which is committed when it resolves. @returns the offset of the first message */
  async write(messages: readonly OutgoingMessage[]): Promise<number> {
    const offset = await this.begin(messages);
    await this.end();
    return offset;
  }

  /** Writes messages in a transaction that it leaves open. @returns the offset of the first message */
  async begin(messages: readonly OutgoingMessage[]): Promise<number> {
    const { client, topic, partition, transactionalId, held } = this;
    if (!held) throw new Error(`the transactional id ${transactionalId} is not held`);
    const producer = { id: BigInt(held.producerId), epoch: held.producerEpoch, firstSequence: this.sequence };
    const batch = encodeBatch(messages, Date.now(), producer);
    await client.patiently(async () => {
      await (await client.coordinator(transactionalId)).addPartitionsToTxn({ ...held, topics: [{ topic, partitions: [partition] }] });
    });
    // The same batch under the same number again is not written twice.
    const offset = await client.patiently(() => client.produce(batch, transactionalId));
    this.sequence = (this.sequence + messages.length) % sequences;
    return offset;
  }

  /** Ends what was begun. It is asked for once: what became of it after an error is not known. */
  async end(): Promise<void> {
    const { held } = this;
    if (!held) throw new Error(`the transactional id ${this.transactionalId} is not held`);
    await (await this.client.coordinator(this.transactionalId)).endTxn({ ...held, transactionResult: true });
  }

  /** Lets go of its connections. */
  close(): Promise<void> {
    return this.client.close();
  }
}
