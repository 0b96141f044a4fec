/** Faults of a file that no document shows: pages that are torn, tables and indexes that are missing. */
import type { DatabaseSync } from 'node:sqlite';
import type { CollectionSpec } from '../ports.js';
import { declarationsIn, expectedDeclarations, tableName } from './declarations.js';
import { Table } from './table.js';

/** The first fault that SQLite finds by itself, indexes compared with their tables: the quick check, which every opening makes, leaves those out. */
export function corruptionIn(database: DatabaseSync): string | undefined {
  const found = String(database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']);
  return found === 'ok' ? undefined : found;
}

/** What SQLite can't know: which tables and indexes there are to be, and what is to be found in the search index. */
export function descriptionFault(database: DatabaseSync, generation: number, collections: readonly CollectionSpec[]): string | undefined {
  const described = database.prepare('SELECT number, spec FROM collections WHERE generation = ? ORDER BY number').all(generation);
  const specs = collections.map((spec) => JSON.stringify(spec));
  if (described.some(({ number, spec }, index) => number !== index || spec !== specs[index]) || described.length !== specs.length)
    return 'it describes other collections';
  const made = new Map(declarationsIn(database));
  for (const [name, sql] of expectedDeclarations(generation, collections))
    if (!made.has(name) || made.get(name) !== sql) return `the ${name} is not declared as it was made`;
  for (const [number, spec] of collections.entries()) {
    const key = new Table(database, tableName(generation, number), spec).firstMisindexed();
    if (key !== undefined) return `the search index does not find the document ${key} of ${spec.name} by its text`;
  }
  return undefined;
}
