/** The index that a query begins with. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';
import { choicesKept, fewAmong } from '../examined.js';
import { choiceOf, filtersBesideSort, kindOf, searchable, valuesOf } from '../find.js';
import type { CollectionSpec, Conditions, Query } from '../ports.js';
import { allOf, columnOf, filterOf, inParts, inScope, valuesIn, type Condition } from './conditions.js';
import type { SearchIndex } from './search-index.js';
import type { SetIndex } from './set-index.js';

/** Where a query begins: an index of the table or the rows of a side index, with the conditions that it meets by itself. */
export type Start = {
  readonly from: string;
  readonly values: readonly SQLInputValue[];
  readonly meets: readonly Condition[];
  /** Whether each part of it gives all documents in the order of the query. */
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
    return filter === undefined ? this.startInOrder(query) : this.startAtFilter(query, filter);
  }

  /** Where a query begins that finds too little in the order of its sort: at the filter that finds the fewest documents, if they are at most `most`. */
  startAtFew(query: Query, most: number): Start | undefined {
    const filter = this.leastFilter(query, most);
    return filter === undefined ? undefined : this.startAtFilter(query, filter);
  }

  /** The same, if it was chosen a short time ago. */
  knownStartAtFew(query: Query, most: number): Start | undefined {
    const filter = this.chosen.get(choiceOf(query, most))?.filter ?? undefined;
    return filter === undefined ? undefined : this.startAtFilter(query, filter);
  }

  private startInOrder(query: Query): Start {
    const { spec, name } = this;
    const { scope, sort, within = {} } = query;
    const divided = inParts(spec, sort, query);
    const ranged = within[sort] !== undefined;
    return {
      from: `${name} INDEXED BY ${indexOf(name, 'by', spec, sort)}`,
      values: [],
      meets: [inScope(spec, query), ...(divided ? [divided] : []), ...(ranged ? [filterOf(spec, { scope, within }, sort)] : [])],
      inOrder: true,
    };
  }

  private startAtFilter(query: Query, filter: string): Start {
    const meets = this.conditionsWith(query, filter);
    if (kindOf(this.spec, filter) === 'set' && this.side.sets)
      return this.startAtRows(this.side.sets.rows(this.numberOf(filter), String(query.scope), membersOf(query, filter)), meets);
    const index = filterIndexOf(this.name, this.spec, filter);
    return { from: `${this.name} INDEXED BY ${index}`, values: [], meets, inOrder: false };
  }

  /** The conditions with which a query reads the index of a filter. */
  private conditionsWith(query: Query, filter: string): Condition[] {
    const { spec } = this;
    const divided = inParts(spec, filter, query);
    return [inScope(spec, query), ...(divided ? [divided] : []), filterOf(spec, query, filter)];
  }

  /** Begins at the rows that a side index finds. SQLite never reorders a cross join, so it reads only those rows. */
  private startAtRows({ sql, values }: { sql: string; values: readonly SQLInputValue[] }, meets: readonly Condition[]): Start {
    return { from: `(${sql}) AS few CROSS JOIN ${this.name} ON ${this.name}.rowid = few.found`, values, meets, inOrder: false };
  }

  /** The filter whose index a query reads, if it reads fewer documents so than by the index of its sort. */
  private filterToBeginWith(query: Query): string | undefined {
    if (filtersBesideSort(this.spec, query).length === 0) return undefined;
    const all = Number(this.prepared(`SELECT max(rowid) AS last FROM ${this.name}`).get()?.['last']);
    return this.leastFilter(query, fewAmong(all, query.pageLimit ?? query.limit));
  }

  /** The filter that finds the fewest documents, if they are at most `most`. */
  private leastFilter(query: Query, most: number): string | undefined {
    const asked = choiceOf(query, most);
    const known = this.chosen.get(asked) ?? { filter: this.countedLeast(query, most) ?? null };
    this.chosen.set(asked, known);
    return known.filter ?? undefined;
  }
  private countedLeast(query: Query, most: number): string | undefined {
    let [best, least]: [string | undefined, number] = [undefined, most + 1];
    for (const field of filtersBesideSort(this.spec, query)) {
      const documents = this.countOf(query, field, least);
      if (documents < least) [best, least] = [field, documents];
    }
    return best;
  }

  /** The number of documents that meet one filter, counted up to `most`. */
  private countOf(query: Query, field: string, most: number): number {
    if (kindOf(this.spec, field) === 'set')
      return this.side.sets?.rowsWith(this.numberOf(field), String(query.scope), membersOf(query, field), most) ?? most;
    const conditions = this.conditionsWith(query, field);
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

/** The index that serves a filter: that of the sort by the same field or of one that it divides, if there is one. */
function filterIndexOf(table: string, spec: CollectionSpec, field: string): string {
  const { sorts, dividedBy } = spec;
  if (field === dividedBy?.field) return indexOf(table, 'by', spec, dividedBy.sorts[0]);
  return indexOf(table, sorts.includes(field) ? 'by' : 'where', spec, field);
}
