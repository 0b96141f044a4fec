/** A transactional producer that goes on after an error, unlike the ledger's own: it ends a transaction again, and begins the next. */
import type { NewEntry } from '../../ports.js';
import type { KafkaConnection } from '../../../kafka-client/connection.js';
import { messageOfEntry } from '../event-message.js';
import { TransactionalProducer } from '../../../kafka-client/transactional-producer.js';

const attempts = 5;

export class KeptProducer {
  private constructor(private readonly producer: TransactionalProducer) {}

  static async acquire(connection: KafkaConnection, topic: string): Promise<KeptProducer> {
    const producer = new TransactionalProducer(connection, topic, 0);
    await producer.takeOver();
    return new KeptProducer(producer);
  }

  async append(entries: readonly NewEntry[]): Promise<void> {
    await this.begin(entries);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.producer.end();
        return;
      } catch (error) {
        if (attempt >= attempts) throw error;
      }
    }
  }

  /** Writes entries in a transaction and leaves it open. */
  async begin(entries: readonly NewEntry[]): Promise<void> {
    await this.producer.begin(entries.map(messageOfEntry));
  }

  close(): Promise<void> {
    return this.producer.close();
  }
}
