/** The index that a query begins with. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { choicesKept, fewAmong } from '../examined.js';
import { kindOf, searchable, valuesOf } from '../find.js';
import type { CollectionSpec, Conditions, Query } from '../ports.js';
import { allOf, columnOf, filterOf, inScope, valuesIn, type Condition } from './conditions.js';
import type { SearchIndex } from './search-index.js';
import type { SetIndex } from './set-index.js';

/** Where a query begins: an index of the table or the rows of a side index, with the conditions that it meets by itself. */
export type Start = {
  readonly from: string;
  readonly values: readonly SQLInputValue[];
  readonly meets: readonly Condition[];
  /** Whether it gives all documents of the scope in the order of the query. */
  readonly inOrder: boolean;
};
/** The side indexes of a table. */
export type SideIndexes = { readonly searched: SearchIndex | undefined; readonly sets: SetIndex | undefined };

/** Chooses, for each query of a table, the index with which it reads the fewest documents. */
export class AccessPaths {
  /** The best filter to begin with by query; null if the index of the sort is best. */
  private readonly chosen = new LRUCache<string, { filter: string | null }>(choicesKept);

  constructor(
    private readonly name: string,
    private readonly spec: CollectionSpec,
    private readonly side: SideIndexes,
    private readonly prepared: (sql: string) => StatementSync,
  ) {}

  /** Where a query begins. */
  startOf(query: Query): Start {
    const { search } = query;
    const few = search === undefined ? undefined : this.side.searched?.few(searchable(search));
    if (few) return this.startAtRows({ sql: few.sql, values: [few.match] }, []);
    const filter = this.filterToBeginWith(query);
    if (filter === undefined)
      return {
        from: `${this.name} INDEXED BY ${indexOf(this.name, 'by', this.spec, query.sort)}`,
        values: [],
        meets: [inScope(this.spec, query)],
        inOrder: true,
      };
    const condition = filterOf(this.spec, query, filter);
    if (kindOf(this.spec, filter) === 'set' && this.side.sets)
      return this.startAtRows(this.side.sets.rows(this.numberOf(filter), String(query.scope), membersOf(query, filter)), [
        inScope(this.spec, query),
        condition,
      ]);
    const index = filterIndexOf(this.name, this.spec, filter);
    return { from: `${this.name} INDEXED BY ${index}`, values: [], meets: [inScope(this.spec, query), condition], inOrder: false };
  }

  /** Begins at the rows that a side index finds. SQLite never reorders a cross join, so it reads only those rows. */
  private startAtRows({ sql, values }: { sql: string; values: readonly SQLInputValue[] }, meets: readonly Condition[]): Start {
    return { from: `(${sql}) AS few CROSS JOIN ${this.name} ON ${this.name}.rowid = few.found`, values, meets, inOrder: false };
  }

  /** The filter whose index a query reads, if it reads fewer documents so than by the index of its sort. */
  private filterToBeginWith(query: Query): string | undefined {
    const { scope, equals = {}, within = {}, sort, limit } = query;
    const fields = Object.keys({ ...equals, ...within });
    if (fields.length === 0) return undefined;
    const asked = JSON.stringify([scope, equals, within, sort, limit]);
    const known = this.chosen.get(asked) ?? { filter: this.bestFilter(query, fields) ?? null };
    this.chosen.set(asked, known);
    return known.filter ?? undefined;
  }

  private bestFilter(query: Query, fields: readonly string[]): string | undefined {
    const all = Number(this.prepared(`SELECT max(rowid) AS last FROM ${this.name}`).get()?.['last']);
    const few = fewAmong(all, query.limit);
    let [best, least]: [string | undefined, number] = [undefined, few + 1];
    for (const field of fields) {
      const documents = this.countOf(query, field, least);
      if (documents < least) [best, least] = [field, documents];
    }
    return best;
  }

  /** The number of documents that meet one filter, counted up to `most`. */
  private countOf(query: Query, field: string, most: number): number {
    if (kindOf(this.spec, field) === 'set')
      return this.side.sets?.rowsWith(this.numberOf(field), String(query.scope), membersOf(query, field), most) ?? most;
    const conditions = [inScope(this.spec, query), filterOf(this.spec, query, field)];
    const having = `SELECT 1 FROM ${this.name} INDEXED BY ${filterIndexOf(this.name, this.spec, field)} WHERE ${allOf(conditions)} LIMIT ?`;
    return Number(this.prepared(`SELECT count(*) AS count FROM (${having})`).get(...valuesIn(conditions), most)?.['count']);
  }

  private numberOf(field: string): number {
    return Object.keys(this.spec.fields).indexOf(field);
  }
}

/** The members of a set of which a query wants one. */
function membersOf({ equals = {} }: Conditions, field: string): string[] {
  const wanted = equals[field];
  return wanted === undefined ? [] : valuesOf(wanted).map(String);
}

/** The name of a table's index: `by` a sort, `where` a filter has a value, or `of` a look-up. */
export function indexOf(table: string, use: 'by' | 'where' | 'of', spec: CollectionSpec, field: string): string {
  return `${table}_${use}_${columnOf(spec, field)}`;
}

/** The index that serves a filter: that of the sort by the same field, if there is one. */
function filterIndexOf(table: string, spec: CollectionSpec, field: string): string {
  return indexOf(table, spec.sorts.includes(field) ? 'by' : 'where', spec, field);
}
