/** The caches beside an embedded ledger's log. Only they can show that the log was shortened, or replaced by an older copy. */
import { existsSync, renameSync } from 'node:fs';
import { contradiction, hashIn } from '../../libs/event-log/contradiction.js';
import { MemoryEventLog } from '../../libs/event-log/memory/memory-event-log.js';
import { LogDiverged, StatesDamaged, type EventLog } from '../../libs/event-log/ports.js';
import { isBlank, isDamage, LedgerDamaged } from '../../libs/sqlite/database.js';
import { readSqliteEventLog } from '../../libs/event-log/sqlite/sqlite-event-log.js';
import { readStates } from '../../libs/event-log/sqlite/sqlite-state-store.js';
import { comparedWithLog } from '../../libs/projections/runner.js';
import { openSqliteReadModels } from '../../libs/read-models/sqlite/sqlite-read-models.js';
import { ReadModelsUnusable } from '../../libs/read-models/sqlite/read-models-file.js';
import { generationOfCode, statesVersionOfCode } from '../code-version.js';
import type { LedgerFiles } from './ledger-files.js';

/** The caches were folded from records that the log no longer holds. */
export class LedgerShortened extends Error {
  override readonly name = 'LedgerShortened';
}

/** Checks that no cache was folded from another log or from a longer one. Writes nothing. @throws {LedgerShortened} @throws {LedgerDamaged} */
export async function checkCaches(files: LedgerFiles): Promise<void> {
  const found = await contradictions(files);
  if (found.length === 0) return;
  throw new LedgerShortened(
    [
      `${files.log} does not hold what was folded from it: it was shortened, or an older copy or another ledger was put in its place.`,
      ...found.map((contradicted) => `- ${contradicted}`),
      'Nothing was changed. Put the right file back. If this one is right, `ledger forget-caches` moves the caches aside as evidence, and the next start folds them again.',
    ].join('\n'),
  );
}

/** Renames the caches together with SQLite's files beside them, and returns the old and new names. `suffix` begins with a dot. */
export function moveAside(files: readonly string[], suffix: string): { from: string; to: string }[] {
  const there = files.filter((file) => existsSync(file));
  return there.map((from) => {
    const to = `${from}${suffix}`;
    for (const part of ['-wal', '-shm', '']) if (existsSync(from + part)) renameSync(from + part, to + part);
    return { from, to };
  });
}

/** How the log contradicts each cache, in words. Damaged caches and those of other code are no evidence: they will be folded again anyway. */
async function contradictions({ log: file, models, states }: LedgerFiles): Promise<string[]> {
  const found: string[] = [];
  const add = async (compare: (log: EventLog) => Promise<LogDiverged | undefined>) => {
    const log = logIn(file);
    try {
      const contradicted = await compare(log);
      if (contradicted) found.push(contradicted.message);
    } finally {
      await log.close();
    }
  };
  // Each cache is opened before the log, because a serving process appends to the log first.
  const saved = unlessUseless(() => readStates({ file: states, codeVersion: statesVersionOfCode(), now: () => Date.now() }));
  try {
    if (saved) await add((log) => contradiction(log, 0, { what: states, ...saved, hashAt: hashIn(saved.heads) }));
  } finally {
    saved?.close();
  }
  const documents = existsSync(models) ? unlessUseless(() => openSqliteReadModels(models, 'snapshot')) : undefined;
  try {
    if (documents)
      await add(async (log) => {
        try {
          await comparedWithLog({ log, partition: 0, models: documents, generation: generationOfCode() }, models);
          return undefined;
        } catch (error) {
          if (error instanceof LogDiverged) return error;
          if (isUseless(error)) return undefined;
          throw error;
        }
      });
  } finally {
    await documents?.close();
  }
  return found;
}

/** The log of a file; a missing file is an empty log. */
function logIn(file: string): EventLog {
  return !existsSync(file) || isBlank(file) ? new MemoryEventLog() : readSqliteEventLog(file);
}

function unlessUseless<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (isUseless(error)) return undefined;
    throw error;
  }
}
function isUseless(error: unknown): boolean {
  return (
    error instanceof StatesDamaged ||
    error instanceof LedgerDamaged ||
    error instanceof ReadModelsUnusable ||
    error instanceof SyntaxError ||
    error instanceof TypeError ||
    isDamage(error)
  );
}
