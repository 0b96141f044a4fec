import { rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Head, Heads, Place, StateStore, StoredState } from '../ports.js';
import { LedgerDamaged, numberOf, openToWrite, type Format } from './database.js';

const stateFormat: Format = {
  applicationId: 0x494c5354, // "ILST"
  version: 3,
  what: 'state store',
  schema: `
    CREATE TABLE states (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER) STRICT, WITHOUT ROWID;
    CREATE TABLE saved (one INTEGER PRIMARY KEY CHECK (one = 1), code_version TEXT NOT NULL, place INTEGER NOT NULL) STRICT;
    CREATE TABLE heads (programme TEXT PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at TEXT NOT NULL) STRICT, WITHOUT ROWID`,
};
/** How many values one save looks at for those that may be forgotten, so that no save takes long. */
const lookedAtOnce = 20_000;

export type StateStoreOptions = {
  file: string;
  /** The version of the code that makes the states; states of other code are thrown away. */
  codeVersion: string;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** Opens the state store, thrown away and made anew where it is damaged or of other code: it is a cache. */
export function openSqliteStateStore(options: StateStoreOptions): SqliteStateStore {
  try {
    const store = new SqliteStateStore(options);
    if (store.isOfThisCode()) return store;
    store.close();
  } catch (error) {
    // A cache that is damaged is made anew; one that can't be opened for now is still in use by others.
    if (!(error instanceof LedgerDamaged)) throw error;
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(options.file + suffix, { force: true });
  return new SqliteStateStore(options);
}

/** The state store as one SQLite file. A save is one transaction: after a crash it is old or new, never mixed. */
export class SqliteStateStore implements StateStore {
  private readonly database: DatabaseSync;
  private readonly get: StatementSync;
  /** Up to where values have been looked at for those to forget. */
  private looked = '';

  constructor(private readonly options: StateStoreOptions) {
    this.database = openToWrite(options.file, stateFormat, { durable: false });
    // Keys come in no order: most of the tree has to stay in memory.
    this.database.exec('PRAGMA cache_size = -65536');
    this.get = this.database.prepare('SELECT value FROM states WHERE key = ?');
    this.get.setReturnArrays(true);
  }

  isOfThisCode(): boolean {
    const saved = this.database.prepare('SELECT code_version AS version FROM saved').get();
    return saved === undefined || saved['version'] === this.options.codeVersion;
  }

  open(_partition: number): { place: Place; heads: Heads } | undefined {
    if (!this.isOfThisCode() || numberOf(this.database, 'SELECT count(*) FROM saved') === 0) return undefined;
    const heads = new Map<string, Head>();
    for (const { programme, position, hash, recorded_at: recordedAt } of this.database.prepare('SELECT * FROM heads').all())
      heads.set(String(programme), { position: Number(position), hash: String(hash), recordedAt: String(recordedAt) });
    return { place: numberOf(this.database, 'SELECT place FROM saved'), heads };
  }

  read(keys: readonly string[]): (string | undefined)[] {
    // One transaction for all of them: it costs more than most reads in it.
    this.database.exec('BEGIN');
    try {
      return keys.map((key) => {
        const row: unknown = this.get.get(key);
        const value: unknown = Array.isArray(row) ? row[0] : undefined;
        return typeof value === 'string' ? value : undefined;
      });
    } finally {
      this.database.exec('COMMIT');
    }
  }

  save(place: Place, heads: Heads, changed: readonly StoredState[]): Promise<void> {
    const { database } = this;
    const set = database.prepare(
      'INSERT INTO states VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires',
    );
    const remove = database.prepare('DELETE FROM states WHERE key = ?');
    const setHead = database.prepare(
      'INSERT INTO heads VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, hash = excluded.hash, recorded_at = excluded.recorded_at',
    );
    try {
      database.exec('BEGIN IMMEDIATE');
      for (const { key, value, expires } of inOrder(changed)) {
        if (value === undefined) remove.run(key);
        else set.run(key, value, expires ?? null);
      }
      for (const [programme, { position, hash, recordedAt }] of heads) setHead.run(programme, position, hash, recordedAt);
      this.forget();
      database
        .prepare(
          'INSERT INTO saved VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET code_version = excluded.code_version, place = excluded.place',
        )
        .run(this.options.codeVersion, place);
      database.exec('COMMIT');
      return Promise.resolve();
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Looks at the next values, round and round, and forgets those whose time is over: an index on it would cost every save more. */
  private forget(): void {
    const { database } = this;
    const end = database.prepare('SELECT key FROM states WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?').get(this.looked, lookedAtOnce);
    const to = typeof end?.['key'] === 'string' ? end['key'] : undefined;
    const now = this.options.now();
    if (to === undefined) database.prepare('DELETE FROM states WHERE key > ? AND expires < ?').run(this.looked, now);
    else database.prepare('DELETE FROM states WHERE key > ? AND key <= ? AND expires < ?').run(this.looked, to, now);
    this.looked = to ?? '';
  }

  clear(): void {
    this.database.exec('BEGIN IMMEDIATE; DELETE FROM states; DELETE FROM heads; DELETE FROM saved; COMMIT');
  }

  close(): void {
    this.database.close();
  }
}

/** Neighbours in the tree one after another. */
function inOrder(changed: readonly StoredState[]): StoredState[] {
  return [...changed].sort((one, other) => (one.key < other.key ? -1 : 1));
}
