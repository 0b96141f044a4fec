import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnreadable, start } from '../../../libs/event-log/ports.js';
import { damaged, LedgerDamaged } from '../../../libs/event-log/sqlite/database.js';
import { readSqliteEventLog, type SqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import { HistoryCheck, type HistoryCounts } from '../../../libs/projections/verify-history.js';
import { verifyReadModels } from '../../../libs/projections/verify-read-models.js';
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
  try {
    const log = readSqliteEventLog(logFile);
    try {
      // The read models' snapshot first: what they show is in the log by now.
      const models = existsSync(modelsFile) ? openSqliteReadModels(modelsFile, 'snapshot') : undefined;
      try {
        const fault = await checkHistory(log, check, progress);
        if (fault !== undefined || !models) return verdict(fault);
        const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
        const fresh = openSqliteReadModels(join(folder, 'fresh.sqlite'), 'write');
        try {
          const compared = await verifyReadModels(log, models, fresh, generationOfCode());
          const wrong = compared?.fault;
          return verdict(wrong && `the document ${wrong.key} of ${wrong.collection}: ${wrong.found}`, compared?.documents);
        } finally {
          await fresh.close();
          await rm(folder, { recursive: true, force: true });
        }
      } finally {
        await models?.close();
      }
    } finally {
      await log.close();
    }
  } catch (error) {
    const found = damaged(logFile, error);
    if (found instanceof LogUnreadable || found instanceof LedgerDamaged) return verdict(found.message);
    throw error;
  }
}

async function checkHistory(log: SqliteEventLog, check: HistoryCheck, progress: Progress): Promise<string | undefined> {
  const total = log.end() + 1;
  for await (const entries of log.read(0, start))
    for (const entry of entries) {
      const fault = check.add(entry);
      if (fault)
        return `the record at position ${String(fault.position)} of ${fault.programme ?? 'no programme'} (place ${fault.place}): ${fault.found}`;
      if (entry.place % 10_000 === 0) progress(entry.place, total);
    }
  return undefined;
}
