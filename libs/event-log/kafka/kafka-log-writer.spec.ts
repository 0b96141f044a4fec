import { describe, expect, it } from '@jest/globals';
import { KafkaConnection } from '../../kafka-client/connection.js';
import { KafkaLogWriter } from './kafka-log-writer.js';
import { KeptForADay } from './kept-for-a-day.js';

describe('acquiring a partition that can’t be reached', () => {
  // There is no broker at this address.
  const connection = new KafkaConnection({ brokers: ['127.0.0.1:1'], prefix: 'p', clientId: 'test' });
  const kept = new KeptForADay(connection);
  const acquire = (signal: AbortSignal) =>
    KafkaLogWriter.acquire({ connection, kept, topic: 'p.events', partition: 0, partitions: 1, signal });

  it('ends with the given reason if it was given up meanwhile, and not with a fault of the partition', async () => {
    const reason = new Error('it is another’s');
    const giving = new AbortController();
    const acquired = acquire(giving.signal);
    giving.abort(reason);
    await expect(acquired).rejects.toBe(reason);
  });
});
