/** The configured ledger, opened by this process, as the target of an import. */
import { existsSync } from 'node:fs';
import { readSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import type { Configuration } from '../../configuration.js';
import { makeLogger } from '../../service.js';
import { openEmbeddedLedger } from '../../standalone/embedded-ledger.js';
import { filesOf } from '../../standalone/ledger-files.js';
import type { ImportTarget } from '../aims/target.js';
import { isOnKafka } from '../ledger-at.js';
import { embeddedTarget } from './embedded-target.js';

/** Whether the configured ledger exists already; one on Kafka is not made by an import. */
export function hasLocalLedger(configuration: Configuration): boolean {
  return isOnKafka(configuration) || existsSync(filesOf(configuration).log);
}

/** Uses the configured ledger, embedded or distributed. @throws {LedgerLocked} the ledger is open in another process */
export async function withLocalTarget<T>(configuration: Configuration, use: (target: ImportTarget) => Promise<T>): Promise<T> {
  const lost = Promise.withResolvers<never>();
  if (isOnKafka(configuration)) {
    const { distributedSender } = await import('../distributed-ledger.js');
    const sender = await distributedSender(configuration, lost.reject);
    try {
      return await Promise.race([use(embeddedTarget(sender.commands, sender.log)), lost.promise]);
    } finally {
      await sender.close();
    }
  }
  const logger = makeLogger({ LOG_LEVEL: 'error' });
  const ledger = await openEmbeddedLedger(configuration, { logger, now: () => Date.now(), onLost: lost.reject });
  const log = readSqliteEventLog(filesOf(configuration).log);
  try {
    return await Promise.race([use(embeddedTarget(ledger.commands, log)), lost.promise]);
  } finally {
    await log.close();
    await ledger.close();
  }
}
