/** SQLite with nothing around it, as durable as the ledger: what group commits and bulk writes cost by themselves. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { rate } from './rounds.js';

const inOneCommit = { entries: 1_000, bytes: 512 * 1_024 };

function open(file: string, synchronous: 'FULL' | 'NORMAL', schema: string): DatabaseSync {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 4000; ${schema}`);
  return database;
}

/** Entries a second, written as the log writes them: in commits of the same size, each flushed. */
export async function bareGroupCommits(entries: readonly Uint8Array[], folder: string): Promise<number> {
  const database = open(
    join(folder, 'bare.sqlite'),
    'FULL',
    'CREATE TABLE entries (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT',
  );
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

/** Documents a second, each written once, a thousand in a transaction. */
export async function bareBulkWrites(documents: readonly { key: string; text: string }[], folder: string): Promise<number> {
  const database = open(
    join(folder, 'bare.sqlite'),
    'NORMAL',
    'CREATE TABLE documents (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT INTO documents VALUES (?, ?)');
  const measured = await rate(documents.length, () => {
    for (let from = 0; from < documents.length; from += 1_000) {
      database.exec('BEGIN');
      for (const { key, text } of documents.slice(from, from + 1_000)) insert.run(key, text);
      database.exec('COMMIT');
    }
  });
  database.close();
  return measured;
}
