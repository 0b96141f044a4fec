import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** Files up to this size, in bytes, are checked completely when they are opened. */
export const checkedWhole = 32 * 1024 * 1024;

/** Earlier versions of SQLite could lose data when the WAL was reset under readers (sqlite.org/wal.html, "WAL-reset bug"). */
const oldest = [3, 51, 3] as const;

/** The file belongs to another application or has another format, or it is torn or was edited. Nothing was written to it. */
export class LedgerDamaged extends Error {
  override readonly name = 'LedgerDamaged';
}

/** The file belongs to this application, but has the format of another version. */
export class OtherFormat extends LedgerDamaged {}

export type Format = {
  /** Marks the file as ours in SQLite's header (`PRAGMA application_id`). */
  applicationId: number;
  /** The version of the tables' layout (`PRAGMA user_version`). */
  version: number;
  /** What such a file is called in messages, without an article. */
  what: string;
  /** Size of SQLite's pages in bytes; SQLite's default if absent. */
  pageSize?: number;
  schema: string;
};

/** @throws {Error} this version of SQLite could lose records */
export function checkSqliteVersion(version: string): void {
  const parts = version.split('.').map(Number);
  for (const [index, least] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least)
      throw new Error(
        `SQLite ${oldest.join('.')} or newer is needed, this is ${version}; run the ledger with the Node.js that comes with it`,
      );
  }
}

/** Opens a file of a format for reading, without changing a byte of it. @throws {LedgerDamaged} */
export function openToRead(file: string, format: Format): DatabaseSync {
  checkSqliteVersion(process.versions.sqlite ?? '0');
  const database = openUnchanged(file);
  try {
    checkFormat(database, file, format);
    return database;
  } catch (error) {
    database.close();
    throw damaged(file, error);
  }
}

/**
 * Opens a file for reading, also in a folder that can't be written, as on a read-only medium. There SQLite is told that nothing changes the file.
 * @throws {Error} the read-only folder holds a write-ahead file: SQLite can't read its records there
 */
export function openUnchanged(file: string): DatabaseSync {
  const database = open(file, true);
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    const code = errorCode(error);
    // Any other fault shows up again in the caller's first query, which reports it.
    if (code !== sqliteCannotOpen && code !== sqliteReadOnly) return database;
    database.close();
    if (sizeOf(`${file}-wal`) > 0)
      throw new Error(
        `${file} can't be read where it is: its latest records are in ${file}-wal, and its folder can't be written; copy both files to a folder that can`,
        { cause: error },
      );
    return new DatabaseSync(new URL(`${pathToFileURL(file).href}?immutable=1`), { readOnly: true });
  }
}

/** Size of a file in bytes, 0 if there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Opens a file of a format for writing, and creates it if there is none. `durable` flushes every commit to the disk. @throws {LedgerDamaged} */
export function openToWrite(file: string, format: Format, { durable }: { durable: boolean }): DatabaseSync {
  checkSqliteVersion(process.versions.sqlite ?? '0');
  const database = open(file, false);
  try {
    if (isEmpty(database)) {
      if (format.pageSize !== undefined) database.exec(`PRAGMA page_size = ${format.pageSize}`);
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(
        `BEGIN IMMEDIATE; ${format.schema}; PRAGMA application_id = ${format.applicationId}; PRAGMA user_version = ${format.version}; COMMIT`,
      );
    } else checkFormat(database, file, format);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}; PRAGMA wal_autocheckpoint = 4000`);
    return database;
  } catch (error) {
    database.close();
    throw damaged(file, error);
  }
}

function open(file: string, readOnly: boolean): DatabaseSync {
  try {
    return new DatabaseSync(file, { readOnly, timeout: 5_000 });
  } catch (cause) {
    throw new Error(`${file} can't be opened${readOnly ? '' : ' for writing'}: ${messageOf(cause)}`, { cause });
  }
}

/** Whether a file is empty, as a first start leaves it that was interrupted before it had created any table. */
export function isBlank(file: string): boolean {
  const database = openUnchanged(file);
  try {
    return isEmpty(database);
  } catch {
    return false;
  } finally {
    database.close();
  }
}

function isEmpty(database: DatabaseSync): boolean {
  return numberOf(database, 'PRAGMA page_count') === 0 || numberOf(database, 'SELECT count(*) FROM sqlite_schema') === 0;
}

function checkFormat(database: DatabaseSync, file: string, { applicationId, version, what }: Format): void {
  if (numberOf(database, 'PRAGMA application_id') !== applicationId) throw new LedgerDamaged(`${file} is no ${what}; it was left as it is`);
  const found = numberOf(database, 'PRAGMA user_version');
  if (found !== version)
    throw new OtherFormat(`${file} is a ${what} of format ${found}; this version reads format ${version}; it was left as it is`);
}

/** The first column of the first row, as a number; 0 if there is no row. */
export function numberOf(database: DatabaseSync, sql: string, ...parameters: (string | number)[]): number {
  const row = database.prepare(sql).get(...parameters);
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/** Turns SQLite's errors for a damaged file into {@link LedgerDamaged}, which names the file. Returns any other error as it is. */
export function damaged(file: string, error: unknown): unknown {
  if (isDamage(error))
    return new LedgerDamaged(`${file} is damaged (${messageOf(error)}); it was left as it is: put back a copy`, { cause: error });
  return error;
}

/** The first fault that SQLite finds in a file's structure, `undefined` if it finds none. */
export function structuralFault(database: DatabaseSync): string | undefined {
  const found = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]);
  return found === 'ok' ? undefined : found;
}

/** Whether an error says that a file is damaged or not an SQLite file, rather than unavailable for now. */
export function isDamage(error: unknown): boolean {
  const code = errorCode(error);
  return code === sqliteError || code === sqliteCorrupt || code === sqliteNotADatabase || isNumberTooLarge(error);
}

/** Whether SQLite can write to a file: the file's header may forbid it, too. */
export function isWritable(database: DatabaseSync): boolean {
  try {
    // SQLite treats a transaction that writes nothing as a read.
    database.exec(`BEGIN; PRAGMA user_version = ${numberOf(database, 'PRAGMA user_version')}; ROLLBACK`);
    return true;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    if (errorCode(error) === sqliteReadOnly) return false;
    throw error;
  }
}

/** `node:sqlite` can't read a number above 2^53. This code never writes one, so the file is damaged. */
function isNumberTooLarge(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** An invalid header, schema or statement. The statements are our own and valid, so the file is at fault. */
const sqliteError = 1;
const sqliteReadOnly = 8;
const sqliteCorrupt = 11;
const sqliteCannotOpen = 14;
const sqliteNotADatabase = 26;

/** SQLite's primary result code of an error (sqlite.org/rescode.html). */
export function errorCode(error: unknown): number | undefined {
  const errcode = typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

/** Does work in one transaction: all of it is kept, or nothing. @throws whatever the work throws */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

export function messageOf(error: unknown): string {
  return Error.isError(error) ? error.message : String(error);
}
