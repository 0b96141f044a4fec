/** A transactional producer that is kept after an error, as the ledger never does: it asks for the end of a transaction again, and begins the next. */
import type Cluster from 'kafkajs/src/cluster/index.js';
import type { Broker } from 'kafkajs/src/cluster/index.js';
import type { NewEntry } from '../../ports.js';
import type { KafkaConnection } from '../connection.js';
import { messageOfEntry } from '../event-message.js';

/** What finds the coordinator of a transaction, in Kafka's protocol. */
const ofTransactions = 1;
const attempts = 5;

export class KeptProducer {
  private sequence = 0;

  private constructor(
    private readonly cluster: Cluster,
    private readonly topic: string,
    private readonly id: { transactionalId: string; producerId: string; producerEpoch: number },
  ) {}

  static async acquire(connection: KafkaConnection, topic: string): Promise<KeptProducer> {
    const cluster = connection.cluster();
    await cluster.connect();
    await cluster.addTargetTopic(topic);
    const transactionalId = `${topic}-0`;
    const coordinator = await cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: ofTransactions });
    const { producerId, producerEpoch } = await coordinator.initProducerId({ transactionalId, transactionTimeout: 15_000 });
    return new KeptProducer(cluster, topic, { transactionalId, producerId, producerEpoch });
  }

  async append(entries: readonly NewEntry[]): Promise<void> {
    await this.begin(entries);
    await this.end();
  }

  /** Writes in a transaction that it does not end. */
  async begin(entries: readonly NewEntry[]): Promise<void> {
    const { topic, id } = this;
    const coordinator = await this.coordinator();
    await coordinator.addPartitionsToTxn({ ...id, topics: [{ topic, partitions: [0] }] });
    const leader = this.cluster.findTopicPartitionMetadata(topic)[0]?.leader;
    const broker = await this.cluster.findBroker({ nodeId: String(leader) });
    const messages = entries.map((entry) => ({ ...messageOfEntry(entry, 0), timestamp: String(Date.now()) }));
    await broker.produce({
      ...id,
      topicData: [{ topic, partitions: [{ partition: 0, firstSequence: this.sequence, messages }] }],
    });
    this.sequence += entries.length;
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  private async end(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await (await this.coordinator()).endTxn({ ...this.id, transactionResult: true });
        return;
      } catch (error) {
        if (attempt >= attempts) throw error;
        await this.cluster.refreshMetadata().catch(() => undefined);
      }
    }
  }

  private coordinator(): Promise<Broker> {
    return this.cluster.findGroupCoordinator({ groupId: this.id.transactionalId, coordinatorType: ofTransactions });
  }
}
