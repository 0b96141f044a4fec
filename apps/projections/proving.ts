/** Grows the trees of the partitions that a projections service owns, signs their heads, has them cosigned, and makes statements. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { KeyObject } from 'node:crypto';
import type { Logger } from 'pino';
import { LogUnreadable, type EventLog, type Inbox } from '../../libs/event-log/ports.js';
import type { Policy } from '../../libs/proof/notes/policy.js';
import type { CosignedHeads, SignedHeads, Trees } from '../../libs/proof/ports.js';
import { runProof } from '../../libs/proof/run-proof.js';
import { FoldedDocuments } from '../../libs/proof/sqlite/folded-documents.js';
import type { Statement, Statements } from '../../libs/proof/statements/ports.js';
import { publishCommand } from '../../libs/proof/statements/publish-command.js';
import { runStatements } from '../../libs/proof/statements/run-statements.js';
import { LedgerDamaged } from '../../libs/sqlite/database.js';
import { makeDataFolder } from '../private-folder.js';

export type Proving = {
  log: EventLog;
  trees: Trees;
  signed: SignedHeads;
  cosigned: CosignedHeads;
  /** If absent, trees are grown, and nothing is signed. */
  key?: KeyObject;
  /** The cosignatures that signed heads need; if absent, no witness is asked. */
  policy: Policy | undefined;
  host: string;
  logger: Logger;
  /** Told since when a newest head of a partition waits for cosignatures (milliseconds since 1970). */
  onWaiting: (partition: number, since: number | undefined) => void;
};

export type Stating = {
  log: EventLog;
  statements: Statements;
  /** The folder of this process's own files. */
  folder: string;
  /** Sends a statement to the service that records it. */
  inbox: Pick<Inbox, 'send'>;
  logger: Logger;
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

/** Makes the statements of a partition until told to stop. What fails is tried again; a log that was changed ends it, and nothing else. */
export async function statePartition(
  { log, statements, folder, inbox, logger }: Stating,
  partition: number,
  signal: AbortSignal,
): Promise<void> {
  const publish = async (statement: Statement) => {
    await inbox.send([{ command: publishCommand(statement) }]);
  };
  const file = join(folder, `documents-${partition}.sqlite`);
  while (!signal.aborted)
    try {
      await makeDataFolder(folder);
      const documents = FoldedDocuments.open(file);
      try {
        await runStatements({ log, partition, documents, statements, now: () => Date.now(), publish }, signal);
      } finally {
        documents.close();
      }
    } catch (error) {
      if (error instanceof LogUnreadable) {
        logger.fatal({ partition, error }, 'no statements of the programmes of a partition are made any more');
        return;
      }
      if (error instanceof LedgerDamaged) for (const part of ['-wal', '-shm', '']) rmSync(file + part, { force: true });
      logger.error({ partition, error }, 'statements can’t be made now; trying again');
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
}
