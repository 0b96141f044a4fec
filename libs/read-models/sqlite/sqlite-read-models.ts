import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Head, Heads } from '../../event-log/ports.js';
import { openUnchanged } from '../../sqlite/database.js';
import {
  follows,
  StaleWrite,
  type Checkpoint,
  type CollectionSpec,
  type Conditions,
  type Count,
  type Document,
  type Page,
  type Query,
  type ReadModels,
  type Save,
  type ScannedDocument,
  type ShownDocument,
  type Write,
} from '../ports.js';
import type { CollectionRows } from './rows.js';
import { Table } from './table.js';
import { trusted } from '../../trusted/trusted.js';
import { ReadModelsUnusable, openDatabaseToWrite, isOurs } from './read-models-file.js';
import { declarationsIn, expectedDeclarations, tableName } from './declarations.js';
import { textOf, headIn, checkpointOf } from './stored-values.js';

const scanAtOnce = 500;

/** The page cache of a connection that only reads, in KiB: for the inner pages of the indexes. */
const readerCacheKilobytes = 16_384;

/** How documents are kept in a file: to write, to read beside the writer, or to read as of one moment. */
export type ReadModelsMode = 'write' | 'read' | 'snapshot';

/**
 * Opens the read models in a file. They are never the truth: a file that can't be used is thrown away when it is opened for writing.
 * @throws where a file opened for reading is not there or can't be used
 */
export function openSqliteReadModels(file: string, mode: ReadModelsMode = 'write'): SqliteReadModels {
  if (mode !== 'write') {
    if (!existsSync(file)) throw new Error(`there are no read models at ${file}`);
    const database = openUnchanged(file);
    if (!isOurs(database)) {
      database.close();
      throw new ReadModelsUnusable(`${file} holds no read models of this version`);
    }
    database.exec(`PRAGMA cache_size = -${readerCacheKilobytes}`);
    // The moment is that of the first read.
    if (mode === 'snapshot') database.exec('BEGIN; SELECT count(*) FROM generations');
    return new SqliteReadModels(database, mode);
  }
  return new SqliteReadModels(openDatabaseToWrite(file), 'write');
}

/** A save whose documents are rows. */
export type SavedRows = Omit<Save, 'writes'> & { readonly collections: readonly CollectionRows[] };

/** What is asked for by every reader. */
type Turn = { serving?: { generation: string | undefined }; heads: Map<string, Head> };

/** The read models as one SQLite file. A save is one transaction: documents, heads and checkpoint together or not at all. */
export class SqliteReadModels implements ReadModels {
  private readonly tables = new Map<string, Table>();
  private readonly served: StatementSync;
  private readonly headOf: StatementSync;
  private readonly begin: StatementSync;
  private readonly commit: StatementSync;
  private readonly ids = new Map<string, number>();
  /** What was read in this turn of the event loop already, where it is read as of one moment. */
  private turn: Turn | undefined;
  /** The next turn, once something is asked for in it. */
  private coming: Promise<void> | undefined;

  constructor(
    private readonly database: DatabaseSync,
    private readonly mode: ReadModelsMode,
  ) {
    this.served = database.prepare('SELECT generation, id FROM serving LEFT JOIN generations ON name = generation');
    this.begin = database.prepare('BEGIN');
    this.commit = database.prepare('COMMIT');
    this.headOf = database.prepare('SELECT position, hash, recorded_at FROM heads WHERE generation = ? AND programme = ?');
  }

  serving(): Promise<string | undefined> {
    return this.attempt(() => {
      if (!this.turn) return this.storedServing();
      this.turn.serving ??= { generation: this.storedServing() };
      return this.turn.serving.generation;
    });
  }
  generations(): Promise<string[]> {
    return this.attempt(() =>
      this.database
        .prepare('SELECT name FROM generations ORDER BY id')
        .all()
        .map(({ name }) => String(name)),
    );
  }

  create(generation: string, collections: readonly CollectionSpec[]): Promise<void> {
    return this.attempt(() => {
      if (this.database.prepare('SELECT 1 FROM generations WHERE name = ?').get(generation)) return;
      this.transact(() => {
        const { lastInsertRowid: id } = this.database.prepare('INSERT INTO generations (name) VALUES (?)').run(generation);
        const describe = this.database.prepare('INSERT INTO collections VALUES (?, ?, ?)');
        for (const [number, spec] of collections.entries()) {
          describe.run(id, number, JSON.stringify(spec));
          Table.create(this.database, tableName(Number(id), number), spec);
        }
      });
    });
  }

