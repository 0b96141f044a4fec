import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogUnreadable, start, type EventLog } from '../../../libs/event-log/ports.js';
import { damaged, errorCode, LedgerDamaged, messageOf } from '../../../libs/event-log/sqlite/database.js';
import { digestReadModels } from '../../../libs/projections/digest-read-models.js';
import { HistoryCheck, type HistoryCounts } from '../../../libs/projections/verify-history.js';
import { verifyReadModels } from '../../../libs/projections/verify-read-models.js';
import type { ReadModels } from '../../../libs/read-models/ports.js';
import { openSqliteReadModels } from '../../../libs/read-models/sqlite/sqlite-read-models.js';
import type { Configuration } from '../../configuration.js';
import { generationOfCode } from '../../code-version.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { isOnKafka, logToRead, modelsToRead } from '../ledger-at.js';
import { compareKeptStates, openedStates } from './verify-kept-states.js';

export type Verdict = {
  sound: boolean;
  /** What is wrong first, where something is. */
  fault?: string;
  history: HistoryCounts;
  heads: {
    programme: string;
    position: number;
    hash: string;
    /** SHA-256 of the programme's documents, the same wherever the ledger is. */ readModels?: string;
  }[];
  /** How many documents were compared; absent where this version has not folded any yet. */
  documents?: number;
  /** How many of the processor's states were compared; absent where they are elsewhere, or this version has not saved any yet. */
  states?: number;
};
type Progress = (done: number, total: number) => void;

/** Proves a ledger, wherever it is: the chain, the numbering, every rule, and that the read models are what the log folds to. */
export async function verify(configuration: Configuration, progress: Progress): Promise<Verdict> {
  const check = new HistoryCheck();
  const verdict = (fault?: string, compared?: Compared, states?: number): Verdict => ({
    sound: fault === undefined,
    ...(fault !== undefined && { fault }),
    history: check.counts,
    heads: [...check.heads].map(([programme, { position, hash }]) => {
      const readModels = compared?.digests?.get(programme);
      return { programme, position, hash, ...(readModels !== undefined && { readModels }) };
    }),
    ...(compared?.documents !== undefined && { documents: compared.documents }),
    ...(states !== undefined && { states }),
  });
  // The caches' moment first: whatever they show is in the log that is read after it.
  const models = openedModels(configuration);
  const { states: statesFile } = filesOf(configuration);
  const now = Date.now();
  const states = isOnKafka(configuration) ? undefined : openedStates(statesFile, now);
  try {
    const fault = await faultInHistory(configuration, check, progress);
    if (fault !== undefined) return verdict(fault);
    const comparedStates = states && (await withLog(configuration, (log) => compareKeptStates(log, statesFile, states, now)));
    if (comparedStates?.fault !== undefined) return verdict(comparedStates.fault);
    if (models === undefined) return verdict(undefined, undefined, comparedStates?.states);
    if ('unusable' in models) return verdict(models.unusable);
    const compared = await comparedWithFreshFold(configuration, models.opened);
    return verdict(compared.fault, compared, comparedStates?.states);
  } finally {
    if (models && 'opened' in models) await models.opened.close();
    if (states && 'opened' in states) states.opened.close();
  }
}

async function withLog<T>(configuration: Configuration, use: (log: EventLog) => Promise<T>): Promise<T> {
  const log = await logToRead(configuration);
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

type OpenedModels = { opened: ReadModels } | { unusable: string };
type Compared = { fault?: string; documents?: number; digests?: Map<string, string> };

/** The read models as of now, absent where there are none. */
function openedModels(configuration: Configuration): OpenedModels | undefined {
  try {
    const opened = modelsToRead(configuration);
    return opened && { opened };
  } catch (error) {
    return { unusable: unusable(configuration, error) };
  }
}
function unusable({ READ_MODELS, ...configuration }: Configuration, error: unknown): string {
  const where = READ_MODELS.startsWith('mongodb') ? 'MongoDB' : filesOf({ READ_MODELS, ...configuration }).models;
  return `${where} can't be read (${messageOf(error)}); the ledger itself is sound: delete what is there, and the next start builds it again`;
}

async function faultInHistory(configuration: Configuration, check: HistoryCheck, progress: Progress): Promise<string | undefined> {
  try {
    const log = await logToRead(configuration);
    try {
      return await checkHistory(log, check, progress);
    } finally {
      await log.close();
    }
  } catch (error) {
    const found = isOnKafka(configuration) ? error : damaged(filesOf(configuration).log, error);
    if (found instanceof LogUnreadable || found instanceof LedgerDamaged) return found.message;
    throw error;
  }
}

async function comparedWithFreshFold(configuration: Configuration, models: ReadModels): Promise<Compared> {
  const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
  const log = await logToRead(configuration);
  const fresh = openSqliteReadModels(join(folder, 'fresh.sqlite'), 'write');
  try {
    const compared = await verifyReadModels(log, models, fresh, generationOfCode());
    if (!compared) return {};
    const { documents, fault } = compared;
    if (fault) return { documents, fault: `the document ${fault.key} of ${fault.collection}: ${fault.found}` };
    // What was compared is the same in both, and the fresh fold stands still.
    return { documents, digests: await digestReadModels(fresh, generationOfCode()) };
  } catch (error) {
    if (errorCode(error) === undefined && !(error instanceof SyntaxError)) throw error;
    return { fault: unusable(configuration, error) };
  } finally {
    await fresh.close();
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkHistory(log: EventLog, check: HistoryCheck, progress: Progress): Promise<string | undefined> {
  const ends = await Promise.all(Array.from({ length: log.partitions }, (_, partition) => log.end(partition)));
  const total = ends.reduce((sum, end) => sum + end + 1, 0);
  let done = 0;
  for (let partition = 0; partition < log.partitions; partition++) {
    for await (const entries of log.read(partition, start))
      for (const entry of entries) {
        const fault = check.add(entry);
        if (fault)
          return `the record at position ${String(fault.position)} of ${fault.programme ?? 'no programme'} (place ${fault.place}): ${fault.found}`;
        if (entry.place % 10_000 === 0) progress(done + entry.place, total);
      }
    done += (ends[partition] ?? 0) + 1;
  }
  return undefined;
}
