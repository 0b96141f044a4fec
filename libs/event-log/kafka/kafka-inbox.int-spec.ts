import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Command } from '../../domain/commands.js';
import { kafkaForTests } from '../../../services/for-tests.js';
import { inboxContract, serving } from '../inbox.contract.js';
import { KafkaConnection } from '../../kafka-client/connection.js';
import { KafkaInbox } from './kafka-inbox.js';
import { ensureTopics } from './topics.js';

let kafka: Awaited<ReturnType<typeof kafkaForTests>>;
beforeAll(async () => {
  kafka = await kafkaForTests();
});
afterAll(() => kafka.stop());

async function open(): Promise<(instance: string, dryRunWithin?: number) => KafkaInbox> {
  const connection = new KafkaConnection({ brokers: kafka.brokers, prefix: `t-${randomUUID()}`, clientId: 'spec' });
  await ensureTopics(connection, { partitions: 4, replication: 1, minInSync: 1 });
  return (instance, dryRunWithin = 60_000) =>
    new KafkaInbox({
      connection,
      partitions: 4,
      instance,
      dryRunWithin,
      onLost: (error) => {
        throw error;
      },
    });
}

inboxContract('Kafka', async () => {
  const as = await open();
  return { as: (instance) => Promise.resolve(as(instance)), remove: () => Promise.resolve() };
});

it('an instance that comes back before its absence is noticed gets its old partitions, and no other instance is affected', async () => {
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

it('a dry run that nobody waits for any more is skipped, small or kept elsewhere, and the commands beside it are not', async () => {
  const as = await open();
  const [sender, owner] = [as('sender'), as('owner', -60_000)];
  const spending = (index: number, description = ''): Command => ({
    type: 'RecordSpending',
    programme: 'p',
    initiative: 'i',
    commandId: `c-${index}`,
    actor: { id: 'u', organisation: 'ministry', role: 'ministry' },
    data: { transactionId: `T-${index}`, amount: 1n, description },
  });
  const large = 'x'.repeat(3 * 1024 * 1024);
  await sender.send([{ dryRun: [spending(0)] }, { dryRun: [spending(1, large)] }, { command: spending(2) }]);
  const served = serving(owner);
  await served.until(() => served.taken.length === 3);
  expect(served.taken.map(({ received }) => ('lapsed' in received ? 'lapsed' : 'command' in received ? 'command' : 'other'))).toEqual([
    'lapsed',
    'lapsed',
    'command',
  ]);
  await Promise.all([sender, owner].map((inbox) => inbox.close()));
});
