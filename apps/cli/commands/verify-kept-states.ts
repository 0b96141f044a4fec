import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareStates, foldStates } from '../../../libs/command-processing/verify-states.js';
import { contradiction, hashIn } from '../../../libs/event-log/contradiction.js';
import { LedgerDamaged, messageOf } from '../../../libs/sqlite/database.js';
import { StatesDamaged, type EventLog } from '../../../libs/event-log/ports.js';
import { openSqliteStateStore, readStates, type StoredStates } from '../../../libs/event-log/sqlite/sqlite-state-store.js';
import { statesVersionOfCode } from '../../code-version.js';

export type ComparedStates = {
  fault?: string;
  /** How many were compared; absent if this version has not saved any yet. */ states?: number;
};
/** A snapshot of the states in a file, or why they can't be read. */
export type OpenedStates = { opened: StoredStates } | { unusable: string };

/** Opens states for comparison. Call it before reading the log, so that the log holds all they were folded from. Command ids expire as of `now`. */
export function openedStates(file: string, now: number): OpenedStates | undefined {
  try {
    const opened = readStates({ file, codeVersion: statesVersionOfCode(), now: () => now });
    return opened && { opened };
  } catch (error) {
    return { unusable: unusable(file, messageOf(error)) };
  }
}
function unusable(file: string, found: string): string {
  return `the state store is wrong (${found}); the ledger itself is sound: stop the ledger, delete ${file}, and the next start folds it again`;
}

/** Proves that the states used for deciding equal a fresh fold of the log. */
export async function compareKeptStates(log: EventLog, file: string, states: OpenedStates, now: number): Promise<ComparedStates> {
  if ('unusable' in states) return { fault: states.unusable };
  const { offset, heads } = states.opened;
  const diverged = await contradiction(log, 0, { what: file, offset, heads, hashAt: hashIn(heads) });
  if (diverged) return { fault: diverged.message };
  const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-states-'));
  const options = { file: join(folder, 'fresh.states'), codeVersion: statesVersionOfCode(), now: () => now };
  try {
    const store = openSqliteStateStore(options);
    try {
      await foldStates(log, 0, offset, store, now);
    } finally {
      store.close();
    }
    const fresh = readStates(options);
    if (!fresh) throw new Error('a fresh fold of the states holds none');
    try {
      const { states: count, fault } = compareStates(states.opened, fresh);
      return { states: count, ...(fault !== undefined && { fault: unusable(file, fault) }) };
    } finally {
      fresh.close();
    }
  } catch (error) {
    if (error instanceof StatesDamaged || error instanceof LedgerDamaged) return { fault: unusable(file, messageOf(error)) };
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
