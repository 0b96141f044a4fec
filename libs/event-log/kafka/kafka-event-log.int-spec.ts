import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import murmur2 from 'kafkajs/src/producer/partitioners/default/murmur2.js';
import { kafkaForTests } from '../../../services/for-tests.js';
import { eventLogContract } from '../event-log.contract.js';
import { partitionOf } from '../partition-of.js';
import { start } from '../ports.js';
import { KafkaConnection } from '../../kafka-client/connection.js';
import { openKafkaEventLog } from './kafka-event-log.js';

const one = { partitions: 1, replication: 1, minInSync: 1 };
let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
beforeAll(async () => {
  kafka = await kafkaForTests();
});
afterAll(() => kafka.stop());

const connection = () => new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });

eventLogContract('Kafka', async () => ({ log: await openKafkaEventLog(connection(), one), remove: () => Promise.resolve() }));

describe('the outcome of a dry run', () => {
  it('is not on the topic that is kept for ever, which names its offset elsewhere', async () => {
    const log = await openKafkaEventLog(connection(), one);
    const outcomes = new TextEncoder().encode(JSON.stringify({ outcomes: 'x'.repeat(1_000_000) }));
    await (await log.acquire(0)).append([{ kind: 'outcome', bytes: outcomes, expires: true }]);
    const kept = [];
    for await (const entries of log.read(0, start)) kept.push(...entries.map(({ bytes }) => Buffer.from(bytes).toString()));
    expect(kept).toEqual(['{"kept":[0,1]}']);
    await log.close();
  });
});

describe('a programme’s partition', () => {
  it('is the one that Kafka’s own partitioner chooses', () => {
    for (let index = 0; index < 1_000; index++) {
      const programme = `programme-${index}`.slice(0, (index % 13) + 1);
      expect(partitionOf(programme, 12)).toBe((murmur2(programme) & 0x7fffffff) % 12);
    }
  });
});
