import { rmSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Head, Heads, Place, StateStore, StoredState } from '../ports.js';
import { LedgerDamaged, openToWrite, type Format } from './database.js';
import { leafSize } from './run-format.js';
import { RunReader } from './run-reader.js';
import { RunWriter } from './run-writer.js';

const stateFormat: Format = {
  applicationId: 0x494c5354, // "ILST"
  version: 7,
  what: 'state store',
  pageSize: leafSize,
  schema: `
    CREATE TABLE pages (page INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE segments (segment INTEGER PRIMARY KEY, run INTEGER, first INTEGER NOT NULL, version INTEGER NOT NULL, fences BLOB NOT NULL, filter BLOB NOT NULL) STRICT;
    CREATE INDEX changed_segments ON segments (version);
    CREATE TABLE runs (run INTEGER PRIMARY KEY, newest INTEGER NOT NULL, from_hash INTEGER NOT NULL) STRICT;
    CREATE TABLE saved (one INTEGER PRIMARY KEY CHECK (one = 1), code_version TEXT NOT NULL, version INTEGER NOT NULL, place INTEGER) STRICT;
    CREATE TABLE heads (programme TEXT PRIMARY KEY, position INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at TEXT NOT NULL) STRICT, WITHOUT ROWID`,
};

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

/**
 * The state store as one SQLite file, in which a save adds a sorted run and runs are merged by and by. Each is a transaction: after a crash it is old or new,
 * never mixed. One connection saves, others read beside it.
 */
export class SqliteStateStore implements StateStore {
  private readonly database: DatabaseSync;
  private readonly getSaved: StatementSync;
  private readonly reader: RunReader;
  private readonly writer: RunWriter;

  constructor(private readonly options: StateStoreOptions) {
    this.database = openToWrite(options.file, stateFormat, { durable: false });
    // Room for what leads to the pages; the pages themselves the system keeps in memory, as far as it has some.
    this.database.exec('PRAGMA cache_size = -8192');
    this.getSaved = this.database.prepare('SELECT code_version, version, place FROM saved');
    this.reader = new RunReader(this.database, options.now);
    this.writer = new RunWriter(this.database, options.now);
  }

  isOfThisCode(): boolean {
    const saved = this.getSaved.get();
    return saved === undefined || saved['code_version'] === this.options.codeVersion;
  }

  open(_partition: number): { place: Place; heads: Heads } | undefined {
    const place = this.getSaved.get()?.['place'];
    if (!this.isOfThisCode() || typeof place !== 'number') return undefined;
    const heads = new Map<string, Head>();
    for (const { programme, position, hash, recorded_at: recordedAt } of this.database.prepare('SELECT * FROM heads').all())
      heads.set(String(programme), { position: Number(position), hash: String(hash), recordedAt: String(recordedAt) });
    return { place, heads };
  }

  read(keys: readonly string[]): (string | undefined)[] {
    this.database.exec('BEGIN');
    try {
      this.reader.catchUp(this.version());
      return keys.map((key) => this.reader.find(key));
    } finally {
      this.database.exec('COMMIT');
    }
  }

  save(place: Place, heads: Heads, changed: readonly StoredState[]): Promise<void> {
    try {
      let merges = 0;
      this.write(() => {
        merges = this.writer.add(changed);
        const setHead = this.database.prepare('REPLACE INTO heads VALUES (?, ?, ?, ?)');
        for (const [programme, { position, hash, recordedAt }] of heads) setHead.run(programme, position, hash, recordedAt);
        this.setPlace(place);
      });
      for (; merges > 0 && this.writer.merging; merges--)
        this.write(() => {
          this.writer.advance();
        });
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  clear(): void {
    this.write(() => {
      this.writer.clear();
      this.database.exec('DELETE FROM heads');
      this.setPlace(null);
    });
  }

  close(): void {
    this.database.close();
  }

  /** Of the last transaction that changed runs. */
  private version(): number {
    return Number(this.getSaved.get()?.['version'] ?? 0);
  }

  private setPlace(place: Place | null): void {
    this.database.prepare('REPLACE INTO saved VALUES (1, ?, ?, ?)').run(this.options.codeVersion, this.writer.version, place);
  }

  /** Changes runs in one transaction. */
  private write(change: () => void): void {
    const { database, writer } = this;
    try {
      database.exec('BEGIN IMMEDIATE');
      writer.catchUp(this.version());
      change();
      database.prepare('UPDATE saved SET version = ?').run(writer.version);
      database.exec('COMMIT');
    } catch (error) {
      writer.forget();
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }
}
