/** Opens the configured ledger, embedded or distributed, for the commands that read or write it. Loads what knows Kafka and MongoDB only for a ledger on them. */
import { existsSync } from 'node:fs';
import type { EventLog } from '../../libs/event-log/ports.js';
import { openSqliteEventLog, readSqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import type { ReadModels } from '../../libs/read-models/ports.js';
import { openSqliteReadModels } from '../../libs/read-models/sqlite/sqlite-read-models.js';
import { build } from '../../libs/projections/runner.js';
import { generationOfCode } from '../code-version.js';
import type { Configuration } from '../configuration.js';
import { makeDataFolder } from '../private-folder.js';
import { filesOf } from '../standalone/ledger-files.js';

export function isOnKafka({ EVENT_LOG }: Configuration): boolean {
  return EVENT_LOG.startsWith('kafka:');
}

/** The event log for reading, also while another process writes it. @throws {LedgerDamaged} @throws {TopicMissing} @throws {TopicRefused} */
export async function logToRead(configuration: Configuration): Promise<EventLog> {
  if (isOnKafka(configuration)) return (await import('./distributed-ledger.js')).kafkaLogToRead(configuration);
  return readSqliteEventLog(filesOf(configuration).log);
}

/** The event log for writing records while nobody else does; created if there is none. @throws {LedgerLocked} */
export async function logToWrite(configuration: Configuration): Promise<EventLog> {
  if (isOnKafka(configuration)) return (await import('./distributed-ledger.js')).kafkaLogToWrite(configuration);
  await makeDataFolder(configuration.DATA_DIR);
  return openSqliteEventLog(filesOf(configuration).log);
}

/** The read models as of now, if there are any; those in MongoDB may change meanwhile. @throws if a file can't be used */
export async function modelsToRead(configuration: Configuration): Promise<ReadModels | undefined> {
  if (configuration.READ_MODELS.startsWith('mongodb')) return (await import('../connections.js')).mongoReadModels(configuration);
  const { models } = filesOf(configuration);
  return existsSync(models) ? openSqliteReadModels(models, 'snapshot') : undefined;
}

/** Folds read models in a file to the end of the log. The projections service folds those in MongoDB. */
export async function foldOwnModels(configuration: Configuration, log: EventLog): Promise<void> {
  if (configuration.READ_MODELS.startsWith('mongodb')) return;
  const models = openSqliteReadModels(filesOf(configuration).models, 'write');
  try {
    for (let partition = 0; partition < log.partitions; partition++)
      await build({ log, partition, models, generation: generationOfCode() }, new AbortController().signal);
  } finally {
    await models.close();
  }
}
