/** Finds the rows of a table's pages, and counts rows, by indexes alone. */
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { examinedAtMost } from '../examined.js';
import { boundsOf, checkConditions, checkQuery } from '../find.js';
import type { CollectionSpec, Conditions, Count, Query } from '../ports.js';
import type { AccessPaths, Start } from './access-paths.js';
import { allOf, beyond, columnOf, conditionsOf, inScope, partConditions, valuesIn, type Condition } from './conditions.js';

/** The rows of a page, and the last position that it looked at if there may be more. */
export type Rows = { rows: Record<string, unknown>[]; next: Record<string, unknown> | undefined };

/** The conditions of a query that its start leaves, and the ends of its page. */
type Asked = {
  readonly query: Query;
  readonly columns: string;
  readonly others: readonly Condition[];
  readonly bounds: readonly Condition[];
};

export class RowFinder {
  constructor(
    private readonly name: string,
    private readonly spec: CollectionSpec,
    private readonly paths: AccessPaths,
    private readonly prepared: (sql: string) => StatementSync,
  ) {}

  /** The rows of a page with some columns, and `sorted`, the value that they are sorted by. @throws {BadCursor} @throws {UndeclaredField} */
  rows(query: Query, columns: string): Rows {
    checkQuery(this.spec, query);
    const start = this.paths.startOf(query);
    const asked = { query, columns, bounds: this.boundsOf(query) };
    const others = othersOf(this.spec, query, start);
    // A page before may have found too few in the order of its sort.
    const known = start.inOrder && others.length > 0 ? this.paths.knownStartAtFew(query, examinedAtMost) : start;
    if (known && !known.inOrder) return this.rowsAtOnce(known, { ...asked, others: othersOf(this.spec, query, known) });
    const { rows, next, last } = this.rowsInOrder(start, { ...asked, others });
    if (!last) return { rows, next };
    const few = rows.length < query.limit ? this.paths.startAtFew(query, examinedAtMost) : undefined;
    return few ? this.rowsAtOnce(few, { ...asked, others: othersOf(this.spec, query, few) }) : { rows, next: last() };
  }

  /** Counts rows. It examines at most `most` rows of the index that it begins with. */
  count(conditions: Conditions, most: number): Count {
    const { spec } = this;
    checkConditions(spec, conditions);
    const start = this.paths.startOf({ ...conditions, sort: spec.sorts[0] ?? spec.scope, limit: most });
    const { from, values, meets } = start;
    const others = othersOf(spec, conditions, start);
    const columns = ['1', ...new Set(others.map(({ column }) => column))].join(', ');
    const examined = `SELECT ${columns} FROM ${from}${meets.length > 0 ? ` WHERE ${allOf(meets)}` : ''} LIMIT ?`;
    const sql = `SELECT count(*) AS examined${others.length > 0 ? `, count(*) FILTER (WHERE ${allOf(others)}) AS found` : ''} FROM (${examined})`;
    const row = this.prepared(sql).get(...valuesIn(others), ...values, ...valuesIn(meets), most + 1);
    const seen = Number(row?.['examined']);
    const found = others.length > 0 ? Number(row?.['found']) : seen;
    return { documents: Math.min(found, most), isExact: seen <= most };
  }

  /** The ends of a page in the order of its query. */
  private boundsOf(query: Query): Condition[] {
    const sort = columnOf(this.spec, query.sort);
    const { lower, upper } = boundsOf(this.spec, query);
    return [...(lower ? [beyond(this.name, sort, '>', lower)] : []), ...(upper ? [beyond(this.name, sort, '<', upper)] : [])];
  }

  /** All rows that the start leads to, of which there are few, sorted. */
  private rowsAtOnce({ from, values, meets }: Start, { query, columns, others, bounds }: Asked): Rows {
    const sort = columnOf(this.spec, query.sort);
    const all = [...meets, ...others, ...bounds];
    const sql = `SELECT ${columns}, ${sort} AS sorted FROM ${from} WHERE ${allOf(all)} ${orderOf(query, sort, `${this.name}.key`)} LIMIT ?`;
    return pageIn(this.prepared(sql).all(...values, ...valuesIn(all), query.limit + 1), query.limit);
  }

  /**
   * The rows in the order of the query: a page, or those among the next {@link examinedAtMost} that meet its other conditions. In the second case, `last`
   * reads the last position that it looked at.
   */
  private rowsInOrder({ from }: Start, { query, columns, others, bounds }: Asked): Rows & { last?: () => Rows['next'] } {
    const { spec, name } = this;
    const sort = columnOf(spec, query.sort);
    // SQLite goes through an index in order where its leading columns have one value each: through each part by itself, merged as it is read.
    const parts = (partConditions(spec, query.sort, query) ?? [undefined]).map((part) => [
      inScope(spec, query),
      ...(part ? [part] : []),
      ...bounds,
    ]);
    if (parts.length === 0) return { rows: [], next: undefined };
    const inParts = parts.map(
      (met) => `SELECT ${name}.rowid AS seen, ${sort} AS sorted, ${name}.key AS key FROM ${from} WHERE ${allOf(met)}`,
    );
    const merged = `${inParts.join(' UNION ALL ')} ${orderOf(query, 'sorted', 'key')} LIMIT ?`;
    const values: SQLInputValue[] = parts.flatMap(valuesIn);
    const { limit } = query;
    // SQLite never reorders a cross join, so the rows keep the order of the query.
    const sql = `SELECT ${columns}, sorted FROM (${merged}) AS examined CROSS JOIN ${name} ON ${name}.rowid = examined.seen
      ${others.length > 0 ? `WHERE ${allOf(others)} ` : ''}LIMIT ?`;
    const examined = others.length > 0 ? examinedAtMost : limit + 1;
    const rows = this.prepared(sql).all(...values, examined, ...valuesIn(others), limit + 1);
    if (rows.length > limit || others.length === 0) return pageIn(rows, limit);
    return { rows, next: undefined, last: () => this.prepared(`${merged} OFFSET ?`).get(...values, 1, examinedAtMost - 1) };
  }
}

/** The conditions of a query that its start does not meet by itself. */
function othersOf(spec: CollectionSpec, conditions: Conditions, { meets }: Start): Condition[] {
  return conditionsOf(spec, conditions).filter(({ sql }) => !meets.some((met) => met.sql === sql));
}

function orderOf({ descending }: Query, sort: string, key: string): string {
  const direction = descending ? 'DESC' : 'ASC';
  return `ORDER BY ${sort} ${direction}, ${key} ${direction}`;
}

function pageIn(rows: Record<string, unknown>[], limit: number): Rows {
  return { rows: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1] : undefined };
}
