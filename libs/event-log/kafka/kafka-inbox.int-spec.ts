import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { kafkaForTests } from '../../../services/for-tests.js';
import { inboxContract } from '../inbox.contract.js';
import { KafkaConnection } from './connection.js';
import { KafkaInbox } from './kafka-inbox.js';
import { ensureTopics } from './topics.js';

let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
beforeAll(async () => {
  kafka = await kafkaForTests();
});
afterAll(() => kafka.stop());

inboxContract('Kafka', async () => {
  const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });
  await ensureTopics(connection, { partitions: 4, replication: 1, minInSync: 1 });
  return {
    as: (instance) =>
      Promise.resolve(
        new KafkaInbox({
          connection,
          partitions: 4,
          instance,
          onLost: (error) => {
            throw error;
          },
        }),
      ),
    remove: () => Promise.resolve(),
  };
});
