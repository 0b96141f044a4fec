/** `ledger import aims`: an import or a dry run, for the ledger of the data folder, a distributed ledger or a running one. */
import { MemoryEventLog } from '../../../libs/event-log/memory/memory-event-log.js';
import type { Configuration } from '../../configuration.js';
import { importRelease, type ImportRequest } from '../aims/import.js';
import { dryRunOf, type DryRun } from '../aims/dry-run.js';
import type { ImportReport } from '../aims/report.js';
import type { ImportSource, ImportTarget } from '../aims/target.js';
import { hasLocalLedger, withLocalTarget } from '../import-targets/local-target.js';
import { logSource } from '../import-targets/log-source.js';
import { serverTarget } from '../import-targets/server-target.js';
import { logToRead } from '../ledger-at.js';

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
  const log = hasLocalLedger(configuration) ? await logToRead(configuration) : new MemoryEventLog();
  try {
    return await use(logSource(log));
  } finally {
    await log.close();
  }
}

function withTarget<T>(configuration: Configuration, server: Server | undefined, use: (target: ImportTarget) => Promise<T>): Promise<T> {
  return server ? use(serverTarget(server.address, server.token)) : withLocalTarget(configuration, use);
}