  serve(generation: string): Promise<void> {
    return this.attempt(() => {
      for (const { spec } of this.collections(this.id(generation))) this.table(generation, spec.name).mergeSearchIndex();
      this.database.prepare('INSERT INTO serving VALUES (1, ?) ON CONFLICT DO UPDATE SET generation = excluded.generation').run(generation);
    });
  }

  drop(generation: string): Promise<void> {
    return this.attempt(() => {
      const id = this.id(generation);
      this.transact(() => {
        for (const { number, spec } of this.collections(id)) Table.drop(this.database, tableName(id, number), spec);
        for (const table of ['collections', 'heads']) this.database.prepare(`DELETE FROM ${table} WHERE generation = ?`).run(id);
        this.database.prepare('DELETE FROM generations WHERE id = ?').run(id);
        this.database.prepare('DELETE FROM serving WHERE generation = ?').run(generation);
      });
      this.forget(generation);
    });
  }

  markBuilt(generation: string, partition: number): Promise<number[]> {
    return this.attempt(() => {
      const id = this.id(generation);
      let built: number[] = [];
      this.transact(() => {
        const known: unknown = JSON.parse(String(this.database.prepare('SELECT built FROM generations WHERE id = ?').get(id)?.['built']));
        built = [...new Set([...(Array.isArray(known) ? known.map(Number) : []), partition])];
        this.database.prepare('UPDATE generations SET built = ? WHERE id = ?').run(JSON.stringify(built), id);
      });
      return built;
    });
  }

  checkpoint(generation: string): Promise<Checkpoint | undefined> {
    return this.attempt(() => this.storedCheckpoint(generation));
  }

  heads(generation: string): Promise<Heads> {
    return this.attempt(() => {
      const rows = this.database
        .prepare('SELECT programme, position, hash, recorded_at FROM heads WHERE generation = ?')
        .all(this.id(generation));
      return new Map(rows.map((row) => [String(row['programme']), headIn(row)]));
    });
  }
  head(generation: string, programme: string): Promise<Head | undefined> {
    return this.attempt(() => {
      const key = `${generation}/${programme}`;
      const known = this.turn?.heads.get(key);
      if (known) return known;
      const row = this.headOf.get(this.id(generation), programme);
      const head = row && headIn(row);
      if (head) this.turn?.heads.set(key, head);
      return head;
    });
  }

