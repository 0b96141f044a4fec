import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { Chain, isFault } from '../chain.js';
import {
  LogFenced,
  LogUnavailable,
  OutcomeUnknown,
  start,
  type Entry,
  type EventLog,
  type LogWriter,
  type NewEntry,
  type Offset,
} from '../ports.js';
import {
  checkedWhole,
  damaged,
  errorCode,
  isBlank,
  LedgerDamaged,
  messageOf,
  numberOf,
  openToRead,
  openToWrite,
  sizeOf,
  structuralFault,
} from '../../sqlite/database.js';
import { entriesBetween, entryInsert, logFormat } from './entries.js';
import { lockForWriting } from './writer-lock.js';

/** How many of the last entries are checked when a ledger larger than {@link checkedWhole} is opened; `verify` checks everything. */
const checkedTail = 1_000;
/** Interval (ms) at which a follower in another connection polls for new entries; longer under load, to read more at once. */
const lookEvery = { idle: 10, busy: 100 } as const;
/** More entries than this in one poll count as load. */
const busyFrom = 100;

/** Opens a ledger's file for reading only, beside a writer in this or another process. @throws {LedgerDamaged} */
export function readSqliteEventLog(file: string): SqliteEventLog {
  if (!existsSync(file)) throw new Error(`there is no ledger at ${file}`);
  return new SqliteEventLog(file, openToRead(file, logFormat), undefined);
}

/** Copies a ledger as of one moment, including its write-ahead file, into an empty file. @throws {LedgerDamaged} */
export function copyLog(from: string, to: string): void {
  if (!existsSync(from)) throw new Error(`there is no ledger at ${from}`);
  const database = openToRead(from, logFormat);
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } catch (error) {
    throw damaged(from, error);
  } finally {
    database.close();
  }
}

/**
 * Opens a ledger's file for writing, and creates it if there is none. The file is checked before anything is written to it.
 * @throws {LedgerLocked} another process writes it @throws {LedgerDamaged}
 */
