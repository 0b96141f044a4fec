import { DatabaseSync } from 'node:sqlite';
import { LedgerLocked } from '../ports.js';
import { errorCode, messageOf } from '../../sqlite/database.js';

const sqliteBusy = 5;

/**
 * Holds a lock file until it is released or the process ends, however it ends: the operating system lets go of it.
 * Readers never look at it. @throws {LedgerLocked} another process holds it
 */
export function lockForWriting(file: string): { release(): void } {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
  } catch (cause) {
    throw new Error(`${file} can't be made, so the ledger can't be written: ${messageOf(cause)}`, { cause });
  }
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if (errorCode(cause) === sqliteBusy)
      throw new LedgerLocked(`another process writes this ledger (it holds ${file}); end it first, or read beside it`, { cause });
    throw cause;
  }
  return {
    release: () => {
      database.close();
    },
  };
}
