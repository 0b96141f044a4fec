import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import type { Head, Heads } from '../../event-log/ports.js';
import { isDamage } from '../../event-log/sqlite/database.js';
import {
  absent,
  bodyIn,
  checkLookup,
  checkQuery,
  cursorAfter,
  fieldIn,
  kindOf,
  positionIn,
  searchable,
  sortable,
  type Sortable,
} from '../find.js';
import {
  follows,
  StaleWrite,
  type Checkpoint,
  type CollectionSpec,
  type Document,
  type JsonObject,
  type Page,
  type Query,
  type ReadModels,
  type Save,
  type ShownDocument,
  type Write,
} from '../ports.js';

const applicationId = 0x494c524d; // "ILRM"
const formatVersion = 5;
const schema = `
  CREATE TABLE generations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, checkpoint TEXT, built TEXT NOT NULL DEFAULT '[]') STRICT;
  CREATE TABLE collections (generation INTEGER NOT NULL, number INTEGER NOT NULL, spec TEXT NOT NULL, PRIMARY KEY (generation, number)) STRICT;
  CREATE TABLE heads (
    generation INTEGER NOT NULL, programme TEXT NOT NULL, position INTEGER NOT NULL, hash TEXT NOT NULL, recorded_at TEXT NOT NULL,
    PRIMARY KEY (generation, programme)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE serving (one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL) STRICT`;
const scanAtOnce = 500;
/** Holds the text searched in, in small letters. */
const searchColumn = 'searched';
/** A search that finds more than so many documents meets enough of them where it reads in the order asked for. */
const fewFound = 20_000;
/** No more documents than so many that have a value are looked at and sorted. */
const fewHave = 5_000;
/** Of so many of its trigrams a search looks for the few that the fewest documents have; more would not find less, and take longer to count. */
const counted = 16;
const rarest = 3;
/** How much of what was counted to choose an index is remembered, and for how many milliseconds: counting may take longer than reading a page. */
const remembered = { choices: 1_000, trigrams: 20_000, milliseconds: 60_000 } as const;

/** How documents are kept in a file: to write, to read beside the writer, or to read as of one moment. */
export type ReadModelsMode = 'write' | 'read' | 'snapshot';

/**
 * Opens the read models in a file. They are never the truth: a file that can't be used is thrown away when it is opened for writing.
 * @throws where a file opened for reading is not there or can't be used
 */