export function openSqliteEventLog(file: string): SqliteEventLog {
  const lock = lockForWriting(`${file}.lock`);
  try {
    if (existsSync(file) && statSync(file).size > 0 && !isBlank(file)) checkFile(file);
    return new SqliteEventLog(file, openToWrite(file, logFormat, { durable: true }), lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The event log as one SQLite file with one partition (WAL, every commit flushed). */
export class SqliteEventLog implements EventLog {
  readonly partitions = 1;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly file: string,
    private readonly database: DatabaseSync,
    private readonly lock: { release(): void } | undefined,
  ) {}

  async *read(partition: number, after: Offset): AsyncIterable<Entry[]> {
    this.check(partition);
    const end = this.last();
    for (const entries of this.guarded(() => entriesBetween(this.database, after, end))) yield Promise.resolve(entries);
  }

  async *follow(partition: number, after: Offset, signal: AbortSignal): AsyncIterable<Entry[]> {
    this.check(partition);
    let next = after;
    while (!signal.aborted) {
      let seen = 0;
      for (const entries of this.guarded(() => entriesBetween(this.database, next, this.last()))) {
        next = entries.at(-1)?.offset ?? next;
        seen += entries.length;
        yield entries;
      }
      await this.appended(signal, seen > busyFrom ? lookEvery.busy : lookEvery.idle);
    }
  }

  async acquire(partition: number, signal?: AbortSignal): Promise<LogWriter> {
    this.check(partition);
    if (!this.lock) throw new Error(`${this.file} is open for reading only`);
    await Promise.resolve();
    signal?.throwIfAborted();
    try {
      this.database.exec('UPDATE owner SET epoch = epoch + 1');
    } catch (cause) {
      throw new LogUnavailable(`${this.file} can't be written: ${messageOf(cause)}`, { cause });
    }
    const epoch = numberOf(this.database, 'SELECT epoch FROM owner');
    return new SqliteLogWriter(this.file, this.database, epoch, () => this.waiting);
  }

  /** This connection's `PRAGMA synchronous`: 2 is FULL, every commit flushed. */
  durability(): number {
    return numberOf(this.database, 'PRAGMA synchronous');
  }

  /** Tells followers in this thread that another thread has appended. */
  wake(): void {
    for (const follower of this.waiting) follower();
  }

  close(): Promise<void> {
    if (this.database.isOpen) {
      if (this.lock) this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.database.close();
    }
    this.lock?.release();
    return Promise.resolve();
  }

  end(partition: number): Promise<Offset> {
    this.check(partition);
    return Promise.resolve(this.last());
  }

  private last(): Offset {
    return numberOf(this.database, 'SELECT coalesce(max(place), ?) FROM entries', start);
  }

  private check(partition: number): void {
    if (partition !== 0) throw new RangeError(`there is no partition ${partition}; there is only partition 0`);
  }

  private *guarded<T>(read: () => Iterable<T>): Iterable<T> {
    try {
      yield* read();
    } catch (error) {
      throw damaged(this.file, error);
    }
  }

  /** Resolves when there may be something new, or on abort. */
  private async appended(signal: AbortSignal, milliseconds: number): Promise<void> {
    const told = new AbortController();
    const wake = () => {
      told.abort();
    };
    this.waiting.add(wake);
    signal.addEventListener('abort', wake);
    try {
      await wait(milliseconds, undefined, { signal: told.signal });
    } catch {
      // Woken before the time was up.
    } finally {
      this.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
    }
  }
}

class SqliteLogWriter implements LogWriter {
  private readonly insert: ReturnType<typeof entryInsert>;
  private readonly selectOwner: StatementSync;
  /** The open files: the ledger, and the write-ahead file that commits go to. */
  private readonly opened: readonly (readonly [file: string, identity: string | undefined])[];
  private next: Offset;

  constructor(
    private readonly file: string,
    private readonly database: DatabaseSync,
    private readonly epoch: number,
    private readonly waiting: () => Iterable<() => void>,
  ) {
    this.insert = entryInsert(database);
    this.selectOwner = database.prepare('SELECT epoch, (SELECT coalesce(max(place), -1) + 1 FROM entries) AS next FROM owner');
    this.opened = [file, `${file}-wal`].map((one) => [one, identityOf(one)]);
    this.next = numberOf(database, 'SELECT coalesce(max(place), -1) + 1 FROM entries');
  }

  append(entries: readonly NewEntry[]): Promise<Offset[]> {
    try {
      return Promise.resolve(this.appendNow(entries));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(messageOf(error)));
    }
  }

  private appendNow(entries: readonly NewEntry[]): Offset[] {
    const { database } = this;
    let committing = false;
    let offsets: Offset[];
    try {
      database.exec('BEGIN IMMEDIATE');
      this.checkOwner();
      offsets = entries.map((entry, index) => {
        this.insert(this.next + index, entry);
        return this.next + index;
      });
      this.checkFiles();
      committing = true;
      database.exec('COMMIT');
    } catch (cause) {
      const undone = this.rollBack();
      if (cause instanceof LogFenced) throw cause;
      // A failed commit may leave frames in the write-ahead file, which a crash would bring back. The next writer settles it.
      if (undone && !committing) throw new LogUnavailable(`${this.file} can't be written: ${messageOf(cause)}`, { cause });
      throw new OutcomeUnknown(
        `it is not known whether ${this.file} was written (${committing ? 'on commit' : 'before commit'}): ${messageOf(cause)}`,
        { cause },
      );
    }
    this.next += entries.length;
    for (const wake of this.waiting()) wake();
    return offsets;
  }

  /** @throws {LogFenced} another writer or process has written to the ledger */
  private checkOwner(): void {
    const { epoch, next } = this.selectOwner.get() ?? {};
    if (epoch !== this.epoch) throw new LogFenced(`${this.file} has another writer now`);
    if (next !== this.next)
      throw new LogFenced(
        `${this.file} was changed by another process: the next offset was ${this.next}, and it is ${String(next)}; nothing more is written to it`,
      );
  }

  /** Checks that the open files are still in place: a commit to a replaced or removed file would be acknowledged and lost. @throws {LogFenced} */
  private checkFiles(): void {
    for (const [file, identity] of this.opened)
      if (identityOf(file) !== identity)
        throw new LogFenced(
          `${file} was replaced or removed while the ledger was open: nothing more is written to it; what was acknowledged is in the file that was there before`,
        );
  }

  /** @returns whether the transaction is certainly rolled back */
  private rollBack(): boolean {
    try {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      return numberOf(this.database, 'SELECT coalesce(max(place), -1) + 1 FROM entries') === this.next;
    } catch {
      return false;
    }
  }
}

/** Checks a file without changing it. @throws {LedgerDamaged} it is torn, edited or of another kind */
function checkFile(file: string): void {
  const { size } = statSync(file);
  const database = openToRead(file, logFormat);
  try {
    const pageSize = numberOf(database, 'PRAGMA page_size');
    const torn = size % pageSize !== 0;
    if (torn && sizeOf(`${file}-wal`) === 0)
      throw new LedgerDamaged(`${file} is torn: its size of ${size} bytes is not a whole number of pages; it was left as it is`);
    // If power failed while the file grew, the pages that were being written are still in the write-ahead file: then the whole file is checked. The same check
    // finds a file that was cut short beside a foreign write-ahead file, except for missing outcome entries, which are not in the chain.
    const whole = torn || size <= checkedWhole;
    if (whole) {
      const fault = structuralFault(database);
      if (fault !== undefined) throw new LedgerDamaged(`${file} is damaged (${fault}); it was left as it is: put back a copy`);
    }
    const end = numberOf(database, 'SELECT coalesce(max(place), -1) FROM entries');
    checkRecords(file, database, whole ? start : Math.max(start, end - checkedTail), end);
  } catch (error) {
    if (errorCode(error) !== undefined) throw damaged(file, error);
    throw error;
  } finally {
    database.close();
  }
}

/** Identifies a file, to tell it from another that took its name. */
function identityOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.dev}/${found.ino}`;
}

function checkRecords(file: string, database: DatabaseSync, after: Offset, end: Offset): void {
  const chain = new Chain({ midway: after !== start });
  for (const entries of entriesBetween(database, after, end))
    for (const entry of entries) {
      if (entry.kind !== 'record') continue;
      const found = chain.follow(entry);
      if (isFault(found))
        throw new LedgerDamaged(
          `${file} was changed: offset ${found.offset} (${found.programme ?? 'no programme'}, position ${String(found.position)}): ${found.found}; it was left as it is`,
        );
    }
}
