import type { Logger } from 'pino';
import type { KafkaEventLog } from '../libs/event-log/kafka/kafka-event-log.js';
import { TopicRefused } from '../libs/event-log/kafka/topics.js';

const lookEvery = 5_000;
/** A broker that has just become a leader may not know yet how far a partition had reached: what was removed is found missing so many times in a row. */
const missedInARow = 2;

export type TopicWatch = {
  /** Why nobody should rely on this process any more, `undefined` while all is well. */
  readonly fault: string | undefined;
  stop(): void;
};

/**
 * Looks every now and then whether the topic still is the one that the ledger was opened on. Where its partitions are others the process must not go on;
 * where history was removed it says so, once, and is no longer ready until somebody has looked into it and started it again.
 */
export function watchTopic(
  log: Pick<KafkaEventLog, 'fault'>,
  { logger, onLost, onRemoved }: { logger: Logger; onLost: (error: Error) => void; onRemoved?: (why: string) => void },
): TopicWatch {
  let removed: string | undefined;
  let missed = 0;
  let looking = false;
  const look = async () => {
    // Answers of a slow broker that overtake each other would look like a partition that became shorter.
    if (looking) return;
    looking = true;
    try {
      const fault = await log.fault();
      if (fault instanceof TopicRefused) onLost(fault);
      missed = fault ? missed + 1 : 0;
      if (fault && missed >= missedInARow && removed === undefined) {
        removed = `history was removed from Kafka: ${fault.message}`;
        logger.fatal({ error: fault }, 'history was removed from Kafka; this service is not ready any more');
        onRemoved?.(removed);
      }
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), lookEvery);
  return {
    get fault() {
      return removed;
    },
    stop() {
      clearInterval(timer);
    },
  };
}
