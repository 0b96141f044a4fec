/** The heads that witnesses cosigned, in an SQLite file beside the signed heads. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { inTransaction, damaged, openToRead, openToWrite, type Format } from '../../sqlite/database.js';
import type { CosignedHead, CosignedHeads } from '../ports.js';

const format: Format = {
  applicationId: 0x494c4348, // "ILCH"
  version: 1,
  what: 'file of cosigned heads',
  schema: `
    CREATE TABLE heads (
      programme TEXT NOT NULL,
      size INTEGER NOT NULL,
      note TEXT NOT NULL,
      enough INTEGER NOT NULL,
      PRIMARY KEY (programme, size)
    ) STRICT`,
};

/** Opens a file of cosigned heads, and creates it if there is none and it is to be written. @throws {LedgerDamaged} */
export function openSqliteCosignedHeads(file: string, mode: 'read' | 'write'): SqliteCosignedHeads {
  if (mode === 'read' && !existsSync(file)) throw new Error(`there are no cosigned heads at ${file}`);
  return new SqliteCosignedHeads(file, mode === 'read' ? openToRead(file, format) : openToWrite(file, format, { durable: true }));
}

export class SqliteCosignedHeads implements CosignedHeads {
  constructor(
    private readonly file: string,
    private readonly database: DatabaseSync,
  ) {}

  of(programme: string): Promise<CosignedHead[]> {
    return this.attempt(() =>
      this.database
        .prepare('SELECT size, note, enough FROM heads WHERE programme = ? ORDER BY size DESC')
        .all(programme)
        .map(({ size, note, enough }) => ({ size: Number(size), note: String(note), enough: enough === 1 })),
    );
  }

  keep(programme: string, heads: readonly CosignedHead[]): Promise<void> {
    const { database } = this;
    return this.attempt(() => {
      inTransaction(database, () => {
        database.prepare('DELETE FROM heads WHERE programme = ?').run(programme);
        const insert = database.prepare('INSERT INTO heads VALUES (?, ?, ?, ?)');
        for (const { size, note, enough } of heads) insert.run(programme, size, note, enough ? 1 : 0);
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