export function openSqliteReadModels(file: string, mode: ReadModelsMode = 'write'): SqliteReadModels {
  if (mode !== 'write') {
    if (!existsSync(file)) throw new Error(`there are no read models at ${file}`);
    const database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    if (!isOurs(database)) {
      database.close();
      throw new Error(`${file} holds no read models of this version`);
    }
    // The moment is that of the first read.
    if (mode === 'snapshot') database.exec('BEGIN; SELECT count(*) FROM generations');
    return new SqliteReadModels(database, mode);
  }
  try {
    const database = openToWrite(file);
    if (database) return new SqliteReadModels(database, 'write');
  } catch (error) {
    // What is damaged is built again; what can't be opened for now is still in use by others.
    if (!isDamage(error)) throw error;
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const database = openToWrite(file);
  if (!database) throw new Error(`the read models can't be made at ${file}`);
  return new SqliteReadModels(database, 'write');
}

function openToWrite(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000');
    if (database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'] === 0)
      database.exec(`BEGIN; ${schema}; PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}; COMMIT`);
    if (isOurs(database)) return database;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return undefined;
}

function isOurs(database: DatabaseSync): boolean {
  const id = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  return id === applicationId && version === formatVersion;
}

/** One collection of one generation: its table, and the statements prepared for it. */
class Table {
  private readonly fields: readonly { field: string; kind: CollectionSpec['fields'][string] }[];
  private readonly columns: readonly string[];
  private readonly documentColumns: string;
  private readonly shownColumns: string;
  private readonly select: StatementSync;
  private readonly selectShown: StatementSync;
  private readonly insert: StatementSync;
  private readonly fieldsOf: StatementSync;
  private readonly searched: SearchIndex | undefined;
  private readonly statements = new Map<string, StatementSync>();
  /** Which index answers a query best. */
  private readonly chosen = new LRUCache<string, string>({ max: remembered.choices, ttl: remembered.milliseconds });

  constructor(
    private readonly database: DatabaseSync,
    readonly name: string,
    readonly spec: CollectionSpec,
  ) {
    this.fields = Object.entries(spec.fields).map(([field, kind]) => ({ field, kind }));
    this.columns = [...this.fields.map(({ field }) => columnOf(spec, field)), ...(spec.search === undefined ? [] : [searchColumn])];
    this.documentColumns = `${name}.key AS key, position, body, internal`;
    this.shownColumns = `${name}.key AS key, ${spec.version === undefined ? 'position' : columnOf(spec, spec.version)} AS version, body`;
    this.select = database.prepare(`SELECT ${this.documentColumns} FROM ${name} WHERE key = ?`);
    this.selectShown = database.prepare(`SELECT ${this.shownColumns} FROM ${name} WHERE key = ?`);
    const fields = this.columns.map((column) => `, ${column}`).join('');
    this.insert = database.prepare(
      `INSERT INTO ${name} (key, position, body, internal${fields}) VALUES (?, ?, ?, ?${', ?'.repeat(this.columns.length)}) ON CONFLICT DO NOTHING`,
    );
    this.fieldsOf = database.prepare(`SELECT ${this.columns.join(', ')}, rowid FROM ${name} WHERE key = ? AND position = ?`);
    this.fieldsOf.setReturnArrays(true);
    if (spec.search !== undefined) this.searched = new SearchIndex(database, name);
  }

  /** The table with its indexes: one for each sort and each filter, led by the scope, and one for each lookup. */
  static create(database: DatabaseSync, name: string, spec: CollectionSpec): void {
    const types = { text: 'TEXT', money: 'TEXT', integer: 'INTEGER', flag: 'INTEGER' } as const;
    const fields = Object.values(spec.fields).map((kind, index) => `, f${index} ${types[kind]} NOT NULL`);
    if (spec.search !== undefined) fields.push(`, ${searchColumn} TEXT NOT NULL`);
    database.exec(
      `CREATE TABLE ${name} (key TEXT PRIMARY KEY, position INTEGER NOT NULL${fields.join('')}, body TEXT NOT NULL, internal TEXT) STRICT`,
    );
    const scope = columnOf(spec, spec.scope);
    for (const sort of spec.sorts)
      database.exec(`CREATE INDEX ${indexOf(name, 'by', spec, sort)} ON ${name} (${scope}, ${columnOf(spec, sort)}, key)`);
    for (const field of spec.filters)
      database.exec(`CREATE INDEX ${indexOf(name, 'where', spec, field)} ON ${name} (${scope}, ${columnOf(spec, field)})`);
    for (const field of spec.lookups ?? [])
      database.exec(`CREATE INDEX ${indexOf(name, 'of', spec, field)} ON ${name} (${columnOf(spec, field)}, position)`);
    if (spec.search !== undefined) SearchIndex.create(database, name);
  }

  static drop(database: DatabaseSync, name: string, spec: CollectionSpec): void {
    database.exec(`DROP TABLE ${name}`);
    if (spec.search !== undefined) SearchIndex.drop(database, name);
  }

  get(key: string): Document | undefined {
    const row = this.select.get(key);
    return row && documentOf(row);
  }
  getShown(key: string): ShownDocument | undefined {
    const row = this.selectShown.get(key);
    return row && shownOf(row);
  }
  lookUp(field: string, value: string): Document | undefined {
    checkLookup(this.spec, field);
    const column = columnOf(this.spec, field);
    const sql = `SELECT ${this.documentColumns} FROM ${this.name} WHERE ${column} = ? ORDER BY position DESC LIMIT 1`;
    const row = this.prepared(sql).get(value);
    return row && documentOf(row);
  }

  write({ document, replaces, collection }: Write): void {
    const { key, position, body, internal } = document;
    const { search } = this.spec;
    const values = this.fields.map(({ field, kind }) => sortable(kind, fieldIn(document, field)));
    if (search !== undefined) values.push(searchable(String(sortable('text', fieldIn(document, search)))));
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const texts: Texts = [text, internal === undefined ? null : JSON.stringify(internal)];
    const written = replaces === undefined ? this.add(key, position, texts, values) : this.update(key, replaces, position, texts, values);
    if (!written) throw new StaleWrite(`${collection} ${key} is not the document it was folded from`);
  }

  private add(key: string, position: number, texts: Texts, values: readonly Sortable[]): boolean {
    const { changes, lastInsertRowid } = this.insert.run(key, position, ...texts, ...values);
    if (changes === 1) this.searched?.add(lastInsertRowid, values.at(-1));
    return changes === 1;
  }

  /** Sets the columns that differ alone: an index whose column is not named is not touched. */
  private update(key: string, replaces: number, position: number, texts: Texts, values: readonly Sortable[]): boolean {
    const known: unknown = this.fieldsOf.get(key, replaces);
    if (!Array.isArray(known)) return false;
    const row = Number(known[values.length]);
    const set: string[] = [];
    const changed: Sortable[] = [];
    for (const [index, value] of values.entries())
      if (known[index] !== value) {
        set.push(`, ${this.columns[index] ?? ''} = ?`);
        changed.push(value);
      }
    this.prepared(`UPDATE ${this.name} SET position = ?, body = ?, internal = ?${set.join('')} WHERE rowid = ?`).run(
      position,
      ...texts,
      ...changed,
      row,
    );
    const last = values.length - 1;
    if (this.searched && known[last] !== values[last]) this.searched.replace(row, values[last]);
    return true;
  }

  find(query: Query): Page {
    return this.page(query, this.documentColumns, documentOf);
  }
  findShown(query: Query): Page<ShownDocument> {
    return this.page(query, this.shownColumns, shownOf);
  }

  private page<D>(query: Query, columns: string, documentIn: (row: Record<string, unknown>) => D): Page<D> {
    const rows = this.rows(query, columns);
    const documents = rows.slice(0, query.limit).map(documentIn);
    const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
    const cursor = last && cursorAfter(this.spec, query, { value: sortableIn(last['sorted']), key: String(last['key']) });
    return { documents, ...(cursor !== undefined && { cursor }) };
  }

  /** The rows of a page, and the first of the next. */
  private rows(query: Query, columns: string): Record<string, unknown>[] {
    const { spec } = this;
    checkQuery(spec, query);
    const after = positionIn(spec, query);
    const kind = kindOf(spec, query.sort);
    const sort = columnOf(spec, query.sort);
    const { range, search, descending = false } = query;
    const conditions: [string, SQLInputValue[]][] = [
      [`${columnOf(spec, spec.scope)} = ?`, [query.scope]],
      ...Object.entries(query.equals ?? {}).map(([field, value]): [string, SQLInputValue[]] => [
        `${columnOf(spec, field)} = ?`,
        [sortable(kindOf(spec, field), value)],
      ]),
    ];
    if (range !== undefined) conditions.push([`${sort} > ?`, [absent[kind]]]);
    if (range?.from !== undefined) conditions.push([`${sort} >= ?`, [sortable(kind, range.from)]]);
    if (range?.to !== undefined) conditions.push([`${sort} <= ?`, [sortable(kind, range.to)]]);
    if (search !== undefined) conditions.push([`instr(${searchColumn}, ?) > 0`, [searchable(search)]]);
    const few = search === undefined ? undefined : this.searched?.few(searchable(search));
    if (after) conditions.push([`(${sort}, ${this.name}.key) ${descending ? '<' : '>'} (?, ?)`, [after.value, after.key]]);
    const direction = descending ? 'DESC' : 'ASC';
    // A cross join is never turned round: what is found is looked at, and nothing else.
    const from = few
      ? `(${few.sql}) AS few CROSS JOIN ${this.name} ON ${this.name}.rowid = few.found`
      : `${this.name} INDEXED BY ${this.indexFor(query)}`;
    const sql = `SELECT ${columns}, ${sort} AS sorted FROM ${from} WHERE ${conditions.map(([condition]) => condition).join(' AND ')}
      ORDER BY ${sort} ${direction}, ${this.name}.key ${direction} LIMIT ?`;
    return this.prepared(sql).all(...(few ? [few.match] : []), ...conditions.flatMap(([, values]) => values), query.limit + 1);
  }

  /**
   * The index through which a query is answered by looking at the fewest documents. In the order asked for it takes about as many as the page has, times
   * all there are, divided by those that have the value; else all that have the value are looked at and sorted.
   */
  private indexFor(query: Query): string {
    const { scope, equals = {}, sort, limit } = query;
    if (Object.keys(equals).length === 0) return indexOf(this.name, 'by', this.spec, sort);
    const asked = JSON.stringify([scope, equals, sort, limit]);
    const known = this.chosen.get(asked);
    if (known !== undefined) return known;
    const index = this.bestIndex(query);
    this.chosen.set(asked, index);
    return index;
  }

  private bestIndex({ scope, equals = {}, sort, limit }: Query): string {
    const { name, spec } = this;
    const all = Number(this.prepared(`SELECT max(rowid) AS last FROM ${name}`).get()?.['last']);
    const few = Math.min(fewHave, Math.floor(Math.sqrt((limit + 1) * all)));
    let best = { index: indexOf(name, 'by', spec, sort), documents: few + 1 };
    for (const [field, value] of Object.entries(equals)) {
      const index = indexOf(name, 'where', spec, field);
      const having = `SELECT 1 FROM ${name} INDEXED BY ${index} WHERE ${columnOf(spec, spec.scope)} = ? AND ${columnOf(spec, field)} = ? LIMIT ?`;
      const count = this.prepared(`SELECT count(*) AS count FROM (${having})`).get(
        scope,
        sortable(kindOf(spec, field), value),
        best.documents,
      );
      const documents = Number(count?.['count']);
      if (documents < best.documents) best = { index, documents };
    }
    return best.index;
  }

  scan(after: string, limit: number): Document[] {
    return this.prepared(`SELECT ${this.documentColumns} FROM ${this.name} WHERE key > ? ORDER BY key LIMIT ?`)
      .all(after, limit)
      .map(documentOf);
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }
}

/** Which documents of a table may hold a text: an index of every three characters that follow one another (SQLite FTS5, trigram tokenizer). */
class SearchIndex {
  private readonly insert: StatementSync;
  private readonly remove: StatementSync;
  private readonly count: StatementSync;
  private readonly sql: string;
  /** How many rows have a trigram. */
  private readonly counts = new LRUCache<string, number>({ max: remembered.trigrams, ttl: remembered.milliseconds });

  constructor(database: DatabaseSync, table: string) {
    this.insert = database.prepare(`INSERT INTO ${table}_search (rowid, ${searchColumn}) VALUES (?, ?)`);
    this.remove = database.prepare(`DELETE FROM ${table}_search WHERE rowid = ?`);
    this.sql = `SELECT rowid AS found FROM ${table}_search WHERE ${table}_search MATCH ?`;
    this.count = database.prepare(`SELECT count(*) AS count FROM (${this.sql} LIMIT ${fewFound + 1})`);
  }

  static create(database: DatabaseSync, table: string): void {
    database.exec(
      `CREATE VIRTUAL TABLE ${table}_search USING fts5(${searchColumn}, content='', contentless_delete=1, detail=none, tokenize='trigram case_sensitive 1')`,
    );
  }
  static drop(database: DatabaseSync, table: string): void {
    database.exec(`DROP TABLE ${table}_search`);
  }

  add(row: number | bigint, text: Sortable | undefined): void {
    this.insert.run(row, text ?? null);
  }
  replace(row: number, text: Sortable | undefined): void {
    this.remove.run(row);
    this.add(row, text);
  }

  /** What finds the rows that may hold a text, as `found`, where they are few; `undefined` where they are many, or the text too short to say. */
  few(text: string): { sql: string; match: string } | undefined {
    const characters = Array.from(text);
    // A query ends at a zero.
    if (characters.length < 3 || characters.includes('\0')) return undefined;
    const all = new Set(characters.slice(2).map((_, index) => characters.slice(index, index + 3).join('')));
    const trigrams = [...all].slice(0, counted);
    // What many have is left out where it can be: it would be read from end to end, and leave out little more.
    const rare = trigrams
      .map((trigram) => ({ trigram, rows: this.rowsWith(trigram) }))
      .filter(({ rows }) => rows <= fewFound)
      .sort((one, other) => one.rows - other.rows)
      .slice(0, rarest)
      .map(({ trigram }) => trigram);
    const match = allOf(rare.length > 0 ? rare : trigrams);
    return rare.length === 0 && this.counted(match) > fewFound ? undefined : { sql: this.sql, match };
  }

  /** How many rows have a trigram, or had not long ago; beyond {@link fewFound} it does not matter. */
  private rowsWith(trigram: string): number {
    const known = this.counts.get(trigram);
    if (known !== undefined) return known;
    const rows = this.counted(allOf([trigram]));
    this.counts.set(trigram, rows);
    return rows;
  }
  private counted(match: string): number {
    return Number(this.count.get(match)?.['count']);
  }
}

function allOf(trigrams: readonly string[]): string {
  return trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ');
}

/** The column of a declared field: numbered, so that no name of a field is ever part of a statement. */
function columnOf(spec: CollectionSpec, field: string): string {
  kindOf(spec, field);
  return `f${Object.keys(spec.fields).indexOf(field)}`;
}

function indexOf(table: string, use: 'by' | 'where' | 'of', spec: CollectionSpec, field: string): string {
  return `${table}_${use}_${columnOf(spec, field)}`;
}

/** A document's body, and what of it is internal. */
type Texts = [body: string, internal: string | null];

function documentOf(row: Record<string, unknown>): Document {
  const { internal } = row;
  const document = { key: String(row['key']), position: Number(row['position']), body: bodyIn(String(row['body'])) };
  return typeof internal === 'string' ? { ...document, internal: bodyIn(internal) } : document;
}
function shownOf(row: Record<string, unknown>): ShownDocument {
  return { key: String(row['key']), version: Number(row['version']), text: String(row['body']) };
}
function sortableIn(value: unknown): Sortable {
  return typeof value === 'number' ? value : String(value);
}
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

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
  findShown(generation: string, collection: string, query: Query): Promise<Page<ShownDocument>> {
    return this.attempt(() => this.table(generation, collection).findShown(query));
  }

  async *scan(generation: string, collection: string): AsyncIterable<Document[]> {
    const table = this.table(generation, collection);
    for (let after = ''; ;) {
      const documents = await this.attempt(() => table.scan(after, scanAtOnce));
      const last = documents.at(-1);
      if (!last) return;
      after = last.key;
      yield documents;
    }
  }

  save(generation: string, save: Save): Promise<void> {
    const { writes, heads, checkpoint } = save;
    return this.attempt(() => {
      const id = this.id(generation);
      this.transact(() => {
        for (const write of writes) this.table(generation, write.collection).write(write);
        const set = this.database.prepare(
          `INSERT INTO heads VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET position = excluded.position, hash = excluded.hash, recorded_at = excluded.recorded_at`,
        );
        for (const [programme, { position, hash, recordedAt }] of heads) set.run(id, programme, position, hash, recordedAt);
        const stored = this.storedCheckpoint(generation);
        if (!follows(stored, save)) throw new StaleWrite('another writer went on from the checkpoint');
        this.database.prepare('UPDATE generations SET checkpoint = ? WHERE id = ?').run(JSON.stringify({ ...stored, ...checkpoint }), id);
      });
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
        const described: unknown = JSON.parse(String(spec));
        if (!isSpec(described)) throw new TypeError('the file of read models describes a collection that is none');
        return { number: Number(number), spec: described };
      });
  }
}

function tableName(generation: number, number: number): string {
  return `g${generation}_c${number}`;
}
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
function headIn(row: Record<string, unknown>): Head {
  return { position: Number(row['position']), hash: String(row['hash']), recordedAt: String(row['recorded_at']) };
}
function isSpec(value: unknown): value is CollectionSpec {
  return typeof value === 'object' && value !== null && 'name' in value && 'fields' in value && 'scope' in value && 'sorts' in value;
}
function checkpointOf(text: string): Checkpoint {
  const parsed: unknown = JSON.parse(text);
  const places = isObject(parsed) ? Object.entries(parsed) : [];
  return Object.fromEntries(places.map(([partition, place]) => [partition, Number(place)]));
}
