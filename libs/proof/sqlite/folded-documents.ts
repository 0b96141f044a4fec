/** The documents of programmes as folded so far, in an SQLite file: the working copy of one process. A cache, folded from the log again. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { start, type Offset } from '../../event-log/ports.js';
import { inTransaction, openToWrite, type Format } from '../../sqlite/database.js';
import { plainBytes } from '../ports.js';
import { occasionOf, type Occasion } from '../statements/occasion.js';
import type { PublishedStatement, StatedDocument } from '../statements/ports.js';

const format: Format = {
  applicationId: 0x494c5344, // "ILSD"
  version: 2,
  what: 'file of documents for statements',
  schema: `
    CREATE TABLE documents (
      programme TEXT NOT NULL,
      key TEXT NOT NULL,
      position INTEGER NOT NULL,
      text TEXT NOT NULL,
      PRIMARY KEY (programme, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE offsets (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
    CREATE TABLE published (
      programme TEXT NOT NULL,
      position INTEGER NOT NULL,
      size INTEGER NOT NULL,
      root BLOB NOT NULL,
      record INTEGER NOT NULL,
      PRIMARY KEY (programme, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE heads (programme TEXT PRIMARY KEY, position INTEGER NOT NULL, occasion TEXT NOT NULL) STRICT, WITHOUT ROWID`,
};

/** A document and the position of the last event that changed it. */
export type FoldedDocument = StatedDocument & { programme: string; position: number };
/** A programme as folded: its latest position, and the occasion of its next statement. */
export type FoldedHead = { position: number; occasion: Occasion };
/** What a batch of entries changes. */
export type FoldedBatch = {
  partition: number;
  offset: Offset;
  /** SHA-256 (hex) of the entry at that offset. */
  hash: string;
  documents: readonly FoldedDocument[];
  heads: ReadonlyMap<string, FoldedHead>;
  published: readonly PublishedStatement[];
};

export class FoldedDocuments {
  private readonly select: StatementSync;

  private constructor(private readonly database: DatabaseSync) {
    this.select = database.prepare('SELECT text FROM documents WHERE programme = ? AND key = ?');
  }

  /** Opens the file, and creates it if there is none. @throws {LedgerDamaged} */
  static open(file: string): FoldedDocuments {
    return new FoldedDocuments(openToWrite(file, format, { durable: false }));
  }

  /** The offset that a partition is folded to. */
  offset(partition: number): Offset {
    const row = this.database.prepare('SELECT offset FROM offsets WHERE partition = ?').get(partition);
    return row ? Number(row['offset']) : start;
  }
  /** The hash of the entry there. */
  hash(partition: number): string | undefined {
    const hash = this.database.prepare('SELECT hash FROM offsets WHERE partition = ?').get(partition)?.['hash'];
    return typeof hash === 'string' ? hash : undefined;
  }
  /** How far a programme is folded; `undefined` if it is not. */
  head(programme: string): FoldedHead | undefined {
    const row = this.database.prepare('SELECT position, occasion FROM heads WHERE programme = ?').get(programme);
    return row && { position: Number(row['position']), occasion: occasionOf(String(row['occasion'])) };
  }
  /** Every programme that is folded. */
  programmes(): string[] {
    return this.database
      .prepare('SELECT programme FROM heads ORDER BY programme')
      .all()
      .map(({ programme }) => String(programme));
  }
  text(programme: string, key: string): string | undefined {
    const text = this.select.get(programme, key)?.['text'];
    return typeof text === 'string' ? text : undefined;
  }

  /** Every statement that was published up to the offset. */
  published(): PublishedStatement[] {
    return this.database
      .prepare('SELECT * FROM published ORDER BY programme, position')
      .all()
      .map(({ programme, position, size, root, record }) => ({
        programme: String(programme),
        position: Number(position),
        size: Number(size),
        root: root instanceof Uint8Array ? plainBytes(root) : noBytes,
        record: Number(record),
      }));
  }

  save({ partition, offset, hash, documents, heads, published }: FoldedBatch): void {
    const { database } = this;
    inTransaction(database, () => {
      const insert = database.prepare(
        'INSERT INTO documents VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, text = excluded.text',
      );
      for (const { programme, key, position, text } of documents) insert.run(programme, key, position, text);
      const move = database.prepare(
        'INSERT INTO heads VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position, occasion = excluded.occasion',
      );
      for (const [programme, { position, occasion }] of heads) move.run(programme, position, JSON.stringify(occasion));
      const publish = database.prepare('INSERT INTO published VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
      for (const { programme, position, size, root, record } of published) publish.run(programme, position, size, root, record);
      database
        .prepare('INSERT INTO offsets VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET offset = excluded.offset, hash = excluded.hash')
        .run(partition, offset, hash);
    });
  }

  /** Forgets everything, so that it is folded again. */
  clear(): void {
    this.database.exec('BEGIN; DELETE FROM documents; DELETE FROM published; DELETE FROM heads; DELETE FROM offsets; COMMIT');
  }

  /** Pages of a programme's documents in the order of their keys: all, or those that changed after a position. */
  *pages(programme: string, limit: number, changedAfter = 0): Generator<FoldedDocument[]> {
    const page = this.database.prepare(
      'SELECT key, position, text FROM documents WHERE programme = ? AND key > ? AND position > ? ORDER BY key LIMIT ?',
    );
    for (let after = ''; ;) {
      const rows = page.all(programme, after, changedAfter, limit);
      if (rows.length === 0) return;
      const documents = rows.map(({ key, position, text }) => ({
        programme,
        key: String(key),
        position: Number(position),
        text: String(text),
      }));
      yield documents;
      after = documents.at(-1)?.key ?? after;
    }
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }
}

const noBytes = new Uint8Array();
