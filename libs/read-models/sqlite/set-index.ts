import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { membersIn, type Sortable } from '../find.js';

/**
 * Finds the rows of a table whose sets contain a value. The table's columns hold each set as text; this index has one entry for each member, and changes only
 * when a set does.
 */
export class SetIndex {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly count: StatementSync;

  constructor(
    private readonly database: DatabaseSync,
    private readonly table: string,
    /** The numbers of the set fields among the declared ones. */
    private readonly fields: readonly number[],
  ) {
    this.insert = database.prepare(`INSERT INTO ${table}_sets VALUES (?, ?, ?, ?)`);
    this.remove = database.prepare(`DELETE FROM ${table}_sets WHERE field = ? AND scope = ? AND member = ? AND row = ?`);
    this.count = database.prepare(
      `SELECT count(*) AS count FROM (SELECT 1 FROM ${table}_sets WHERE field = ? AND scope = ? AND member = ? LIMIT ?)`,
    );
  }

  static create(database: DatabaseSync, table: string): void {
    database.exec(
      `CREATE TABLE ${table}_sets (field INTEGER NOT NULL, scope TEXT NOT NULL, member TEXT NOT NULL, row INTEGER NOT NULL,
      PRIMARY KEY (field, scope, member, row)) STRICT, WITHOUT ROWID`,
    );
  }
  static drop(database: DatabaseSync, table: string): void {
    database.exec(`DROP TABLE ${table}_sets`);
  }

  add(row: number | bigint, scope: Sortable, values: readonly Sortable[]): void {
    for (const number of this.fields)
      for (const member of membersIn(String(values[number]))) this.insert.run(number, String(scope), member, row);
  }

  /** Replaces the entries of the sets that differ. */
  replace(row: number, scopes: { before: Sortable; after: Sortable }, before: readonly Sortable[], after: readonly Sortable[]): void {
    for (const number of this.fields) {
      if (before[number] === after[number] && scopes.before === scopes.after) continue;
      for (const member of membersIn(String(before[number]))) this.remove.run(number, String(scopes.before), member, row);
      for (const member of membersIn(String(after[number]))) this.insert.run(number, String(scopes.after), member, row);
    }
  }

  /** The number of the first row whose entries differ from those of its sets, `undefined` if there is none. Entries of no row change no answer. */
  firstDifference(rows: Iterable<{ row: number; scope: string; values: readonly Sortable[] }>): number | undefined {
    const sums = this.indexed();
    for (const { row, scope, values } of rows) {
      const entries = this.fields.flatMap((number) => membersIn(String(values[number])).map((member) => entryOf(number, scope, member)));
      if ((sums.get(row) ?? 0) !== entries.reduce((sum, entry) => sum + crc32(entry), 0)) return row;
    }
    return undefined;
  }

  /** By row, the sum of its entries' checksums: the entries themselves would not fit in memory. */
  private indexed(): Map<number, number> {
    const sums = new Map<number, number>();
    for (const { field, scope, member, row } of this.database.prepare(`SELECT field, scope, member, row FROM ${this.table}_sets`).iterate())
      sums.set(Number(row), (sums.get(Number(row)) ?? 0) + crc32(entryOf(Number(field), String(scope), String(member))));
    return sums;
  }

  /** The number of rows with one of some members, counted up to `most`. */
  rowsWith(field: number, scope: string, members: readonly string[], most: number): number {
    return members.reduce((sum, member) => sum + Number(this.count.get(field, scope, member, most)?.['count']), 0);
  }

  /** The query for the rows with one of some members, as `found`. */
  rows(field: number, scope: string, members: readonly string[]): { sql: string; values: SQLInputValue[] } {
    const some = members.map(() => '?').join(', ');
    return {
      sql: `SELECT DISTINCT row AS found FROM ${this.table}_sets WHERE field = ? AND scope = ? AND member IN (${some})`,
      values: [field, scope, ...members],
    };
  }
}

const entryOf = (field: number, scope: string, member: string): string => `${field}\n${scope}\n${member}`;
