/** Grows the trees of the partitions that a projections service owns, signs their heads and has them cosigned. */
import { setTimeout as wait } from 'node:timers/promises';
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { LogUnreadable, type EventLog } from '../../libs/event-log/ports.js';
import type { Policy } from '../../libs/proof/notes/policy.js';
import type { CosignedHeads, SignedHeads, Trees } from '../../libs/proof/ports.js';
import { runProof } from '../../libs/proof/run-proof.js';

export type Proving = {
  log: EventLog;
  trees: Trees;
  signed: SignedHeads;
  cosigned: CosignedHeads;
  /** If absent, trees are grown, and nothing is signed. */
  key?: KeyObject;
  /** Whose cosignatures the signed heads need; nobody is asked for any if absent. */
  policy: Policy | undefined;
  host: string;
  logger: Logger;
  /** Told since when a newest head of a partition waits for cosignatures (milliseconds since 1970). */
  onWaiting: (partition: number, since: number | undefined) => void;
};

/** Milliseconds between a failure and the next try. */
const pause = 1_000;

/** Proves a partition until told to stop. What fails is tried again; a log that was changed ends it, and nothing else. */
export async function provePartition({ logger, onWaiting, ...proving }: Proving, partition: number, signal: AbortSignal): Promise<void> {
  const observer = {
    refused: (why: string) => {
      logger.error({ partition }, why);
    },
    troubled: (why: string, grave: boolean) => {
      logger[grave ? 'error' : 'warn']({ partition }, why);
    },
    recovered: (what: string) => {
      logger.info({ partition }, what);
    },
    waiting: (since: number | undefined) => {
      onWaiting(partition, since);
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
  onWaiting(partition, undefined);
}
