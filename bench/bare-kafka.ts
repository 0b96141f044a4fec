/** The yardstick of Kafka with kafkajs alone: writes bytes to a topic, writes other bytes in a transaction, and reads those back. */
import type { Consumer, Kafka, Message, Producer } from 'kafkajs';

export type BareKafka = { send(bytes: Buffer): Promise<void>; close(): Promise<void> };

/** Opens it over two existing topics of one partition each. */
export async function openBareKafka(kafka: Kafka, { commands, events }: { commands: string; events: string }): Promise<BareKafka> {
  const sender = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const writer = kafka.producer({ transactionalId: events, idempotent: true, maxInFlightRequests: 1 });
  const taker = kafka.consumer({ groupId: `${commands}.bare`, maxWaitTimeInMs: 250, minBytes: 1 });
  const reader = kafka.consumer({ groupId: `${events}.bare`, maxWaitTimeInMs: 250, minBytes: 1 });
  const waiting = new Map<string, () => void>();
  await Promise.all([sender, writer, taker, reader].map((one: Producer | Consumer) => one.connect()));
  await taker.subscribe({ topic: commands, fromBeginning: true });
  await reader.subscribe({ topic: events, fromBeginning: true });
  await taker.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (let from = 0; from < batch.messages.length; from += 1_000) {
        const messages = batch.messages.slice(from, from + 1_000).map(({ key, value }) => ({ key, value }));
        const transaction = await writer.transaction();
        await transaction.send({ topic: events, acks: -1, messages });
        await transaction.commit();
      }
    },
  });
  await reader.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const { key } of batch.messages) {
        const id = key?.toString() ?? '';
        waiting.get(id)?.();
        waiting.delete(id);
      }
      return Promise.resolve();
    },
  });
  let number = 0;
  let gathered: Message[] = [];
  let sending = false;
  const flush = async () => {
    sending = true;
    while (gathered.length > 0) {
      const messages = gathered;
      gathered = [];
      await sender.send({ topic: commands, acks: -1, messages });
    }
    sending = false;
  };
  return {
    send(bytes) {
      const key = `k-${number++}`;
      return new Promise((resolve, reject) => {
        waiting.set(key, resolve);
        gathered.push({ key, value: bytes });
        if (!sending) setImmediate(() => void (sending || flush().catch(reject)));
      });
    },
    async close() {
      await Promise.all([sender, writer, taker, reader].map((one: Producer | Consumer) => one.disconnect()));
    },
  };
}
