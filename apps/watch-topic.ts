import type { KafkaEventLog } from '../libs/event-log/kafka/kafka-event-log.js';

const lookEvery = 5_000;

/** Looks every now and then whether the topic still is the one that the ledger was opened on; a process must not go on where it is not. */
export function watchTopic(log: KafkaEventLog, onLost: (error: Error) => void): { stop(): void } {
  const timer = setInterval(() => {
    void log.fault().then((fault) => {
      if (fault !== undefined) onLost(new Error(fault));
    });
  }, lookEvery);
  return {
    stop() {
      clearInterval(timer);
    },
  };
}
