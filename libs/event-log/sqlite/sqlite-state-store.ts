import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StatesDamaged, type Heads, type Offset, type StateStore, type StoredState } from '../ports.js';
import {
  checkedWhole,
  isDamage,
  isWritable,
  LedgerDamaged,
  messageOf,
  openToRead,
  openToWrite,
  OtherFormat,
  structuralFault,
} from '../../sqlite/database.js';
import { RunsDamaged } from '../../sorted-runs/run-format.js';
import { RunReader } from '../../sorted-runs/run-reader.js';
import { RunWriter } from '../../sorted-runs/run-writer.js';
import { headsIn, headValues, nothingSaved, savedIn, savedValues, stateFormat, type Saved } from './saved-states.js';

export type StateStoreOptions = {
  file: string;
  /** The version of the code that makes the states; states of other versions are discarded. */
  codeVersion: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Called when the file is damaged and discarded, with the reason. */
  onDiscarded?: (reason: string) => void;
};

/** A file that says why a store can't be used, until the store is opened again. The store itself can't be removed: other connections may have it open. */
const verdictOf = (file: string) => `${file}.damaged`;

/** Opens the state store. It is a cache: if it is damaged or of other code, it is discarded and created again. */
export function openSqliteStateStore(options: StateStoreOptions): SqliteStateStore {
  const { file, onDiscarded } = options;
  if (existsSync(verdictOf(file))) onDiscarded?.(readFileSync(verdictOf(file), 'utf8'));
  else
    try {
      const store = new SqliteStateStore(options);
      try {
        if (store.isOfThisCode()) {
          store.check();
          return store;
        }
      } catch (error) {
        store.close();
        throw error;
      }
      store.close();
    } catch (error) {
      // A damaged cache is created again. One that can't be opened for now is left: other connections still use it.
      if (!isUnusable(error)) throw error;
      if (!(error instanceof OtherFormat)) onDiscarded?.(`${file} is damaged (${messageOf(error)})`);
    }
  for (const suffix of ['', '-wal', '-shm', '.damaged']) rmSync(file + suffix, { force: true });
  return new SqliteStateStore(options);
}

function isUnusable(error: unknown): boolean {
  return error instanceof LedgerDamaged || error instanceof StatesDamaged || error instanceof RunsDamaged || isDamage(error);
}

/**
 * The state store as one SQLite file: each save adds a sorted run, and runs are merged in steps. Each save and each step is one transaction, so a crash leaves
 * the old states or the new, never a mixture. One connection saves, others read beside it. Every read is checked. Damage is noted in a file beside the store,
 * and the store is discarded when it is opened next.
 */
export class SqliteStateStore implements StateStore {
  private readonly database: DatabaseSync;
  private readonly getSaved: StatementSync;
  private readonly reader: RunReader;
  private readonly writer: RunWriter;

