import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Chain, isFault } from '../../../libs/event-log/chain.js';
import { start, type Heads } from '../../../libs/event-log/ports.js';
import { copyLog, readSqliteEventLog } from '../../../libs/event-log/sqlite/sqlite-event-log.js';
import type { Configuration } from '../../configuration.js';
import { filesOf } from '../../standalone/ledger-files.js';
import { isOnKafka } from '../ledger-at.js';
import { FoundWrong, UserError } from '../output.js';

/** A copy of a ledger, with the head of every programme in it. */
export type Backup = { file: string; bytes: number; heads: Heads };

/**
 * Copies the log as of one moment into a folder, even while the ledger is served, and proves the chain of the copy. It copies nothing else: a restored
 * ledger folds read models and states from the log, and makes a key of its own.
 * @throws {UserError} the folder holds a ledger already, or the log is on Kafka @throws {LedgerDamaged} @throws {FoundWrong}
 */
export async function backUp(configuration: Configuration, folder: string): Promise<Backup> {
  if (isOnKafka(configuration)) throw new UserError('a ledger on Kafka is backed up by `ledger export`, which prints every record');
  const { log } = filesOf(configuration);
  const file = join(folder, basename(log));
  if (existsSync(file)) throw new UserError(`${file} exists already and was left as it is; name another folder`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  await rm(partial, { force: true });
  // Created first, readable by its owner alone: SQLite treats an empty file as a new database.
  await (await open(partial, 'wx', 0o600)).close();
  try {
    copyLog(log, partial);
    const heads = await headsOf(partial);
    await flush(partial);
    await rename(partial, file);
    return { file, bytes: (await stat(file)).size, heads };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** @throws {FoundWrong} the chain of the copy, and so that of the ledger, is broken */
async function headsOf(file: string): Promise<Heads> {
  const log = readSqliteEventLog(file);
  try {
    const chain = new Chain();
    for await (const entries of log.read(0, start))
      for (const entry of entries) {
        if (entry.kind !== 'record') continue;
        const found = chain.follow(entry);
        if (isFault(found))
          throw new FoundWrong(`no backup was made: offset ${found.offset} of the ledger: ${found.found}; \`ledger verify\` tells more`);
      }
    return chain.heads;
  } finally {
    await log.close();
  }
}

async function flush(file: string): Promise<void> {
  const opened = await open(file, 'r+');
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
