import type { Logger } from 'pino';
import type { KafkaEventLog } from '../libs/event-log/kafka/kafka-event-log.js';
import { TopicRefused } from '../libs/event-log/kafka/topics.js';

/** Milliseconds between two checks. */
const lookEvery = 5_000;
/** How many checks in a row must find history missing: a broker that has just become leader may not know the end of a partition yet. */
const missedInARow = 2;

export type TopicWatch = {
  /** Why this process is no longer ready; `undefined` while the topic is whole. */
  readonly fault: string | undefined;
  stop(): void;
};

/**
 * Checks every five seconds that the topic is still the one that the ledger was opened on. If the partitions changed, the process must end. If history
 * was removed, the process says so once and is not ready until an operator restarts it.
 */
export function watchTopic(
  log: Pick<KafkaEventLog, 'fault'>,
  { logger, onLost, onRemoved }: { logger: Logger; onLost: (error: Error) => void; onRemoved?: (why: string) => void },
): TopicWatch {
  let removed: string | undefined;
  let missed = 0;
  let looking = false;
  const look = async () => {
    // Answers of a slow broker could overtake each other and would then look like a partition that became shorter.
    if (looking) return;
    looking = true;
    try {
      const fault = await log.fault();
      if (fault instanceof TopicRefused) onLost(fault);
      missed = fault ? missed + 1 : 0;
      if (fault && missed >= missedInARow && removed === undefined) {
        removed = `history was removed from Kafka: ${fault.message}`;
        logger.fatal({ error: fault }, 'history was removed from Kafka; this service is no longer ready');
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
