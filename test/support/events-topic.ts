/** Direct access to the events topic, for what no service does or reports. */
import { Kafka, logLevel } from 'kafkajs';
import { KafkaConnection } from '../../libs/kafka-client/connection.js';
import { PartitionReader } from '../../libs/event-log/kafka/partition-reader.js';
import type { Distributed } from './services.js';

type Where = Pick<Distributed, 'brokers' | 'prefix'>;

/** Writes a message, as any client with write access could. */
export async function forge(
  { brokers, prefix }: Where,
  message: { partition: number; key: string; value: string; headers: Record<string, string> },
): Promise<void> {
  const producer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).producer({ createPartitioner: () => () => message.partition });
  await producer.connect();
  await producer.send({ topic: `${prefix}.events`, messages: [message] });
  await producer.disconnect();
}

/** Whether a partition has writes that are neither committed nor aborted. */
export async function isTransactionOpen({ brokers, prefix }: Where, partition: number): Promise<boolean> {
  const connection = new KafkaConnection({ brokers, prefix, clientId: 'test' });
  const reader = new PartitionReader(connection, `${prefix}.events`, partition);
  try {
    const { end } = await reader.fetch(0, 0);
    // Readers get nothing from the start of an open transaction on.
    const last = await reader.fetch(Math.max(0, end - 1), 0);
    return last.next < last.end;
  } finally {
    await reader.close();
  }
}
