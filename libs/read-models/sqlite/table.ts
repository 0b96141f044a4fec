import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { bodyIn, checkLookup, cursorAfter, kindOf, type Sortable } from '../find.js';
import {
  StaleWrite,
  type CollectionSpec,
  type Conditions,
  type Count,
  type Document,
  type JsonObject,
  type Page,
  type Query,
  type ScannedDocument,
  type ShownDocument,
  type Write,
} from '../ports.js';
import { AccessPaths, indexOf } from './access-paths.js';
import { columnOf, searchColumn } from './conditions.js';
import { RowFinder } from './row-finder.js';
import { rowMaker, type Row } from './rows.js';
import { SearchIndex } from './search-index.js';
import { SetIndex } from './set-index.js';

/** Prepared statements that a table keeps: there is one for each form of a query. */
const statementsKept = 200;

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
  readonly searched: SearchIndex | undefined;
  readonly sets: SetIndex | undefined;
  private readonly scopeIndex: number;
  private readonly finder: RowFinder;
  private readonly statements = new LRUCache<string, StatementSync>({ max: statementsKept });

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
    this.scopeIndex = Object.keys(spec.fields).indexOf(spec.scope);
    const sets = setFieldsOf(spec);
    if (sets.length > 0) this.sets = new SetIndex(database, name, sets);
    const prepared = (sql: string) => this.prepared(sql);
    this.finder = new RowFinder(name, spec, new AccessPaths(name, spec, this, prepared), prepared);
  }

  /**
   * Creates the table with its indexes: one for each sort, led by the scope and any field that divides it, one for each other filter, led by the scope, one
   * for each look-up, and those of sets and search.
   */
  static create(database: DatabaseSync, name: string, spec: CollectionSpec): void {
    const types = { text: 'TEXT', money: 'TEXT', integer: 'INTEGER', number: 'REAL', flag: 'INTEGER', set: 'TEXT' } as const;
    const fields = Object.values(spec.fields).map((kind, index) => `, f${index} ${types[kind]} NOT NULL`);
    if (spec.search !== undefined) fields.push(`, ${searchColumn} TEXT NOT NULL`);
    database.exec(
      `CREATE TABLE ${name} (key TEXT PRIMARY KEY, position INTEGER NOT NULL${fields.join('')}, body TEXT NOT NULL, internal TEXT) STRICT`,
    );
    const { dividedBy } = spec;
    const scope = columnOf(spec, spec.scope);
    for (const sort of spec.sorts) {
      const part = dividedBy?.sorts.includes(sort) ? `, ${columnOf(spec, dividedBy.field)}` : '';
      database.exec(`CREATE INDEX ${indexOf(name, 'by', spec, sort)} ON ${name} (${scope}${part}, ${columnOf(spec, sort)}, key)`);
    }
    const indexed = new Set([...spec.sorts, dividedBy?.field]);
    for (const field of spec.filters.filter((one) => kindOf(spec, one) !== 'set' && !indexed.has(one)))
      database.exec(`CREATE INDEX ${indexOf(name, 'where', spec, field)} ON ${name} (${scope}, ${columnOf(spec, field)})`);
    for (const field of spec.lookups ?? [])
      database.exec(`CREATE INDEX ${indexOf(name, 'of', spec, field)} ON ${name} (${columnOf(spec, field)}, position)`);
    if (spec.search !== undefined) SearchIndex.create(database, name);
    if (setFieldsOf(spec).length > 0) SetIndex.create(database, name);
  }

  static drop(database: DatabaseSync, name: string, spec: CollectionSpec): void {
    database.exec(`DROP TABLE ${name}`);
    if (spec.search !== undefined) SearchIndex.drop(database, name);
    if (setFieldsOf(spec).length > 0) SetIndex.drop(database, name);
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
    if (changes === 1) {
      this.searched?.add(lastInsertRowid, String(values.at(-1)));
      this.sets?.add(lastInsertRowid, values[this.scopeIndex] ?? '', values);
    }
    return changes === 1;
  }

  /** Sets only the columns that differ: SQLite doesn't touch an index whose columns an update does not name. */
  private update(key: string, replaces: number, position: number, texts: Texts, values: readonly Sortable[]): boolean {
    const read: unknown = this.fieldsOf.get(key, replaces);
    if (!Array.isArray(read)) return false;
    const known = read.map(sortableIn);
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
    this.sets?.replace(row, { before: known[this.scopeIndex] ?? '', after: values[this.scopeIndex] ?? '' }, known, values);
    return true;
  }

  find(query: Query): Page {
    return this.page(query, this.documentColumns, documentOf);
  }
  findShown(query: Query): Page<ShownDocument> {
    return this.page(query, this.shownColumns, shownOf);
  }

  private page<D>(query: Query, columns: string, documentIn: (row: Record<string, unknown>) => D): Page<D> {
    const { rows, next } = this.finder.rows(query, columns);
    const cursor = next && cursorAfter(this.spec, query, { value: sortableIn(next['sorted']), key: String(next['key']) });
    return { documents: rows.map(documentIn), ...(cursor !== undefined && { cursor }) };
  }

  /** Counts rows. It examines at most `most` rows of the index that it begins with. */
  count(conditions: Conditions, most: number): Count {
    return this.finder.count(conditions, most);
  }

  scan(after: string, limit: number): ScannedDocument[] {
    const columns = [this.documentColumns, ...this.columns].join(', ');
    return this.prepared(`SELECT ${columns} FROM ${this.name} WHERE key > ? ORDER BY key LIMIT ?`)
      .all(after, limit)
      .map((row) => ({ ...documentOf(row), comparedBy: this.columns.map((column) => sortableIn(row[column])) }));
  }

  /** The key of the first document whose entries in a side index are not those of its columns. */
  firstMisindexed(): string | undefined {
    const row = this.searched?.firstDifference(this.texts()) ?? this.sets?.firstDifference(this.setTexts());
    return row === undefined ? undefined : String(this.prepared(`SELECT key FROM ${this.name} WHERE rowid = ?`).get(row)?.['key']);
  }
  private *texts(): Iterable<{ row: number; text: string }> {
    for (const { row, text } of this.prepared(`SELECT rowid AS row, ${searchColumn} AS text FROM ${this.name}`).iterate())
      yield { row: Number(row), text: String(text) };
  }

  private *setTexts(): Iterable<{ row: number; scope: string; values: Sortable[] }> {
    for (const row of this.prepared(`SELECT rowid AS row, ${this.columns.join(', ')} FROM ${this.name}`).iterate())
      yield {
        row: Number(row['row']),
        scope: String(row[columnOf(this.spec, this.spec.scope)]),
        values: this.columns.map((column) => sortableIn(row[column])),
      };
  }

  private prepared(sql: string): StatementSync {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }
}

function setFieldsOf({ fields }: CollectionSpec): number[] {
  return Object.values(fields).flatMap((kind, number) => (kind === 'set' ? [number] : []));
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
