import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import {
  bodyIn,
  boundsOf,
  checkLookup,
  checkQuery,
  cursorAfter,
  kindOf,
  searchable,
  sortable,
  type Bound,
  type Sortable,
} from '../find.js';
import {
  StaleWrite,
  type CollectionSpec,
  type Document,
  type JsonObject,
  type Page,
  type Query,
  type ScannedDocument,
  type ShownDocument,
  type Write,
} from '../ports.js';
import { rowMaker, type Row } from './rows.js';
import { SearchIndex } from './search-index.js';

/** Holds the searched text in its {@link searchable} form. */
const searchColumn = 'searched';
/** The most documents with a value that a query reads and sorts. */
const fewHave = 5_000;
/** Size and time to live (ms) of the cache of index choices: the counting for a choice may take longer than reading a page. */
const remembered = { max: 1_000, ttl: 60_000 } as const;

/** A condition of a statement, and the values of its parameters. */
type Condition = [sql: string, values: SQLInputValue[]];

/** One collection of one generation: its table, and the statements prepared for it. */
export class Table {
  readonly rowOf: (write: Write) => Row;
  private readonly columns: readonly string[];
  private readonly documentColumns: string;
  private readonly shownColumns: string;
  private readonly select: StatementSync;
  private readonly selectShown: StatementSync;
  private readonly insert: StatementSync;
  private readonly fieldsOf: StatementSync;
  private readonly searched: SearchIndex | undefined;
  private readonly statements = new Map<string, StatementSync>();
  /** The best index by query. */
  private readonly chosen = new LRUCache<string, string>(remembered);

  constructor(
    private readonly database: DatabaseSync,
    readonly name: string,
    readonly spec: CollectionSpec,
  ) {
    this.rowOf = rowMaker(spec);
    this.columns = [
      ...Object.keys(spec.fields).map((field) => columnOf(spec, field)),
      ...(spec.search === undefined ? [] : [searchColumn]),
    ];
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

  /** Creates the table with its indexes: one for each sort and each filter, led by the scope, and one for each look-up. */
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

  /** Merges the search index, which makes searches faster after many writes. */
  mergeSearchIndex(): void {
    this.searched?.merge();
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

  /** @throws {StaleWrite} the stored document is not the one that the row was folded from */
  write({ key, position, replaces, body, internal, values }: Row): void {
    const texts: Texts = [body, internal];
    const written = replaces === undefined ? this.add(key, position, texts, values) : this.update(key, replaces, position, texts, values);
    if (!written) throw new StaleWrite(`${this.spec.name} ${key} is not the document it was folded from`);
  }

  private add(key: string, position: number, texts: Texts, values: readonly Sortable[]): boolean {
    const { changes, lastInsertRowid } = this.insert.run(key, position, ...texts, ...values);
    if (changes === 1) this.searched?.add(lastInsertRowid, String(values.at(-1)));
    return changes === 1;
  }

  /** Sets only the columns that differ: SQLite doesn't touch an index whose columns an update does not name. */
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
    if (this.searched && known[last] !== values[last]) this.searched.replace(row, String(values[last]));
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

  /** The rows of a page, and the first row of the next. */
  private rows(query: Query, columns: string): Record<string, unknown>[] {
    const { spec } = this;
    checkQuery(spec, query);
    const sort = columnOf(spec, query.sort);
    const { search, descending = false } = query;
    const conditions: Condition[] = [
      [`${columnOf(spec, spec.scope)} = ?`, [query.scope]],
      ...Object.entries(query.equals ?? {}).map(([field, value]): Condition => [
        `${columnOf(spec, field)} = ?`,
        [sortable(kindOf(spec, field), value)],
      ]),
    ];
    const { lower, upper } = boundsOf(spec, query);
    if (lower) conditions.push(this.within(sort, '>', lower));
    if (upper) conditions.push(this.within(sort, '<', upper));
    if (search !== undefined) conditions.push([`instr(${searchColumn}, ?) > 0`, [searchable(search)]]);
    const few = search === undefined ? undefined : this.searched?.few(searchable(search));
    const direction = descending ? 'DESC' : 'ASC';
    // SQLite never reorders a cross join, so it reads only the rows that the search index finds.
    const from = few
      ? `(${few.sql}) AS few CROSS JOIN ${this.name} ON ${this.name}.rowid = few.found`
      : `${this.name} INDEXED BY ${this.indexFor(query)}`;
    const sql = `SELECT ${columns}, ${sort} AS sorted FROM ${from} WHERE ${conditions.map(([condition]) => condition).join(' AND ')}
      ORDER BY ${sort} ${direction}, ${this.name}.key ${direction} LIMIT ?`;
    return this.prepared(sql).all(...(few ? [few.match] : []), ...conditions.flatMap(([, values]) => values), query.limit + 1);
  }

  private within(sort: string, direction: '>' | '<', bound: Bound): Condition {
    if (bound.equal === 'beyond') return [`(${sort}, ${this.name}.key) ${direction} (?, ?)`, [bound.value, bound.key]];
    return [`${sort} ${direction}${bound.equal === 'all' ? '=' : ''} ?`, [bound.value]];
  }

  /**
   * The index with which a query reads the fewest documents. The index of the sort reads about the page's size times all documents, divided by those with the
   * value. The index of a filter reads and sorts all documents with the value.
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

  scan(after: string, limit: number): ScannedDocument[] {
    const columns = [this.documentColumns, ...this.columns].join(', ');
    return this.prepared(`SELECT ${columns} FROM ${this.name} WHERE key > ? ORDER BY key LIMIT ?`)
      .all(after, limit)
      .map((row) => ({ ...documentOf(row), comparedBy: this.columns.map((column) => sortableIn(row[column])) }));
  }

  /** The key of the first document whose entries in the search index are not those of its text. */
  firstMisindexed(): string | undefined {
    const row = this.searched?.firstDifference(this.texts());
    return row === undefined ? undefined : String(this.prepared(`SELECT key FROM ${this.name} WHERE rowid = ?`).get(row)?.['key']);
  }
  private *texts(): Iterable<{ row: number; text: string }> {
    for (const { row, text } of this.prepared(`SELECT rowid AS row, ${searchColumn} AS text FROM ${this.name}`).iterate())
      yield { row: Number(row), text: String(text) };
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }
}

/** The column of a declared field: numbered, so that a field's name is never part of a statement. */
function columnOf(spec: CollectionSpec, field: string): string {
  kindOf(spec, field);
  return `f${Object.keys(spec.fields).indexOf(field)}`;
}

function indexOf(table: string, use: 'by' | 'where' | 'of', spec: CollectionSpec, field: string): string {
  return `${table}_${use}_${columnOf(spec, field)}`;
}

/** The texts of a document's body and its internal part. */
type Texts = [body: string, internal: string | null];

function documentOf(row: Record<string, unknown>): Document {
  const { internal } = row;
  const key = String(row['key']);
  const document = { key, position: Number(row['position']), body: objectIn(key, String(row['body'])) };
  return typeof internal === 'string' ? { ...document, internal: objectIn(key, internal) } : document;
}
/** @throws {SyntaxError} the text is not a JSON object; the message names the document */
function objectIn(key: string, text: string): JsonObject {
  try {
    return bodyIn(text);
  } catch (cause) {
    throw new SyntaxError(`the document ${key} is not a JSON object`, { cause });
  }
}
function shownOf(row: Record<string, unknown>): ShownDocument {
  return { key: String(row['key']), version: Number(row['version']), text: String(row['body']) };
}
function sortableIn(value: unknown): Sortable {
  return typeof value === 'number' ? value : String(value);
}
