/** Statements in an SQLite file. A document has a row for each statement before which it changed; a statement has its latest row up to its position. */
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, openToRead, openToWrite, type Format } from '../../sqlite/database.js';
import { plainBytes } from '../ports.js';
import type { NewStatement, PublishedStatement, StatedDocument, StatedTile, Statement, Statements } from '../statements/ports.js';

const format: Format = {
  applicationId: 0x494c5354, // "ILST"
  version: 2,
  what: 'file of statements',
  schema: `
    CREATE TABLE statements (
      programme TEXT NOT NULL,
      position INTEGER NOT NULL,
      size INTEGER NOT NULL,
      root BLOB NOT NULL,
      record INTEGER,
      PRIMARY KEY (programme, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tiles (
      programme TEXT NOT NULL,
      position INTEGER NOT NULL,
      tile INTEGER NOT NULL,
      first_key TEXT NOT NULL,
      root BLOB NOT NULL,
      PRIMARY KEY (programme, position, tile)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE documents (
      programme TEXT NOT NULL,
      key TEXT NOT NULL,
      position INTEGER NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (programme, key, position)
    ) STRICT, WITHOUT ROWID`,
};

/** Opens a file of statements, and creates it if there is none and it is to be written. @throws {LedgerDamaged} */
export function openSqliteStatements(file: string, mode: 'read' | 'write'): SqliteStatements {
  if (mode === 'read' && !existsSync(file)) throw new Error(`there are no statements at ${file}`);
  return new SqliteStatements(mode === 'read' ? openToRead(file, format) : openToWrite(file, format, { durable: false }));
}

export class SqliteStatements implements Statements {
  constructor(private readonly database: DatabaseSync) {}

  /** Adds the documents and tiles in several transactions, so that others get their turn, and the statement itself last. */
  async add({ programme, position, size, root, changed, tiles }: NewStatement): Promise<void> {
    if (await this.at(programme, position)) return;
    const { database } = this;
    const insertDocument = database.prepare('INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET text = excluded.text');
    for (const page of changed) {
      inTransaction(database, () => {
        for (const { key, text } of page) insertDocument.run(programme, key, position, text);
      });
      await nextTurn();
    }
    inTransaction(database, () => {
      const insertTile = database.prepare(
        'INSERT INTO tiles VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET first_key = excluded.first_key, root = excluded.root',
      );
      tiles.forEach(({ firstKey, root }, tile) => insertTile.run(programme, position, tile, firstKey, root));
      database.prepare('INSERT INTO statements VALUES (?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING').run(programme, position, size, root);
    });
  }

  published({ programme, position, size, root, record }: PublishedStatement): Promise<void> {
    this.database
      .prepare('UPDATE statements SET record = ? WHERE programme = ? AND position = ? AND size = ? AND root = ? AND record IS NOT ?')
      .run(record, programme, position, size, root, record);
    return Promise.resolve();
  }

  at(programme: string, position: number): Promise<Statement | undefined> {
    const row = this.database.prepare('SELECT * FROM statements WHERE programme = ? AND position = ?').get(programme, position);
    return Promise.resolve(row && statementIn(row));
  }
  last(programme: string, position = Number.MAX_SAFE_INTEGER): Promise<Statement | undefined> {
    const row = this.database
      .prepare('SELECT * FROM statements WHERE programme = ? AND position <= ? ORDER BY position DESC LIMIT 1')
      .get(programme, position);
    return Promise.resolve(row && statementIn(row));
  }
  list(programme: string, limit: number, before = Number.MAX_SAFE_INTEGER): Promise<PublishedStatement[]> {
    const rows = this.database
      .prepare('SELECT * FROM statements WHERE programme = ? AND position < ? AND record IS NOT NULL ORDER BY position DESC LIMIT ?')
      .all(programme, before, limit);
    return Promise.resolve(rows.map((row) => ({ ...statementIn(row), record: Number(row['record']) })));
  }

  documents({ programme, position }: Statement, from: string, limit: number): Promise<StatedDocument[]> {
    const rows = this.database
      .prepare(
        `SELECT key, text FROM documents AS one WHERE programme = ? AND key >= ? AND position =
          (SELECT max(position) FROM documents WHERE programme = one.programme AND key = one.key AND position <= ?) ORDER BY key LIMIT ?`,
      )
      .all(programme, from, position, limit);
    return Promise.resolve(rows.map(({ key, text }) => ({ key: String(key), text: String(text) })));
  }

  tiles({ programme, position }: Statement, first: number, count: number): Promise<StatedTile[]> {
    const rows = this.database
      .prepare('SELECT first_key, root FROM tiles WHERE programme = ? AND position = ? AND tile >= ? ORDER BY tile LIMIT ?')
      .all(programme, position, first, count);
    return Promise.resolve(rows.map(({ first_key, root }) => ({ firstKey: String(first_key), root: bytesIn(root) })));
  }
  tileOf({ programme, position }: Statement, key: string): Promise<number> {
    const row = this.database
      .prepare('SELECT max(tile) AS tile FROM tiles WHERE programme = ? AND position = ? AND first_key <= ?')
      .get(programme, position, key);
    return Promise.resolve(Number(row?.['tile'] ?? 0));
  }

  close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
    return Promise.resolve();
  }
}

function statementIn({ programme, position, size, root, record }: Record<string, unknown>): Statement {
  return {
    programme: String(programme),
    position: Number(position),
    size: Number(size),
    root: bytesIn(root),
    ...(record !== null && { record: Number(record) }),
  };
}
function bytesIn(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('a hash is kept as bytes');
  return plainBytes(value);
}
