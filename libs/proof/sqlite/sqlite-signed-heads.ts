/** The heads that keys have signed, in an SQLite file. Every commit is flushed: what is forgotten could be signed differently. */
import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { damaged, openToRead, openToWrite, type Format } from '../../sqlite/database.js';
import { plainBytes, type SignedHead, type SignedHeads } from '../ports.js';

const format: Format = {
  applicationId: 0x494c5348, // "ILSH"
  version: 1,
  what: 'file of signed heads',
  schema: `
    CREATE TABLE keys (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    CREATE TABLE heads (
      key INTEGER NOT NULL REFERENCES keys,
      programme TEXT NOT NULL,
      size INTEGER NOT NULL,
      root BLOB NOT NULL,
      note TEXT NOT NULL,
      signed_at INTEGER NOT NULL,
      PRIMARY KEY (key, programme)
    ) STRICT`,
};

const ofKey = 'key = (SELECT id FROM keys WHERE name = ?)';
const ofLedger = 'key = (SELECT max(id) FROM keys)';

/** Opens a file of signed heads, and creates it if there is none and it is to be written. @throws {LedgerDamaged} */
export function openSqliteSignedHeads(file: string, mode: 'read' | 'write'): SqliteSignedHeads {
  if (mode === 'read' && !existsSync(file)) throw new Error(`there are no signed heads at ${file}`);
  return new SqliteSignedHeads(file, mode === 'read' ? openToRead(file, format) : openToWrite(file, format, { durable: true }));
}

export class SqliteSignedHeads implements SignedHeads {
  constructor(
    private readonly file: string,
    private readonly database: DatabaseSync,
  ) {}

  begin(key: string): Promise<void> {
    return this.attempt(() => {
      this.database.prepare('INSERT INTO keys (name) VALUES (?) ON CONFLICT DO NOTHING').run(key);
    });
  }
  knows(key: string): Promise<boolean> {
    return this.attempt(() => this.database.prepare('SELECT 1 FROM keys WHERE name = ?').get(key) !== undefined);
  }
  last(key: string, programme: string): Promise<SignedHead | undefined> {
    return this.attempt(() => this.headWhere(ofKey, key, programme));
  }
  key(): Promise<string | undefined> {
    return this.attempt(() => {
      const name = this.database.prepare('SELECT name FROM keys ORDER BY id DESC LIMIT 1').get()?.['name'];
      return typeof name === 'string' ? name : undefined;
    });
  }
  latest(programme: string): Promise<SignedHead | undefined> {
    return this.attempt(() => this.headWhere(ofLedger, programme));
  }
  programmes(): Promise<string[]> {
    return this.attempt(() =>
      this.database
        .prepare(`SELECT programme FROM heads WHERE ${ofLedger} ORDER BY programme`)
        .all()
        .map(({ programme }) => String(programme)),
    );
  }

  remember(key: string, programme: string, head: SignedHead, previous: SignedHead | undefined): Promise<boolean> {
    const { size, root, note, signedAt } = head;
    return this.attempt(() => {
      const { changes } = previous
        ? this.database
            .prepare(`UPDATE heads SET size = ?, root = ?, note = ?, signed_at = ? WHERE ${ofKey} AND programme = ? AND note = ?`)
            .run(size, root, note, signedAt, key, programme, previous.note)
        : this.database
            .prepare('INSERT INTO heads VALUES ((SELECT id FROM keys WHERE name = ?), ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
            .run(key, programme, size, root, note, signedAt);
      return Number(changes) === 1;
    });
  }

  /** This connection's `PRAGMA synchronous`: 2 is FULL, every commit flushed. */
  durability(): number {
    return Number(this.database.prepare('PRAGMA synchronous').get()?.['synchronous']);
  }

  close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
    return Promise.resolve();
  }

  private headWhere(condition: string, ...parameters: string[]): SignedHead | undefined {
    const row = this.database
      .prepare(`SELECT size, root, note, signed_at FROM heads WHERE ${condition} AND programme = ?`)
      .get(...parameters);
    const root = row?.['root'];
    if (!row || !(root instanceof Uint8Array)) return undefined;
    return { size: Number(row['size']), root: plainBytes(root), note: String(row['note']), signedAt: Number(row['signed_at']) };
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
