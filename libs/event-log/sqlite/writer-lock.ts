import { DatabaseSync } from 'node:sqlite';
import { LedgerLocked } from '../ports.js';
import { errorCode, messageOf } from '../../sqlite/database.js';

const sqliteBusy = 5;

/**
 * Locks a file until the lock is released or the process ends: the operating system then releases it, even after a crash. Readers ignore the lock.
 * @throws {LedgerLocked} another process holds it
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