  get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    return this.attempt(() => {
      const table = this.table(generation, collection);
      return keys.map((key) => table.get(key));
    });
  }

  lookUp(generation: string, collection: string, field: string, value: string): Promise<Document | undefined> {
    return this.attempt(() => this.table(generation, collection).lookUp(field, value));
  }
  find(generation: string, collection: string, query: Query): Promise<Page> {
    return this.attempt(() => this.table(generation, collection).find(query));
  }
  getShown(generation: string, collection: string, key: string): Promise<ShownDocument | undefined> {
    return this.attempt(() => this.table(generation, collection).getShown(key));
  }
  getAllShown(generation: string, collection: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]> {
    return this.attempt(() => {
      const table = this.table(generation, collection);
      return keys.map((key) => table.getShown(key));
    });
  }
  findShown(generation: string, collection: string, query: Query): Promise<Page<ShownDocument>> {
    return this.attempt(() => this.table(generation, collection).findShown(query));
  }

  count(generation: string, collection: string, conditions: Conditions, most: number): Promise<Count> {
    return this.attempt(() => this.table(generation, collection).count(conditions, most));
  }

  async *scan(generation: string, collection: string): AsyncIterable<ScannedDocument[]> {
    const table = this.table(generation, collection);
    for (let after = ''; ;) {
      const documents = await this.attempt(() => table.scan(after, scanAtOnce));
      const last = documents.at(-1);
      if (!last) return;
      if (last.key <= after) throw new SyntaxError(`the documents after ${after} are not in the order of their keys`);
      after = last.key;
      yield documents;
    }
  }

  structuralFault(generation: string, collections: readonly CollectionSpec[]): Promise<string | undefined> {
    return this.attempt(() => {
      const corrupt = String(this.database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']);
      return corrupt === 'ok' ? this.descriptionFault(this.id(generation), collections) : corrupt;
    });
  }
  /** What SQLite can't know: which tables and indexes there are to be, and what is to be found in the search index. */
  private descriptionFault(id: number, collections: readonly CollectionSpec[]): string | undefined {
    const described = this.database.prepare('SELECT number, spec FROM collections WHERE generation = ? ORDER BY number').all(id);
    const specs = collections.map((spec) => JSON.stringify(spec));
    if (described.some(({ number, spec }, index) => number !== index || spec !== specs[index]) || described.length !== specs.length)
      return 'it describes other collections';
    const made = new Map(declarationsIn(this.database));
    for (const [name, sql] of expectedDeclarations(id, collections))
      if (!made.has(name) || made.get(name) !== sql) return `the ${name} is not declared as it was made`;
    for (const [number, spec] of collections.entries()) {
      const key = new Table(this.database, tableName(id, number), spec).firstMisindexed();
      if (key !== undefined) return `the search index does not find the document ${key} of ${spec.name} by its text`;
    }
    return undefined;
  }

  save(generation: string, { writes, ...save }: Save): Promise<void> {
    return this.attempt(() => {
      this.saveNow(generation, { ...save, collections: this.rowsOf(generation, writes) });
    });
  }
  /** The same, of rows. @throws {StaleWrite} */
  saveRows(generation: string, save: SavedRows): Promise<void> {
    return this.attempt(() => {
      this.saveNow(generation, save);
    });
  }

  /** Writes as rows, those of a collection together, in the order in which collections are first named. */
  protected rowsOf(generation: string, writes: readonly Write[]): CollectionRows[] {
    return [...Map.groupBy(writes, ({ collection }) => collection)].map(([collection, some]) => {
      const { rowOf } = this.table(generation, collection);
      return { collection, rows: some.map(rowOf) };
    });
  }

  close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
    return Promise.resolve();
  }

  /** What SQLite does at once, as the promise that the port gives. */
  private attempt<T>(work: () => T): Promise<T> {
    if (this.mode === 'read' && !this.turn) return this.nextTurn().then(work);
    return new Promise((resolve) => {
      resolve(work());
    });
  }

  /**
   * What is asked for in one turn of the event loop is read at its end, as of one moment, with all that follows from it: a transaction costs more than
   * most of what is read in it, and a reader that sleeps is woken once for all answers, not between any two of them.
   */
  private nextTurn(): Promise<void> {
    this.coming ??= new Promise((begun, failed) => {
      setImmediate(() => {
        this.coming = undefined;
        try {
          this.begin.run();
          this.turn = { heads: new Map() };
          begun();
        } catch (error) {
          failed(error instanceof Error ? error : new Error(String(error)));
        }
      });
      // In the same turn as the one before, after whatever its promises led to.
      setImmediate(() => {
        this.turn = undefined;
        if (this.database.isOpen && this.database.isTransaction) this.commit.run();
      });
    });
    return this.coming;
  }

  private saveNow(generation: string, { collections, heads, ...save }: SavedRows): void {
    const id = this.id(generation);
    this.transact(() => {
      for (const { collection, rows } of collections) {
        const table = this.table(generation, collection);
        for (const row of rows) table.write(row);
      }
      const set = this.database.prepare(
        `INSERT INTO heads VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET position = excluded.position, hash = excluded.hash, recorded_at = excluded.recorded_at`,
      );
      for (const [programme, { position, hash, recordedAt }] of heads) set.run(id, programme, position, hash, recordedAt);
      const stored = this.storedCheckpoint(generation);
      if (!follows(stored, save)) throw new StaleWrite('another writer went on from the checkpoint');
      const checkpoint = JSON.stringify({ ...stored, ...save.checkpoint });
      this.database.prepare('UPDATE generations SET checkpoint = ? WHERE id = ?').run(checkpoint, id);
    });
  }

  private storedServing(): string | undefined {
    const { generation, id } = this.served.get() ?? {};
    const name = textOf(generation);
    // What was dropped and made again under its name has other tables.
    if (name !== undefined && this.ids.has(name) && this.ids.get(name) !== id) this.forget(name);
    return name;
  }

  private storedCheckpoint(generation: string): Checkpoint | undefined {
    const text = textOf(this.database.prepare('SELECT checkpoint FROM generations WHERE name = ?').get(generation)?.['checkpoint']);
    return text === undefined ? undefined : checkpointOf(text);
  }

  private transact(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  private forget(generation: string): void {
    this.ids.delete(generation);
    for (const key of this.tables.keys()) if (key.startsWith(`${generation}/`)) this.tables.delete(key);
  }

  private id(generation: string): number {
    const known = this.ids.get(generation);
    if (known !== undefined) return known;
    const row = this.database.prepare('SELECT id FROM generations WHERE name = ?').get(generation);
    if (!row) throw new Error(`there is no generation ${generation}`);
    const id = Number(row['id']);
    this.ids.set(generation, id);
    return id;
  }

  private table(generation: string, collection: string): Table {
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
}
