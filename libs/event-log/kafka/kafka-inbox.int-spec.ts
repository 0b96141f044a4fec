import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { kafkaForTests } from '../../../services/for-tests.js';
import { inboxContract, serving } from '../inbox.contract.js';
import { KafkaConnection } from './connection.js';
import { KafkaInbox } from './kafka-inbox.js';
import { ensureTopics } from './topics.js';

let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
beforeAll(async () => {
  kafka = await kafkaForTests();
});
afterAll(() => kafka.stop());

async function open(): Promise<(instance: string) => KafkaInbox> {
  const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });
  await ensureTopics(connection, { partitions: 4, replication: 1, minInSync: 1 });
  return (instance) =>
    new KafkaInbox({
      connection,
      partitions: 4,
      instance,
      onLost: (error) => {
        throw error;
      },
    });
}

inboxContract('Kafka', async () => {
  const as = await open();
  return { as: (instance) => Promise.resolve(as(instance)), remove: () => Promise.resolve() };
});

it('an instance that comes back before anybody knows that it was gone gets what it had, and nobody else notices', async () => {
  const as = await open();
  const [one, gone, back] = [as('one'), as('two'), as('two')];
  const first = serving(one);
  await first.until(() => first.owned.size === 4);
  const before = serving(gone);
  await before.until(() => before.owned.size === 2);
  await first.until(() => first.owned.size === 2);
  const had = new Set(before.owned);
  const after = serving(back);
  await after.until(() => after.owned.size === 2);
  await before.until(() => before.owned.size === 0);
  expect(after.owned).toEqual(had);
  expect(first.owned.size).toBe(2);
  expect(first.begun).toHaveLength(4);
  await Promise.all([one, gone, back].map((inbox) => inbox.close()));
});
