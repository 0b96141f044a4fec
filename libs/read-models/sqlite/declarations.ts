/** The tables and indexes that a file declares, and those that it should. */
import { DatabaseSync } from 'node:sqlite';
import { type CollectionSpec } from '../ports.js';
import { Table } from './table.js';
import { schema } from './read-models-file.js';
import { textOf } from './stored-values.js';

/** Every table and index of a database, and how it is declared; SQLite's own have no declaration. */
export function declarationsIn(database: DatabaseSync): [name: string, sql: string | undefined][] {
  const declared = database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema').all();
  return declared.map(({ type, name, tbl_name: table, sql }) => [`${String(type)} ${String(name)} of ${String(table)}`, textOf(sql)]);
}

/** What a file declares that holds one generation of these collections. */
export function expectedDeclarations(id: number, collections: readonly CollectionSpec[]): [name: string, sql: string | undefined][] {
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(schema);
    for (const [number, spec] of collections.entries()) Table.create(database, tableName(id, number), spec);
    return declarationsIn(database);
  } finally {
    database.close();
  }
}

export function tableName(generation: number, number: number): string {
  return `g${generation}_c${number}`;
}
