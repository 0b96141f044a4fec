/** Trees in an SQLite file beside the log: a cache, which is grown from the log again if it is missing or damaged. */
import { existsSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { start, type Offset } from '../../event-log/ports.js';
import { inTransaction, damaged, numberOf, openToRead, openToWrite, type Format } from '../../sqlite/database.js';
import { plainBytes, type GrownTrees, type Trees } from '../ports.js';
import { hashLength } from '../tree/hashing.js';
import type { TileAddress } from '../tree/tiles.js';

const format: Format = {
  applicationId: 0x494c5452, // "ILTR"
  version: 1,
  what: 'file of Merkle trees',
  schema: `
    CREATE TABLE trees (id INTEGER PRIMARY KEY, programme TEXT NOT NULL UNIQUE, size INTEGER NOT NULL) STRICT;
    CREATE TABLE tiles (
      tree INTEGER NOT NULL REFERENCES trees,
      level INTEGER NOT NULL,
      number INTEGER NOT NULL,
      hashes BLOB NOT NULL,
      PRIMARY KEY (tree, level, number)
    ) STRICT;
    CREATE TABLE offsets (partition INTEGER PRIMARY KEY, offset INTEGER NOT NULL) STRICT`,
};

/** Opens a file of trees, and creates it if there is none and it is to be written. @throws {LedgerDamaged} */
export function openSqliteTrees(file: string, mode: 'read' | 'write'): SqliteTrees {
  if (mode === 'read' && !existsSync(file)) throw new Error(`there are no trees at ${file}`);
  // A commit that a power failure takes back is grown again: nothing needs to be flushed.
  return new SqliteTrees(file, mode === 'read' ? openToRead(file, format) : openToWrite(file, format, { durable: false }));
}

export class SqliteTrees implements Trees {
  private readonly selectSize: StatementSync;
  private readonly selectTile: StatementSync;

  constructor(
    private readonly file: string,
    private readonly database: DatabaseSync,
  ) {
    this.selectSize = database.prepare('SELECT id, size FROM trees WHERE programme = ?');
    this.selectTile = database.prepare(
      `SELECT substr(hashes, 1, ?) AS hashes FROM tiles WHERE level = ? AND number = ? AND length(hashes) >= ?
        AND tree = (SELECT id FROM trees WHERE programme = ?)`,
    );
  }

  offset(partition: number): Promise<Offset> {
    return this.attempt(() => {
      const row = this.database.prepare('SELECT offset FROM offsets WHERE partition = ?').get(partition);
      return row ? Number(row['offset']) : start;
    });
  }
  size(programme: string): Promise<number> {
    return this.attempt(() => Number(this.selectSize.get(programme)?.['size'] ?? 0));
  }
  programmes(): Promise<string[]> {
    return this.attempt(() =>
      this.database
        .prepare('SELECT programme FROM trees ORDER BY programme')
        .all()
        .map(({ programme }) => String(programme)),
    );
  }

  tile(programme: string, { level, index, width }: TileAddress): Promise<Uint8Array | undefined> {
    const bytes = width * hashLength;
    return this.attempt(() => {
      const hashes = this.selectTile.get(bytes, level, index, bytes, programme)?.['hashes'];
      return hashes instanceof Uint8Array ? plainBytes(hashes) : undefined;
    });
  }

  save({ partition, offset, trees }: GrownTrees): Promise<void> {
    const { database } = this;
    return this.attempt(() => {
      inTransaction(database, () => {
        const insertTree = database.prepare(
          'INSERT INTO trees (programme, size) VALUES (?, ?) ON CONFLICT (programme) DO UPDATE SET size = max(size, excluded.size)',
        );
        const insertTile = database.prepare(
          `INSERT INTO tiles VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET hashes = excluded.hashes WHERE length(excluded.hashes) > length(hashes)`,
        );
        for (const { programme, size, tiles } of trees) {
          insertTree.run(programme, size);
          const id = numberOf(database, 'SELECT id FROM trees WHERE programme = ?', programme);
          for (const { level, index, hashes } of tiles) insertTile.run(id, level, index, hashes);
        }
        database
          .prepare('INSERT INTO offsets VALUES (?, ?) ON CONFLICT DO UPDATE SET offset = max(offset, excluded.offset)')
          .run(partition, offset);
      });
    });
  }

  close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
    return Promise.resolve();
  }

  private attempt<T>(work: () => T): Promise<T> {
    try {
      return Promise.resolve(work());
    } catch (error) {
      const found = damaged(this.file, error);
      return Promise.reject(Error.isError(found) ? found : new Error(String(found)));
    }
  }
}
