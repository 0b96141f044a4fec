/** Grows the trees of the partitions that a projections service owns, and signs their heads. */
import { setTimeout as wait } from 'node:timers/promises';
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { LogUnreadable, type EventLog } from '../../libs/event-log/ports.js';
import type { SignedHeads, Trees } from '../../libs/proof/ports.js';
import { runProof } from '../../libs/proof/run-proof.js';

export type Proving = {
  log: EventLog;
  trees: Trees;
  signed: SignedHeads;
  /** If absent, trees are grown, and nothing is signed. */
  key?: KeyObject;
  host: string;
  logger: Logger;
};

/** Milliseconds between a failure and the next try. */
const pause = 1_000;

/** Proves a partition until told to stop. What fails is tried again; a log that was changed ends it, and nothing else. */
export async function provePartition({ logger, ...proving }: Proving, partition: number, signal: AbortSignal): Promise<void> {
  const observer = {
    refused: (why: string) => {
      logger.error({ partition }, why);
    },
  };
  while (!signal.aborted)
    try {
      await runProof({ ...proving, partition, now: () => Date.now(), observer }, signal);
    } catch (error) {
      if (error instanceof LogUnreadable) {
        logger.fatal(
          { partition, error },
          'the Merkle trees of a partition are no longer updated, and no checkpoint of its programmes is signed',
        );
        return;
      }
      logger.error({ partition, error }, 'the Merkle trees can’t be updated now; trying again');
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
}
