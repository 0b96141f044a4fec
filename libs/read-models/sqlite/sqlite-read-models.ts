import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Head, Heads } from '../../event-log/ports.js';
import { inTransaction, openUnchanged } from '../../sqlite/database.js';
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
import { Generations } from './generations.js';
import { ReadModelsUnusable, openDatabaseToWrite, isOurs } from './read-models-file.js';
import { ReadTurns } from './read-turns.js';
import type { CollectionRows } from './rows.js';
import { checkpointOf, headIn, textOf } from './stored-values.js';
import { corruptionIn, descriptionFault } from './structural-faults.js';

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

/** The read models as one SQLite file. A save is one transaction: documents, heads and checkpoint together or not at all. */
export class SqliteReadModels implements ReadModels {
  private readonly inFile: Generations;
  private readonly headOf: StatementSync;
  /** Where what is asked for together is read as of one moment. */
  private readonly turns: ReadTurns | undefined;

  constructor(
    private readonly database: DatabaseSync,
    mode: ReadModelsMode,
  ) {
    this.inFile = new Generations(database);
    this.headOf = database.prepare('SELECT position, hash, recorded_at FROM heads WHERE generation = ? AND programme = ?');
    if (mode === 'read') this.turns = new ReadTurns(database);
  }

  serving(): Promise<string | undefined> {
    return this.attempt(() => {
      const turn = this.turns?.current;
      if (!turn) return this.inFile.serving();
      turn.serving ??= { generation: this.inFile.serving() };
      return turn.serving.generation;
    });
  }
  generations(): Promise<string[]> {
    return this.attempt(() => this.inFile.names());
  }
  create(generation: string, collections: readonly CollectionSpec[]): Promise<void> {
    return this.attempt(() => {
      this.inFile.create(generation, collections);
    });
  }
  serve(generation: string): Promise<void> {
    return this.attempt(() => {
      this.inFile.serve(generation);
    });
  }
  drop(generation: string): Promise<void> {
    return this.attempt(() => {
      this.inFile.drop(generation);
    });
  }
  markBuilt(generation: string, partition: number): Promise<number[]> {
    return this.attempt(() => this.inFile.markBuilt(generation, partition));
  }

  checkpoint(generation: string): Promise<Checkpoint | undefined> {
    return this.attempt(() => this.storedCheckpoint(generation));
  }

  heads(generation: string): Promise<Heads> {
    return this.attempt(() => {
      const rows = this.database
        .prepare('SELECT programme, position, hash, recorded_at FROM heads WHERE generation = ?')
        .all(this.inFile.id(generation));
      return new Map(rows.map((row) => [String(row['programme']), headIn(row)]));
    });
  }
  head(generation: string, programme: string): Promise<Head | undefined> {
    return this.attempt(() => {
      const key = `${generation}/${programme}`;
      const known = this.turns?.current?.heads.get(key);
      if (known) return known;
      const row = this.headOf.get(this.inFile.id(generation), programme);
      const head = row && headIn(row);
      if (head) this.turns?.current?.heads.set(key, head);
      return head;
    });
  }

  get(generation: string, collection: string, keys: readonly string[]): Promise<(Document | undefined)[]> {
    return this.attempt(() => {
      const table = this.inFile.table(generation, collection);
      return keys.map((key) => table.get(key));
    });
  }

  lookUp(generation: string, collection: string, field: string, value: string): Promise<Document | undefined> {
    return this.attempt(() => this.inFile.table(generation, collection).lookUp(field, value));
  }
  find(generation: string, collection: string, query: Query): Promise<Page> {
    return this.attempt(() => this.inFile.table(generation, collection).find(query));
  }
  getShown(generation: string, collection: string, key: string): Promise<ShownDocument | undefined> {
    return this.attempt(() => this.inFile.table(generation, collection).getShown(key));
  }
  getAllShown(generation: string, collection: string, keys: readonly string[]): Promise<(ShownDocument | undefined)[]> {
    return this.attempt(() => {
      const table = this.inFile.table(generation, collection);
      return keys.map((key) => table.getShown(key));
    });
  }
  findShown(generation: string, collection: string, query: Query): Promise<Page<ShownDocument>> {
    return this.attempt(() => this.inFile.table(generation, collection).findShown(query));
  }

  count(generation: string, collection: string, conditions: Conditions, most: number): Promise<Count> {
    return this.attempt(() => this.inFile.table(generation, collection).count(conditions, most));
  }

  async *scan(generation: string, collection: string): AsyncIterable<ScannedDocument[]> {
    const table = this.inFile.table(generation, collection);
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
    return this.attempt(() => corruptionIn(this.database) ?? descriptionFault(this.database, this.inFile.id(generation), collections));
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
      const { rowOf } = this.inFile.table(generation, collection);
      return { collection, rows: some.map(rowOf) };
    });
  }

  close(): Promise<void> {
    if (this.database.isOpen) this.database.close();
    return Promise.resolve();
  }

  /** What SQLite does at once, as the promise that the port gives. */
  private attempt<T>(work: () => T): Promise<T> {
    if (this.turns && !this.turns.current) return this.turns.next().then(work);
    return new Promise((resolve) => {
      resolve(work());
    });
  }

  private saveNow(generation: string, { collections, heads, ...save }: SavedRows): void {
    const id = this.inFile.id(generation);
    inTransaction(this.database, () => {
      for (const { collection, rows } of collections) {
        const table = this.inFile.table(generation, collection);
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

  private storedCheckpoint(generation: string): Checkpoint | undefined {
    const text = textOf(this.database.prepare('SELECT checkpoint FROM generations WHERE name = ?').get(generation)?.['checkpoint']);
    return text === undefined ? undefined : checkpointOf(text);
  }
}
