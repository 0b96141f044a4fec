import type { DatabaseSync } from 'node:sqlite';
import { LogUnreadable, type CommandRef, type Entry, type NewEntry, type Offset } from '../ports.js';
import type { Format } from '../../sqlite/database.js';

/** The log's file: one row per entry, in the order appended, and the epoch of the writer that may append. */
export const logFormat: Format = {
  applicationId: 0x494c4547, // "ILEG"
  version: 1,
  what: 'ledger',
  schema: `
    CREATE TABLE entries (
      place INTEGER PRIMARY KEY,
      kind INTEGER NOT NULL,
      programme TEXT,
      position INTEGER,
      bytes BLOB NOT NULL,
      command_place INTEGER,
      organisation TEXT,
      command_id TEXT,
      digest BLOB,
      command_index INTEGER,
      command_count INTEGER
    ) STRICT;
    CREATE TABLE owner (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL) STRICT;
    INSERT INTO owner VALUES (1, 0)`,
};

const kinds = ['record', 'outcome'] as const;
const rowsAtOnce = 2_000;

/** Prepares the statement that inserts an entry at an offset. */
export function entryInsert(database: DatabaseSync): (offset: Offset, entry: NewEntry) => void {
  const statement = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  return (offset, { kind, programme = null, position = null, bytes, command }) => {
    statement.run(
      offset,
      kinds.indexOf(kind),
      programme,
      position,
      bytes,
      command?.offset ?? null,
      command?.organisation ?? null,
      command?.id ?? null,
      command ? Buffer.from(command.digest, 'hex') : null,
      command?.index ?? null,
      command?.count ?? null,
    );
  };
}

/** The digest is read as text, because node:sqlite hands over a blob far more slowly. */
const columnsRead = `place, kind, programme, position, bytes, command_place, organisation, command_id, lower(hex(digest)), command_index, command_count`;

/** Entries after one offset up to and including another, in batches of at most {@link rowsAtOnce}. @throws {LogUnreadable} */
export function* entriesBetween(database: DatabaseSync, after: Offset, end: Offset): Iterable<Entry[]> {
  const statement = database.prepare(`SELECT ${columnsRead} FROM entries WHERE place > ? AND place <= ? ORDER BY place LIMIT ?`);
  statement.setReturnArrays(true);
  for (let from = after; from < end;) {
    const rows: unknown[] = statement.all(from, end, rowsAtOnce);
    const entries = rows.map((row) => entryOf(row));
    const last = entries.at(-1);
    if (!last) return;
    from = last.offset;
    yield entries;
  }
}

function entryOf(row: unknown): Entry {
  const columns: unknown[] = Array.isArray(row) ? row : [];
  const [offset, kindNumber, programme, position, bytes] = columns;
  const kind = typeof kindNumber === 'number' ? kinds[kindNumber] : undefined;
  if (typeof offset !== 'number') throw new LogUnreadable(-1, 'an entry has no offset');
  if (kind === undefined || !(bytes instanceof Uint8Array))
    throw new LogUnreadable(offset, `the entry at offset ${offset} is of no known kind`);
  const command = commandOf(offset, columns);
  return {
    offset,
    kind,
    bytes,
    ...(typeof programme === 'string' && { programme }),
    ...(typeof position === 'number' && { position }),
    ...(command && { command }),
  };
}

function commandOf(at: Offset, columns: unknown[]): CommandRef | undefined {
  const [, , , , , offset, organisation, id, digest, index, count] = columns;
  if (offset === null) return undefined;
  if (
    typeof offset !== 'number' ||
    typeof organisation !== 'string' ||
    typeof id !== 'string' ||
    typeof digest !== 'string' ||
    typeof index !== 'number' ||
    typeof count !== 'number'
  )
    throw new LogUnreadable(at, `the entry at offset ${at} does not say which command it comes from`);
  return { offset, organisation, id, digest, index, count };
}
