import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import type { KafkaEventLog } from '../libs/event-log/kafka/kafka-event-log.js';
import { HistoryRemoved } from '../libs/event-log/kafka/topics.js';
import { watchTopic } from './watch-topic.js';

type Fault = Awaited<ReturnType<KafkaEventLog['fault']>>;

/** A log whose brokers answer a check when the test lets them. */
function slowLog() {
  const asked: PromiseWithResolvers<Fault>[] = [];
  const fault = () => {
    const answer = Promise.withResolvers<Fault>();
    asked.push(answer);
    return answer.promise;
  };
  return { asked, log: { fault } };
}

describe('the watch over the topic', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('begins no look while one waits for the brokers', async () => {
    const { asked, log } = slowLog();
    const watch = watchTopic(log, { logger: pino({ enabled: false }), onLost: () => undefined });
    await jest.advanceTimersByTimeAsync(20_000);
    expect(asked).toHaveLength(1);
    asked[0]?.resolve(undefined);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveLength(2);
    watch.stop();
  });

  it('says that history was removed once two looks in a row found it missing', async () => {
    const { asked, log } = slowLog();
    const told: string[] = [];
    const watch = watchTopic(log, { logger: pino({ enabled: false }), onLost: () => undefined, onRemoved: (why) => told.push(why) });
    for (const fault of [new HistoryRemoved('gone'), undefined, new HistoryRemoved('gone'), new HistoryRemoved('gone')]) {
      expect(told).toEqual([]);
      await jest.advanceTimersByTimeAsync(5_000);
      asked.at(-1)?.resolve(fault);
      await jest.advanceTimersByTimeAsync(0);
    }
    expect(told).toEqual(['history was removed from Kafka: gone']);
    watch.stop();
  });
});
