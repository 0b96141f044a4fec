/** The file of the read models: its format, and how it is opened or made. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isDamage, isWritable } from '../../sqlite/database.js';

const applicationId = 0x494c524d;
// "ILRM"
const formatVersion = 7;

export const schema = `
  CREATE TABLE generations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, checkpoint TEXT, built TEXT NOT NULL DEFAULT '[]') STRICT;
  CREATE TABLE collections (generation INTEGER NOT NULL, number INTEGER NOT NULL, spec TEXT NOT NULL, PRIMARY KEY (generation, number)) STRICT;
  CREATE TABLE heads (
    generation INTEGER NOT NULL, programme TEXT NOT NULL, position INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at TEXT NOT NULL,
    PRIMARY KEY (generation, programme)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE serving (one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL) STRICT`;

/** A file holds no read models, or those of another version. */
export class ReadModelsUnusable extends Error {
  override readonly name = 'ReadModelsUnusable';
}

/** The file’s database, made anew where the file can't be used. */
export function openDatabaseToWrite(file: string): DatabaseSync {
  try {
    const database = openToWrite(file);
    if (database) return database;
  } catch (error) {
    // What is damaged is built again; what can't be opened for now is still in use by others.
    if (!isDamage(error)) throw error;
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const database = openToWrite(file);
  if (!database) throw new Error(`the read models can't be made at ${file}`);
  return database;
}

function openToWrite(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000');
    if (database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0)
      database.exec(`BEGIN; ${schema}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}; COMMIT`);
    if (isOurs(database) && isWritable(database)) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

export function isOurs(database: DatabaseSync): boolean {
  const id = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  return id === applicationId && version === formatVersion;
}
