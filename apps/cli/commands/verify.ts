import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnreadable, start } from '../../../libs/event-log/ports.js';
import { damaged, errorCode, LedgerDamaged, messageOf } from '../../../libs/event-log/sqlite/database.js';
import { readSqliteEventLog, type SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { HistoryCheck, type HistoryCounts } from '../../../libs/projections/verify-history.js';
import { verifyReadModels } from '../../../libs/projections/verify-read-models.js';
import type { ReadModels } from '../../../libs/read-models/ports.js';
import { openSqliteReadModels } from '../../../libs/read-models/sqlite/sqlite-read-models.js';
import type { Configuration } from '../../configuration.js';
import { filesOf, generationOfCode } from '../../standalone/embedded-ledger.js';

export type Verdict = {
  sound: boolean;
  /** What is wrong first, where something is. */
  fault?: string;
  history: HistoryCounts;
  heads: { programme: string; position: number; hash: string }[];
  /** How many documents were compared; absent where this version has not folded any yet. */
  documents?: number;
};
type Progress = (done: number, total: number) => void;

/** Proves a ledger's files: the chain, the numbering, every rule, and that the read models are what the log folds to. */
export async function verify(configuration: Configuration, progress: Progress): Promise<Verdict> {
  const { log: logFile, models: modelsFile } = filesOf(configuration);
  const check = new HistoryCheck();
  const verdict = (fault?: string, documents?: number): Verdict => ({
    sound: fault === undefined,
    ...(fault !== undefined && { fault }),
    history: check.counts,
    heads: [...check.heads].map(([programme, { position, hash }]) => ({ programme, position, hash })),
    ...(documents !== undefined && { documents }),
  });
  // The read models' moment first: whatever they show is in the log that is read after it.
  const models = openedModels(modelsFile);
  try {
    const fault = await faultInHistory(logFile, check, progress);
    if (fault !== undefined || models === undefined) return verdict(fault);
    if ('unusable' in models) return verdict(models.unusable);
    const compared = await comparedWithFreshFold(logFile, modelsFile, models.opened);
    return verdict(compared.fault, compared.documents);
  } finally {
    if (models && 'opened' in models) await models.opened.close();
  }
}

type OpenedModels = { opened: ReadModels } | { unusable: string };

/** The read models as of now, absent where there are none. */
function openedModels(file: string): OpenedModels | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return { opened: openSqliteReadModels(file, 'snapshot') };
  } catch (error) {
    return { unusable: unusable(file, error) };
  }
}
function unusable(file: string, error: unknown): string {
  return `${file} can't be read (${messageOf(error)}); the ledger itself is sound: delete that file, and the next start builds it again`;
}

async function faultInHistory(file: string, check: HistoryCheck, progress: Progress): Promise<string | undefined> {
  try {
    const log = readSqliteEventLog(file);
    try {
      return await checkHistory(log, check, progress);
    } finally {
      await log.close();
    }
  } catch (error) {
    const found = damaged(file, error);
    if (found instanceof LogUnreadable || found instanceof LedgerDamaged) return found.message;
    throw error;
  }
}

async function comparedWithFreshFold(
  logFile: string,
  modelsFile: string,
  models: ReadModels,
): Promise<{ fault?: string; documents?: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
  const log = readSqliteEventLog(logFile);
  const fresh = openSqliteReadModels(join(folder, 'fresh.sqlite'), 'write');
  try {
    const compared = await verifyReadModels(log, models, fresh, generationOfCode());
    if (!compared) return {};
    const { documents, fault } = compared;
    return { documents, ...(fault && { fault: `the document ${fault.key} of ${fault.collection}: ${fault.found}` }) };
  } catch (error) {
    if (errorCode(error) === undefined && !(error instanceof SyntaxError)) throw error;
    return { fault: unusable(modelsFile, error) };
  } finally {
    await fresh.close();
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkHistory(log: SqliteEventLog, check: HistoryCheck, progress: Progress): Promise<string | undefined> {
  const total = (await log.end(0)) + 1;
  for await (const entries of log.read(0, start))
    for (const entry of entries) {
      const fault = check.add(entry);
      if (fault)
        return `the record at position ${String(fault.position)} of ${fault.programme ?? 'no programme'} (place ${fault.place}): ${fault.found}`;
      if (entry.place % 10_000 === 0) progress(entry.place, total);
    }
  return undefined;
}
