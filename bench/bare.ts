/** The yardstick of group commits: SQLite alone, as durable as the ledger. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { rate } from './rounds.js';

const inOneCommit = { entries: 1_000, bytes: 512 * 1_024 };

function open(file: string, schema: string): DatabaseSync {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; ${schema}`);
  return database;
}

/** Entries per second, in flushed commits of the same size as the log's. */
export async function bareGroupCommits(entries: readonly Uint8Array[], folder: string): Promise<number> {
  const database = open(join(folder, 'bare.sqlite'), 'CREATE TABLE entries (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT');
  const insert = database.prepare('INSERT INTO entries VALUES (?, ?)');
  const measured = await rate(entries.length, () => {
    for (let next = 0; next < entries.length;) {
      database.exec('BEGIN IMMEDIATE');
      const end = Math.min(next + inOneCommit.entries, entries.length);
      for (let bytes = 0; next < end && bytes < inOneCommit.bytes; next++) {
        const entry = entries[next];
        if (!entry) break;
        insert.run(next, entry);
        bytes += entry.byteLength;
      }
      database.exec('COMMIT');
    }
  });
  database.close();
  return measured;
}