  constructor(private readonly options: StateStoreOptions) {
    this.database = openToWrite(options.file, stateFormat, { durable: false });
    try {
      // 8 MiB, enough for the inner nodes of the trees; the operating system caches the pages themselves.
      this.database.exec('PRAGMA cache_size = -8192');
      this.getSaved = this.database.prepare('SELECT * FROM saved');
      this.reader = new RunReader(this.database, options.now);
      this.writer = new RunWriter(this.database, options.now);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  isOfThisCode(): boolean {
    const saved = this.saved();
    return saved === undefined || saved.codeVersion === this.options.codeVersion;
  }

  /** Checks everything but the pages, which are checked when they are read. @throws {StatesDamaged} */
  check(): void {
    const fault = statSync(this.options.file).size <= checkedWhole ? structuralFault(this.database) : undefined;
    if (fault !== undefined) throw new StatesDamaged(fault);
    if (!isWritable(this.database)) throw new StatesDamaged('its header says that it may not be written');
    this.inMoment((saved) => {
      this.reader.catchUp(saved);
      headsIn(this.database, saved);
    });
  }

  open(_partition: number): { offset: Offset; heads: Heads } | undefined {
    return this.sound(() => {
      const saved = this.saved();
      if (!saved || saved.codeVersion !== this.options.codeVersion || saved.offset === null) return undefined;
      return { offset: saved.offset, heads: headsIn(this.database, saved) };
    });
  }

  read(keys: readonly string[]): (string | undefined)[] {
    return this.sound(() =>
      this.inMoment((saved) => {
        this.reader.catchUp(saved);
        return keys.map((key) => this.reader.find(key));
      }),
    );
  }

  save(offset: Offset, heads: Heads, changed: readonly StoredState[]): Promise<void> {
    try {
      this.sound(() => {
        let merges = 0;
        this.write((saved) => {
          merges = this.writer.add(changed);
          return { ...saved, offset, heads: saved.heads + this.setHeads(heads) };
        });
        for (; merges > 0 && this.writer.merging; merges--)
          this.write((saved) => {
            this.writer.advance();
            return saved;
          });
      });
      return Promise.resolve();
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  clear(): void {
    this.sound(() => {
      this.write((saved) => {
        this.writer.clear();
        this.database.exec('DELETE FROM heads');
        return { ...saved, offset: null, heads: 0 };
      });
    });
  }

  close(): void {
    this.database.close();
  }

  private saved(): Saved | undefined {
    return savedIn(this.getSaved.get());
  }

  /** @returns the number of new programmes */
  private setHeads(heads: Heads): number {
    const add = this.database.prepare('INSERT INTO heads VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    const replace = this.database.prepare('REPLACE INTO heads VALUES (?, ?, ?, ?, ?)');
    let added = 0;
    for (const [programme, head] of heads) {
      const values = headValues(programme, head);
      if (add.run(...values).changes === 1) added++;
      else replace.run(...values);
    }
    return added;
  }

  /** Reads as of one moment. */
  private inMoment<T>(read: (saved: Pick<Saved, 'version' | 'runs' | 'heads'>) => T): T {
    this.database.exec('BEGIN');
    try {
      return read(this.saved() ?? nothingSaved);
    } finally {
      if (this.database.isTransaction) this.database.exec('COMMIT');
    }
  }

  /** Changes runs and the row of the last save in one transaction. */
  private write(change: (saved: Omit<Saved, 'codeVersion'>) => Omit<Saved, 'codeVersion' | 'version' | 'runs'>): void {
    const { database, writer } = this;
    try {
      database.exec('BEGIN IMMEDIATE');
      const before = this.saved() ?? nothingSaved;
      writer.catchUp(before);
      const { offset, heads } = change(before);
      const saved = { codeVersion: this.options.codeVersion, version: writer.version, offset, runs: writer.finish(), heads };
      database.prepare('REPLACE INTO saved VALUES (1, ?, ?, ?, ?, ?, ?)').run(...savedValues(saved));
      database.exec('COMMIT');
    } catch (error) {
      writer.forget();
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Notes damage beside the file, so that the store is discarded when it is opened next. @throws {StatesDamaged} */
  private sound<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (!isUnusable(error)) throw error;
      const { file } = this.options;
      const found = `${file} is damaged (${messageOf(error)}); nothing was decided on it, and it is folded again at the next start`;
      writeFileSync(verdictOf(file), found);
      throw new StatesDamaged(found, { cause: error });
    }
  }
}

/** The states of a store as of one moment, for comparison. */
export type StoredStates = {
  readonly offset: Offset;
  readonly heads: Heads;
  /** @throws {StatesDamaged} */
  read(keys: readonly string[]): (string | undefined)[];
  /** The keys of all values. Some come more than once, and some have no value any more. @throws {StatesDamaged} */
  keys(): Iterable<string[]>;
  close(): void;
};

/**
 * The states in a file as of now, without changing it, also while a process writes it; `undefined` if none were saved, or only by other code.
 * @throws {LedgerDamaged} @throws {StatesDamaged}
 */
export function readStates({ file, codeVersion, now }: StateStoreOptions): StoredStates | undefined {
  if (!existsSync(file)) return undefined;
  const database = openToRead(file, stateFormat);
  try {
    database.exec('BEGIN');
    const saved = savedIn(database.prepare('SELECT * FROM saved').get());
    if (!saved || saved.codeVersion !== codeVersion || saved.offset === null) {
      database.close();
      return undefined;
    }
    const reader = new RunReader(database, now);
    reader.catchUp(saved);
    return {
      offset: saved.offset,
      heads: headsIn(database, saved),
      read: (keys) => soundStates(() => keys.map((key) => reader.find(key))),
      keys: () => soundPages(reader.keys()),
      close: () => {
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw isUnusable(error) ? new StatesDamaged(`${file} is damaged (${messageOf(error)})`, { cause: error }) : error;
  }
}

/** Keeps the message as it is, without the file's name, which the caller knows. */
function asFound(error: unknown): unknown {
  return error instanceof RunsDamaged ? new StatesDamaged(error.message, { cause: error }) : error;
}
function soundStates<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw asFound(error);
  }
}
function* soundPages(pages: Iterable<string[]>): Iterable<string[]> {
  try {
    yield* pages;
  } catch (error) {
    throw asFound(error);
  }
}
