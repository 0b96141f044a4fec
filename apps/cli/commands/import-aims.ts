/** `ledger import aims`: an import or a dry run, for the ledger of the data folder, a distributed ledger or a running one. */
import { existsSync } from 'node:fs';
import { makeLogger } from '../../service.js';
import { MemoryEventLog } from '../../../libs/event-log/memory/memory-event-log.js';
import { readSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import type { Configuration } from '../../configuration.js';
import { openEmbeddedLedger } from '../../standalone/embedded-ledger.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { importRelease, type ImportRequest } from '../aims/import.js';
import { dryRunOf, type DryRun } from '../aims/dry-run.js';
import type { ImportReport } from '../aims/report.js';
import type { ImportSource, ImportTarget } from '../aims/target.js';
import { embeddedTarget } from '../import-targets/embedded-target.js';
import { logSource } from '../import-targets/log-source.js';
import { serverTarget } from '../import-targets/server-target.js';
import { distributedSender, isOnKafka, logToRead } from '../ledger-at.js';

/** The address of a running ledger, and an admin's token for it. */
export type Server = { address: string; token: string };

/** Runs an import in memory: writes nothing and creates no ledger. @throws {ReleaseRefused} */
export function dryRunAims(configuration: Configuration, server: Server | undefined, request: ImportRequest): Promise<DryRun> {
  return withSource(configuration, server, (source) => dryRunOf(request, source));
}

/**
 * Imports a release.
 * @param announce is called with the dry run of an update before anything is sent
 * @throws {ReleaseRefused} @throws {ImportStopped} @throws {LedgerLocked} the ledger is open in another process
 */
export function importAims(
  configuration: Configuration,
  server: Server | undefined,
  request: ImportRequest,
  announce: (dryRun: DryRun) => void,
): Promise<ImportReport> {
  return withTarget(configuration, server, async (target) => {
    if (request.update) announce(await dryRunOf(request, target));
    return importRelease(request, target);
  });
}

async function withSource<T>(
  configuration: Configuration,
  server: Server | undefined,
  use: (source: ImportSource) => Promise<T>,
): Promise<T> {
  if (server) return use(serverTarget(server.address, server.token));
  const isThere = isOnKafka(configuration) || existsSync(filesOf(configuration).log);
  const log = isThere ? await logToRead(configuration) : new MemoryEventLog();
  try {
    return await use(logSource(log));
  } finally {
    await log.close();
  }
}

async function withTarget<T>(
  configuration: Configuration,
  server: Server | undefined,
  use: (target: ImportTarget) => Promise<T>,
): Promise<T> {
  if (server) return use(serverTarget(server.address, server.token));
  const lost = Promise.withResolvers<never>();
  if (isOnKafka(configuration)) {
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
