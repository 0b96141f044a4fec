import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inTransaction } from '../../sqlite/database.js';
import { trusted } from '../../trusted/trusted.js';
import type { CollectionSpec } from '../ports.js';
import { tableName } from './declarations.js';
import { textOf } from './stored-values.js';
import { Table } from './table.js';

/** The generations of a file: which there are, the tables of each, which of its partitions are built, and which generation serves. */
export class Generations {
  private readonly served: StatementSync;
  private readonly ids = new Map<string, number>();
  private readonly tables = new Map<string, Table>();

  constructor(private readonly database: DatabaseSync) {
    this.served = database.prepare('SELECT generation, id FROM serving LEFT JOIN generations ON name = generation');
  }

  names(): string[] {
    return this.database
      .prepare('SELECT name FROM generations ORDER BY id')
      .all()
      .map(({ name }) => String(name));
  }

  serving(): string | undefined {
    const { generation, id } = this.served.get() ?? {};
    const name = textOf(generation);
    // What was dropped and made again under its name has other tables.
    if (name !== undefined && this.ids.has(name) && this.ids.get(name) !== id) this.forget(name);
    return name;
  }

  create(generation: string, collections: readonly CollectionSpec[]): void {
    if (this.database.prepare('SELECT 1 FROM generations WHERE name = ?').get(generation)) return;
    inTransaction(this.database, () => {
      const { lastInsertRowid: id } = this.database.prepare('INSERT INTO generations (name) VALUES (?)').run(generation);
      const describe = this.database.prepare('INSERT INTO collections VALUES (?, ?, ?)');
      for (const [number, spec] of collections.entries()) {
        describe.run(id, number, JSON.stringify(spec));
        Table.create(this.database, tableName(Number(id), number), spec);
      }
    });
  }

  serve(generation: string): void {
    for (const { spec } of this.collections(this.id(generation))) this.table(generation, spec.name).mergeSearchIndex();
    this.database.prepare('INSERT INTO serving VALUES (1, ?) ON CONFLICT DO UPDATE SET generation = excluded.generation').run(generation);
  }

  drop(generation: string): void {
    const id = this.id(generation);
    inTransaction(this.database, () => {
      for (const { number, spec } of this.collections(id)) Table.drop(this.database, tableName(id, number), spec);
      for (const table of ['collections', 'heads']) this.database.prepare(`DELETE FROM ${table} WHERE generation = ?`).run(id);
      this.database.prepare('DELETE FROM generations WHERE id = ?').run(id);
      this.database.prepare('DELETE FROM serving WHERE generation = ?').run(generation);
    });
    this.forget(generation);
  }

  /** @returns the partitions that are built, with this one */
  markBuilt(generation: string, partition: number): number[] {
    const id = this.id(generation);
    let built: number[] = [];
    inTransaction(this.database, () => {
      const known: unknown = JSON.parse(String(this.database.prepare('SELECT built FROM generations WHERE id = ?').get(id)?.['built']));
      built = [...new Set([...(Array.isArray(known) ? known.map(Number) : []), partition])];
      this.database.prepare('UPDATE generations SET built = ? WHERE id = ?').run(JSON.stringify(built), id);
    });
    return built;
  }

  /** The number of a generation in the file. @throws {Error} there is no such generation */
  id(generation: string): number {
    const known = this.ids.get(generation);
    if (known !== undefined) return known;
    const row = this.database.prepare('SELECT id FROM generations WHERE name = ?').get(generation);
    if (!row) throw new Error(`there is no generation ${generation}`);
    const id = Number(row['id']);
    this.ids.set(generation, id);
    return id;
  }

  /** @throws {Error} there is no such generation, or it has no such collection */
  table(generation: string, collection: string): Table {
    const key = `${generation}/${collection}`;
    const known = this.tables.get(key);
    if (known) return known;
    const id = this.id(generation);
    const found = this.collections(id).find(({ spec }) => spec.name === collection);
    if (!found) throw new Error(`the generation ${generation} has no collection ${collection}`);
    const table = new Table(this.database, tableName(id, found.number), found.spec);
    this.tables.set(key, table);
    return table;
  }

  private collections(id: number): { number: number; spec: CollectionSpec }[] {
    return this.database
      .prepare('SELECT number, spec FROM collections WHERE generation = ?')
      .all(id)
      .map(({ number, spec }) => {
        // `create` alone writes it.
        return { number: Number(number), spec: trusted<CollectionSpec>(JSON.parse(String(spec))) };
      });
  }

  private forget(generation: string): void {
    this.ids.delete(generation);
    for (const key of this.tables.keys()) if (key.startsWith(`${generation}/`)) this.tables.delete(key);
  }
}
