import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import murmur2 from 'kafkajs/src/producer/partitioners/default/murmur2.js';
import { kafkaForTests } from '../../../services/for-tests.js';
import { eventLogContract } from '../event-log.contract.js';
import { partitionOf } from '../partition-of.js';
import { KafkaConnection } from './connection.js';
import { openKafkaEventLog } from './kafka-event-log.js';

const one = { partitions: 1, replication: 1, minInSync: 1 };
let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
beforeAll(async () => {
  kafka = await kafkaForTests();
});
afterAll(() => kafka.stop());

const connection = () => new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });

eventLogContract('Kafka', async () => ({ log: await openKafkaEventLog(connection(), one), remove: () => Promise.resolve() }));

describe('a programme’s partition', () => {
  it('is where Kafka’s own partitioner puts it', () => {
    for (let index = 0; index < 1_000; index++) {
      const programme = `programme-${index}`.slice(0, (index % 13) + 1);
      expect(partitionOf(programme, 12)).toBe((murmur2(programme) & 0x7fffffff) % 12);
    }
  });
});
