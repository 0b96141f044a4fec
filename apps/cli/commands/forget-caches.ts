import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaAddressIn } from '../../../libs/kafka-client/connection.js';
import { lockForWriting } from '../../../libs/event-log/sqlite/writer-lock.js';
import type { Configuration } from '../../configuration.js';
import { moveAside } from '../../standalone/caches.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { isOnKafka } from '../ledger-at.js';
import { UserError } from '../output.js';

export type MovedCache = { from: string; to: string };

/**
 * Renames the caches of a ledger that is not served, so that the next start folds them again. It deletes nothing, because the caches may be evidence of
 * records that the log once held. @throws {LedgerLocked} the ledger is served @throws {UserError} there is no data folder
 */
export function forgetCaches(configuration: Configuration, now: Date): MovedCache[] {
  const { DATA_DIR } = configuration;
  if (!existsSync(DATA_DIR)) throw new UserError(`there is no folder ${DATA_DIR}; name the ledger's folder with --data or DATA_DIR`);
  const suffix = `.forgotten-${now.toISOString().replace(/[-:]|\.\d+/g, '')}`;
  if (isOnKafka(configuration)) return moveAside(cachesOnKafka(configuration), suffix);
  const { log, models, states, trees, documents, statements } = filesOf(configuration);
  const lock = lockForWriting(`${log}.lock`);
  try {
    return moveAside([states, trees, documents, statements, ...(configuration.READ_MODELS.startsWith('sqlite:') ? [models] : [])], suffix);
  } finally {
    lock.release();
  }
}

/** The files of services on Kafka, one per partition: the state stores of a commands service, and what a projections service folds statements from. */
function cachesOnKafka({ DATA_DIR, EVENT_LOG }: Configuration): string[] {
  const { prefix } = kafkaAddressIn(EVENT_LOG);
  const isStates = (name: string) => name.startsWith(`${prefix}-`) && /^\d+\.states$/.test(name.slice(prefix.length + 1));
  const names = readdirSync(DATA_DIR).filter((name) => isStates(name) || /^documents-\d+\.sqlite$/.test(name));
  return names.sort().map((name) => join(DATA_DIR, name));
}
